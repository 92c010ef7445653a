"""Answering practice questions: at once through htmx, by a plain form without."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.http import require_POST

from courses.actions.learning import answer_practice
from courses.errors import NotEnrolled
from courses.models import Enrolment, Lesson, LessonPage
from courses.practice import questions_of, shown
from courses.queries import enrolment_of, missing_prerequisites, page_of_lesson
from courses.views.language import asked_language


@require_POST
def answer(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Judge one answer. Learners' answers are kept; a visitor of the sample lesson is told, and nothing is kept."""
    language = asked_language(request)
    lesson = get_object_or_404(Lesson.objects.select_related("course"), code=code)
    page = page_of_lesson(lesson, language)
    question = questions_of(page).get(key) if page else None
    if page is None or question is None:
        raise Http404
    sent = request.POST.getlist("answer")
    with translation.override(language):
        place = _learning_place(request, lesson)
        if place is not None:
            given = answer_practice(place, lesson, key, sent, language=language).answer
            if not request.htmx:  # type: ignore[attr-defined]
                return redirect(f"{page.url}#{key}")
        else:
            given = question.read(sent)
        context = {"page": page, "lesson": lesson, "shown": shown(question, given), "enrolment": place}
        return _answered(request, page, context)


def _learning_place(request: HttpRequest, lesson: Lesson) -> Enrolment | None:
    """The place the answer counts for; None for a visitor of the sample. Others are refused."""
    place = enrolment_of(request.user, lesson.course)
    if place is not None and not (
        place.status == Enrolment.Status.ACTIVE and missing_prerequisites(request.user, lesson.course)
    ):
        return place
    if lesson.course.lessons.filter(position__lt=lesson.position).exists():
        raise NotEnrolled
    return None


def _answered(request: HttpRequest, page: LessonPage, context: dict[str, object]) -> HttpResponse:
    name = "courses/_practice.html" if request.htmx else "courses/practice_answered.html"  # type: ignore[attr-defined]
    response = render(request, name, context)
    response["Cache-Control"] = "no-store"
    return response
