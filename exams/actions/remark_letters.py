"""Telling candidates, and the packages above, that a released result was corrected."""

from __future__ import annotations

from django.urls import reverse

from accounts.actions.letters import write_letter
from common.events import announce
from exams.models import Remark, Result
from exams.signals import result_corrected


def tell_corrected(remark: Remark) -> int:
    """A letter and news for each released result of a real candidate that the committed re-mark changed; how many.

    The letter says that the result was corrected and where to read it; neither the outcome nor the item stands in it.
    """
    told = 0
    changes = remark.changes.filter(
        result__status=Result.Status.RELEASED, result__attempt__registration__sitting__is_rehearsal=False
    ).select_related("result__attempt__registration__sitting__exam", "result__attempt__registration__candidate")
    for change in changes.order_by("pk"):
        registration = change.result.attempt.registration
        write_letter(
            registration.candidate,
            key=f"result.corrected:{change.pk}",
            template="exams/mail/result_corrected",
            link=reverse("exams:result", args=[change.result.uuid]),
            at=remark.decided_at,
            exam=registration.sitting.exam,
        )
        announce(result_corrected, result_id=change.result_id, change_id=change.pk)  # type: ignore[attr-defined]
        told += 1
    return told
