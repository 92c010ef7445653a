"""What check_integrity looks at in the room beside the answers: sections and late bundles."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F

from common.integrity import Violation, invariant
from exams.actions.late import digest_of
from exams.models import AttemptSection, LateBundle, Response
from exams.saving import shapes_of


@invariant(1, "a late bundle is what was received")
def late_bundles_are_whole() -> Iterator[Violation]:
    for bundle in LateBundle.objects.select_related("attempt").iterator():
        if digest_of(bundle.attempt, bundle.answers) != bundle.sha256:
            yield Violation(f"late bundle {bundle.pk}", "its answers are not those of its digest")


@invariant(3, "nothing is answered in a section after it was left or its time was over")
def sections_were_kept() -> Iterator[Violation]:
    """Every stored answer of a paper with section rules lies within its section's time; rows without rules cost nothing."""
    ruled = AttemptSection.objects.values("attempt").distinct()
    answers = Response.objects.filter(attempt__in=ruled).select_related("attempt__paper")
    rows = {(row.attempt_id, row.number): row for row in AttemptSection.objects.all()}
    for answer in answers.annotate(uuid=F("attempt__paper__uuid")).iterator():
        number = shapes_of(str(answer.uuid), answer.attempt.language).sections.get(answer.position)
        row = rows.get((answer.attempt_id, number)) if number else None
        if row is None:
            yield Violation(f"response {answer.pk}", "its section was never opened")
            continue
        ends = [moment for moment in (row.left_at, row.accept_until) if moment is not None]
        if answer.saved_at < row.opened_at or any(answer.saved_at > moment for moment in ends):
            yield Violation(f"response {answer.pk}", "it was stored while its section was not open")
