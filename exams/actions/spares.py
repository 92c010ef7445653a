"""The spare in place of a sitting's paper: one act by two people, while nobody has started.

The swap takes the sitting's row, then its registrations: no place can be taken and nobody can start until it is done,
and whoever waited for a registration's lock reads the sitting's paper after it (`start_attempt`). The database keeps two
halves of it for itself: a confirmed swap names two people, and a sitting with an attempt keeps its paper.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from exams.errors import NotYourBank, SecondPersonNeeded, SittingStarted, SwapNotPossible
from exams.models import Attempt, Paper, PaperSet, Sitting, SpareSwap
from exams.rules.bank import can_administer_exams

Status = SpareSwap.Status


@transaction.atomic
def propose_spare_swap(sitting: Sitting, *, reason: str, by: User, at: datetime | None = None) -> SpareSwap:
    """Ask a second person to put the spare in place of the sitting's paper.

    Raises NotYourBank, SittingStarted, SwapNotPossible (which says why).
    """
    if not can_administer_exams(by):
        raise NotYourBank
    sitting = _lock(sitting)
    if not reason.strip():
        raise SwapNotPossible(_("Say why the spare is needed; the second person will want to know."))
    if sitting.spare_swaps.filter(status=Status.PROPOSED).exists():
        raise SwapNotPossible(_("A swap is already proposed for this sitting."))
    spare = spare_for(sitting)
    if spare is None:
        raise SwapNotPossible(_("This sitting's paper has no sealed spare."))
    swap = SpareSwap.objects.create(
        sitting=sitting,
        paper_before=sitting.paper,
        paper_after=spare,
        reason=reason.strip(),
        proposed_by=by,
        proposed_at=at or timezone.now(),
    )
    _record("proposed", swap, by=by, at=at)
    return swap


@transaction.atomic
def confirm_spare_swap(swap: SpareSwap, *, by: User, at: datetime | None = None) -> SpareSwap:
    """Put the spare in place. Confirming again changes nothing.

    Raises NotYourBank, SecondPersonNeeded, SittingStarted, SwapNotPossible.
    """
    if not can_administer_exams(by):
        raise NotYourBank
    sitting = _lock(swap.sitting)
    swap = SpareSwap.objects.select_for_update(of=("self",)).select_related("paper_before", "paper_after").get(pk=swap.pk)
    if swap.status == Status.CONFIRMED:
        return swap
    if swap.status != Status.PROPOSED:
        raise SwapNotPossible(_("This swap was withdrawn."))
    if swap.proposed_by_id == by.pk:
        raise SecondPersonNeeded
    if sitting.paper_id != swap.paper_before_id or swap.paper_after.status != Paper.Status.SEALED:
        raise SwapNotPossible(_("The sitting or the spare has changed since this swap was proposed. Propose it again."))
    _refuse_mute(sitting, swap.paper_after)
    sitting.paper = swap.paper_after
    sitting.save(update_fields=["paper"])
    swap.status, swap.decided_by, swap.decided_at = Status.CONFIRMED, by, at or timezone.now()
    swap.save(update_fields=["status", "decided_by", "decided_at"])
    _record("confirmed", swap, by=by, at=at)
    return swap


@transaction.atomic
def withdraw_spare_swap(swap: SpareSwap, *, by: User, at: datetime | None = None) -> SpareSwap:
    """Leave the paper as it is. Either person may. Raises NotYourBank, SwapNotPossible."""
    if not can_administer_exams(by):
        raise NotYourBank
    swap = SpareSwap.objects.select_for_update(of=("self",)).select_related("sitting").get(pk=swap.pk)
    if swap.status != Status.PROPOSED:
        raise SwapNotPossible(_("This swap is already decided."))
    swap.status, swap.decided_by, swap.decided_at = Status.WITHDRAWN, by, at or timezone.now()
    swap.save(update_fields=["status", "decided_by", "decided_at"])
    _record("withdrawn", swap, by=by, at=at)
    return swap


def spare_for(sitting: Sitting) -> Paper | None:
    """The sealed spare of the set the sitting's paper belongs to; None for the spare itself."""
    paper = sitting.paper
    if paper.set_id is None or paper.is_spare:
        return None
    sealed = Paper.objects.filter(set=paper.set_id, set__status=PaperSet.Status.SEALED, status=Paper.Status.SEALED)
    return sealed.filter(is_spare=True).first()


def _lock(sitting: Sitting) -> Sitting:
    """The sitting and everybody's place in it, so that nobody starts meanwhile. Raises SittingStarted, SwapNotPossible."""
    sitting = Sitting.objects.select_for_update(of=("self",)).select_related("paper").get(pk=sitting.pk)
    list(sitting.registrations.select_for_update().order_by("pk").values_list("pk", flat=True))
    if sitting.status != Sitting.Status.PLANNED:
        raise SwapNotPossible(_("This sitting is over or was cancelled."))
    if Attempt.objects.filter(registration__sitting=sitting).exists():
        raise SittingStarted(_("Somebody has already started this exam, so its paper can no longer be swapped."))
    return sitting


def _refuse_mute(sitting: Sitting, spare: Paper) -> None:
    """Whoever chose a language keeps it."""
    spoken = set(spare.renderings.values_list("language", flat=True))
    if sitting.registrations.filter(status="registered").exclude(language__in=spoken).exists():
        raise SwapNotPossible(_("The spare is not available in a language that candidates have chosen."))


def _record(act: str, swap: SpareSwap, *, by: User, at: datetime | None) -> None:
    details = {"before": swap.paper_before.code, "after": swap.paper_after.code, "reason": swap.reason}
    record(f"spare_swap.{act}", swap, by=by, summary=str(swap), partner=swap.sitting.partner, details=details, at=at)
