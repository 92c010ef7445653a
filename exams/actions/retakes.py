"""Sitting an exam again: the rules of an exam, who is refused by them, and exceptions."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from exams.errors import NotYourBank, RetakeRulesInvalid
from exams.models import Exam, Registration, RetakeException, Sitting
from exams.queries.retakes import earlier_attempts, exception_for, overlap_with_earlier
from exams.rules.bank import can_administer_exams
from exams.rules.retakes import overlap_refusal, refusal

LONGEST_WAIT_DAYS = 1095


def refuse_retake(
    candidate: User, sitting: Sitting, *, by_then: datetime, at: datetime, registration: Registration | None
) -> RetakeException | None:
    """Whether this person may sit the sitting's exam, on its present paper, at `by_then`: the last moment they could
    start when they register, now when they start. One or three queries; the caller holds the sitting's or the
    registration's lock.

    Returns the exception that allows it, if it takes one. Raises a RetakeRefused.
    """
    exam = sitting.exam
    if sitting.is_rehearsal:
        return None
    refused = refusal(
        earlier_attempts(candidate, exam, but=registration),
        wait_days=exam.retake_wait_days,
        most=exam.most_attempts,
        by_then=by_then,
        time_zone=candidate.time_zone,
    )
    if refused is None and exam.most_overlap_percent is not None:
        overlap = overlap_with_earlier(candidate, sitting.paper, but=registration)
        refused = overlap_refusal(overlap, most_percent=exam.most_overlap_percent)
    if refused is None:
        return None
    exception = exception_for(candidate, exam, registration)
    if exception is None:
        raise refused
    return exception


@transaction.atomic
def set_retake_rules(
    exam: Exam,
    *,
    wait_days: int,
    most_attempts: int | None,
    most_overlap_percent: int | None,
    by: User,
    at: datetime | None = None,
) -> Exam:
    """Change who may sit an exam again; those already registered are judged by it at their start.

    Raises NotYourBank, RetakeRulesInvalid.
    """
    if not can_administer_exams(by):
        raise NotYourBank
    if not 0 <= wait_days <= LONGEST_WAIT_DAYS or (most_attempts is not None and most_attempts < 1):
        raise RetakeRulesInvalid
    if most_overlap_percent is not None and not 0 <= most_overlap_percent <= 100:
        raise RetakeRulesInvalid
    exam = Exam.objects.select_for_update(of=("self",)).get(pk=exam.pk)
    details = {"wait_days": wait_days, "most_attempts": most_attempts, "most_overlap_percent": most_overlap_percent}
    exam.retake_wait_days = wait_days
    exam.most_attempts, exam.most_overlap_percent = most_attempts, most_overlap_percent
    exam.save(update_fields=["retake_wait_days", "most_attempts", "most_overlap_percent"])
    record("exam.retake_rules_set", exam, by=by, summary=exam.code, details=details, at=at)
    return exam


@transaction.atomic
def grant_retake_exception(
    exam: Exam, candidate: User, *, reason: str, by: User, at: datetime | None = None
) -> RetakeException:
    """Let a person sit an exam once more whatever its rules; one that is not used yet is enough.

    Raises NotYourBank, RetakeRulesInvalid. The reason stands in the row, not in the trail: it may be about health.
    """
    if not can_administer_exams(by):
        raise NotYourBank
    if not reason.strip():
        raise RetakeRulesInvalid(_("Say why this person may sit the exam again."))
    if candidate.pk == by.pk:
        raise RetakeRulesInvalid(_("Nobody grants an exception to themselves."))
    Exam.objects.select_for_update(of=("self",)).get(pk=exam.pk)
    if RetakeException.objects.filter(exam=exam, candidate=candidate, registration=None).exists():
        raise RetakeRulesInvalid(_("This person already has an exception that they have not used yet."))
    exception = RetakeException.objects.create(
        exam=exam, candidate=candidate, reason=reason.strip(), granted_by=by, granted_at=at or timezone.now()
    )
    record("retake.exception_granted", exception, by=by, details={"exam": exam.code, "candidate": candidate.pk}, at=at)
    return exception
