"""Which corrections of keys are in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from exams.corrections import Correction
from exams.models import PaperItem, Remark


def corrections_in_force(items: Iterable[PaperItem]) -> dict[int, Correction]:
    """{version id: the newest committed correction}; one query."""
    committed = Remark.objects.filter(status=Remark.Status.COMMITTED, version__in=[item.version_id for item in items])
    return {remark.version_id: correction_of(remark) for remark in committed.order_by("decided_at", "pk")}


def correction_of(remark: Remark) -> Correction:
    return Correction(remark.kind, tuple(remark.keys))


def with_proposed(corrections: Mapping[int, Correction], remark: Remark) -> dict[int, Correction]:
    """As scoring would have it were the re-mark committed."""
    return {**corrections, remark.version_id: correction_of(remark)}
