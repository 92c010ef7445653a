"""A cohort's life: planned, running, finished; and people leaving it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from partners.errors import CohortFinished, CohortMoveRefused, NotAMember
from partners.models import Cohort, CohortPlace, Invitation, Membership, Partner
from partners.rules import must_manage


@transaction.atomic
def create_cohort(
    partner: Partner,
    *,
    code: str,
    name: str,
    starts_on: date,
    ends_on: date,
    by: User | None,
    instructor: User | None = None,
) -> Cohort:
    """A new group of the partner's people, planned."""
    must_manage(by, partner)
    _must_fit(partner, code, starts_on, ends_on)
    _must_be_member(partner, instructor)
    cohort = Cohort.objects.create(
        partner=partner, code=code, name=name, starts_on=starts_on, ends_on=ends_on, instructor=instructor
    )
    record("cohort.created", cohort, by=by, partner=partner, summary=name, details={"code": code})
    return cohort


@transaction.atomic
def change_cohort(
    cohort: Cohort,
    *,
    name: str,
    starts_on: date,
    ends_on: date,
    by: User | None,
    code: str | None = None,
    instructor: User | None = None,
) -> Cohort:
    """Rename, move or hand over a cohort; not once it has finished, because certificates name it."""
    must_manage(by, cohort.partner)
    cohort = _locked(cohort)
    if cohort.status == Cohort.Status.FINISHED:
        raise CohortFinished
    code = cohort.code if code is None else code
    _must_fit(cohort.partner, code, starts_on, ends_on, but=cohort)
    if instructor and instructor.pk != cohort.instructor_id:
        _must_be_member(cohort.partner, instructor)
    cohort.code, cohort.name, cohort.starts_on, cohort.ends_on, cohort.instructor = code, name, starts_on, ends_on, instructor
    cohort.save(update_fields=["code", "name", "starts_on", "ends_on", "instructor"])
    details = {"code": code, "starts_on": starts_on, "ends_on": ends_on, "instructor": instructor and instructor.pk}
    record("cohort.changed", cohort, by=by, partner=cohort.partner, summary=name, details=details)
    return cohort


@transaction.atomic
def start_cohort(cohort: Cohort, *, by: User | None) -> Cohort:
    """planned → running. Safe to call twice."""
    return _move(cohort, Cohort.Status.PLANNED, Cohort.Status.RUNNING, by)


@transaction.atomic
def finish_cohort(cohort: Cohort, *, by: User | None) -> Cohort:
    """running → finished: its seats are free again, and offers nobody took up are withdrawn. Safe to call twice."""
    cohort = _move(cohort, Cohort.Status.RUNNING, Cohort.Status.FINISHED, by)
    Invitation.objects.filter(place__cohort=cohort, status__in=[Invitation.Status.PENDING, Invitation.Status.EXPIRED]).update(
        status=Invitation.Status.WITHDRAWN, token_sha256=None, next_try_at=None
    )
    cohort.places.filter(status=CohortPlace.Status.INVITED).update(status=CohortPlace.Status.LEFT)
    return cohort


@transaction.atomic
def leave_cohort(place: CohortPlace, *, by: User | None) -> CohortPlace:
    """active → left: frees the seat; what the person learned and earned stays theirs. Safe to call twice."""
    partner = place.cohort.partner
    if by is None or place.user_id != by.pk:
        must_manage(by, partner)
    place = CohortPlace.objects.select_for_update().select_related("cohort__partner").get(pk=place.pk)
    if place.status == CohortPlace.Status.ACTIVE:
        place.status = CohortPlace.Status.LEFT
        place.save(update_fields=["status"])
        record("cohort_place.left", place, by=by, partner=partner, summary=f"{place.full_name} – {place.cohort.name}")
    return place


def _locked(cohort: Cohort) -> Cohort:
    return Cohort.objects.select_for_update(of=("self",)).select_related("partner").get(pk=cohort.pk)


def _move(cohort: Cohort, before: str, after: str, by: User | None) -> Cohort:
    must_manage(by, cohort.partner)
    cohort = _locked(cohort)
    if cohort.status == after:
        return cohort
    if cohort.status != before:
        raise CohortMoveRefused(
            _("A cohort that is %(status)s cannot become %(after)s.")
            % {"status": cohort.get_status_display(), "after": Cohort.Status(after).label}
        )
    cohort.status = Cohort.Status(after)
    cohort.save(update_fields=["status"])
    record(f"cohort.{after}", cohort, by=by, partner=cohort.partner, summary=cohort.name)
    return cohort


def _must_fit(partner: Partner, code: str, starts_on: date, ends_on: date, but: Cohort | None = None) -> None:
    if ends_on < starts_on:
        raise CohortMoveRefused(_("A cohort cannot end before it starts."))
    others = partner.cohorts.exclude(pk=but.pk) if but else partner.cohorts.all()
    if others.filter(code=code).exists():
        raise CohortMoveRefused(_("Another cohort of this institution already has this code."))


def _must_be_member(partner: Partner, instructor: User | None) -> None:
    if instructor is None:
        return
    if not Membership.objects.filter(partner=partner, user=instructor, status=Membership.Status.ACTIVE).exists():
        raise NotAMember
