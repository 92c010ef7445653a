"""Where competences are taught."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.urls import reverse

from courses.models import Lesson


def lessons_teaching(competence_ids: Iterable[int]) -> dict[int, list[dict[str, str]]]:
    """{competence id: [{"title", "link"}]}: lessons somebody can open, in the order of their courses; two queries."""
    wanted = set(competence_ids)
    lessons = Lesson.objects.filter(competences__in=wanted, pages__live=True).distinct().order_by("course__code", "position")
    found: dict[int, list[dict[str, str]]] = defaultdict(list)
    for lesson in lessons.prefetch_related("competences"):
        for competence in lesson.competences.all():
            if competence.pk in wanted:
                found[competence.pk].append({"title": lesson.name, "link": reverse("courses:lesson", args=[lesson.code])})
    return dict(found)
