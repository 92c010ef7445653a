"""What can be asked about partners, their agreements, seats and people."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from partners.errors import NoCurrentAgreement
from partners.models import Agreement, Cohort, CohortPlace, Invitation, Membership, Partner, RosterImport

HOLDS_A_SEAT = Q(status__in=[CohortPlace.Status.INVITED, CohortPlace.Status.ACTIVE])


@dataclass(frozen=True)
class Seats:
    """How the seats of an agreement stand. `total` is 0 where no agreement is in force."""

    used: int
    total: int

    @property
    def left(self) -> int:
        return max(self.total - self.used, 0)


def current_agreement(partner: Partner, on: date | None = None) -> Agreement | None:
    """The agreement in force on a day; of two that overlap, the newer."""
    day = on or timezone.localdate()
    return partner.agreements.filter(starts_on__lte=day, ends_on__gte=day).order_by("-starts_on", "-pk").first()


def agreement_in_force(partner: Partner, on: date | None = None) -> Agreement:
    agreement = current_agreement(partner, on)
    if agreement is None:
        raise NoCurrentAgreement
    return agreement


def seat_holders(partner: Partner) -> QuerySet[CohortPlace]:
    """Places that hold a seat: invited or active, in a cohort that has not finished."""
    return CohortPlace.objects.filter(HOLDS_A_SEAT, cohort__partner=partner).exclude(cohort__status=Cohort.Status.FINISHED)


def seats_used(partner: Partner) -> int:
    """People, not places: somebody in two cohorts takes one seat."""
    return seat_holders(partner).aggregate(people=Count("email", distinct=True))["people"]


def seats(partner: Partner, on: date | None = None) -> Seats:
    agreement = current_agreement(partner, on)
    return Seats(used=seats_used(partner), total=agreement.seats if agreement else 0)


def seats_needed(partner: Partner, emails: Collection[str]) -> int:
    """How many more seats these addresses would take: people who hold one already need no second."""
    held = set(seat_holders(partner).values_list("email", flat=True)) if emails else set()
    return len(set(emails) - held)


def cohorts_of(partner: Partner, user: User) -> QuerySet[Cohort]:
    """A partner's cohorts as far as this person may see them, with their people counted."""
    return (
        partner.cohorts.visible_to(user)
        .select_related("partner", "instructor")
        .annotate(
            invited_count=Count("places", filter=Q(places__status=CohortPlace.Status.INVITED), distinct=True),
            active_count=Count("places", filter=Q(places__status=CohortPlace.Status.ACTIVE), distinct=True),
        )
        .order_by("-starts_on", "name", "pk")
    )


def members_of(partner: Partner) -> QuerySet[Membership]:
    """Active members, managers first."""
    return (
        partner.memberships.filter(status=Membership.Status.ACTIVE)
        .select_related("user")
        .annotate(cohort_count=Count("user__cohorts_taught", filter=Q(user__cohorts_taught__partner=partner)))
        .order_by("-role", "user__full_name", "user__email")
    )


def instructor_choices(partner: Partner) -> QuerySet[User]:
    """Who may be named as instructor of a cohort: the partner's active members."""
    return User.objects.filter(
        memberships__partner=partner, memberships__status=Membership.Status.ACTIVE, is_active=True
    ).order_by("full_name", "email")


def membership_offers(partner: Partner) -> QuerySet[Invitation]:
    """Offers of a role that are not taken up yet."""
    return partner.invitations.filter(place=None).exclude(status__in=[Invitation.Status.ACCEPTED, Invitation.Status.WITHDRAWN])


def pending_invitations(user: User) -> QuerySet[Invitation]:
    """What waits for this person's answer, for their home page."""
    return Invitation.objects.pending_for(user).select_related("partner", "place__cohort", "invited_by")


def due_invitations(at: datetime) -> QuerySet[Invitation]:
    """Mails a worker should send now."""
    return Invitation.objects.filter(
        Q(claimed_until=None) | Q(claimed_until__lte=at),
        status=Invitation.Status.PENDING,
        sent_at=None,
        next_try_at__lte=at,
        expires_at__gt=at,
    )


def places_of(cohort: Cohort) -> QuerySet[CohortPlace]:
    """Everybody of a cohort but those who left, with how their invitation stands."""
    return (
        cohort.places.exclude(status=CohortPlace.Status.LEFT).select_related("user", "invitation").order_by("full_name", "pk")
    )


def earlier_application(roster_import: RosterImport) -> RosterImport | None:
    """The same bytes, applied to the same cohort before."""
    return (
        RosterImport.objects.filter(
            cohort_id=roster_import.cohort_id,
            file_sha256=roster_import.file_sha256,
            status=RosterImport.Status.APPLIED,
        )
        .exclude(pk=roster_import.pk)
        .select_related("uploaded_by")
        .order_by("-applied_at")
        .first()
    )
