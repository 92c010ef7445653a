"""What a person has sat before."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from exams.models import Attempt, Exam, Paper, PaperItem, Registration, Result, RetakeException
from exams.rules.retakes import Earlier, Overlap


def earlier_attempts(candidate: User, exam: Exam, *, but: Registration | None = None) -> list[Earlier]:
    """Attempts at this exam, newest first, rehearsals and one registration left out. One query."""
    attempts = _sat_by(candidate, but).filter(registration__sitting__exam=exam).order_by("-started_at")
    released = Result.Status.RELEASED
    return [
        Earlier(started_at, submitted_at, outcome if status == released else "")
        for started_at, submitted_at, status, outcome in attempts.values_list(
            "started_at", "submitted_at", "result__status", "result__outcome"
        )
    ]


def overlap_with_earlier(candidate: User, paper: Paper, *, but: Registration | None = None) -> Overlap:
    """The paper's items that were in any paper this person has sat, whatever the exam or the version. Two queries."""
    sat = set(_sat_by(candidate, but).values_list("paper", flat=True))
    met = PaperItem.objects.filter(paper__in=sat).values("version__item")
    counts = PaperItem.objects.filter(paper=paper).aggregate(
        seen=Count("pk", filter=Q(version__item__in=met)), total=Count("pk")
    )
    return Overlap(counts["seen"], counts["total"], paper.pk in sat)


def _sat_by(candidate: User, but: Registration | None) -> QuerySet[Attempt]:
    attempts = Attempt.objects.filter(registration__candidate=candidate, registration__sitting__is_rehearsal=False)
    return attempts.exclude(registration=but) if but is not None and but.pk else attempts


def exception_for(candidate: User, exam: Exam, registration: Registration | None) -> RetakeException | None:
    """The exception this registration uses, or one not used yet; one of a cancelled registration is free again."""
    free = Q(registration=None) | Q(registration__status=Registration.Status.CANCELLED)
    if registration is not None and registration.pk:
        free |= Q(registration=registration)
    return RetakeException.objects.filter(free, exam=exam, candidate=candidate).order_by("pk").first()


def exams_with_rules() -> QuerySet[Exam]:
    return Exam.objects.select_related("blueprint").order_by("code")


def exceptions() -> QuerySet[RetakeException]:
    return RetakeException.objects.select_related("exam", "candidate", "granted_by", "registration__sitting")
