"""Inviting people, and what they answer."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from common.errors import InvalidInput
from common.events import announce, ring
from partners.actions.memberships import grant_membership
from partners.errors import (
    AlreadyInCohort,
    AlreadyMember,
    CohortFinished,
    InvitationClosed,
    InvitationExpired,
    InvitationForAnotherAddress,
    InvitationNotFound,
    NoSeatsLeft,
    PartnerClosed,
)
from partners.models import Cohort, CohortPlace, Invitation, Membership, Partner
from partners.queries import agreement_in_force, seats_needed, seats_used
from partners.rules import must_manage
from partners.signals import cohort_place_activated

VALID_FOR = timedelta(days=7)


def token_hash(token: str) -> str:
    """What is stored of a token. It has 130 random bits, so a plain SHA-256 gives nothing away."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite_to_cohort(
    cohort: Cohort,
    *,
    email: str,
    full_name: str,
    by: User | None,
    family_name: str = "",
    external_id: str = "",
    language: str = "en",
    at: datetime | None = None,
) -> Invitation:
    """Offer a place: takes a seat at once, active when the person accepts. Somebody who left is offered it anew."""
    must_manage(by, cohort.partner)
    email = _address(email)
    take_seats(cohort, [email])
    place = CohortPlace.objects.filter(cohort=cohort, email=email).first()
    if place and place.status != CohortPlace.Status.LEFT:
        raise AlreadyInCohort
    place = place or CohortPlace(cohort=cohort, email=email)
    place.full_name, place.family_name, place.external_id = full_name, family_name, external_id
    place.status, place.user, place.joined_at = CohortPlace.Status.INVITED, None, None
    place.save()
    invitation = Invitation.objects.filter(place=place).first() or Invitation(place=place, partner=cohort.partner)
    invitation.email, invitation.language, invitation.invited_by = email, language, by
    _offer(invitation, at)
    record("cohort_place.invited", place, by=by, partner=cohort.partner, summary=f"{full_name} – {cohort.name}")
    return invitation


@transaction.atomic
def invite_member(
    partner: Partner, *, email: str, role: str, by: User | None, language: str = "en", at: datetime | None = None
) -> Invitation:
    """Offer a role in the partner. Whoever offers holds it: only managers and administrators get here."""
    must_manage(by, partner)
    email = _address(email)
    Partner.objects.select_for_update().get(pk=partner.pk)
    if Membership.objects.filter(
        partner=partner, user__email__iexact=email, role=role, status=Membership.Status.ACTIVE
    ).exists():
        raise AlreadyMember
    invitation = Invitation.objects.filter(
        partner=partner, place=None, email=email, status=Invitation.Status.PENDING
    ).first() or Invitation(partner=partner, email=email)
    invitation.membership_role, invitation.language, invitation.invited_by = Membership.Role(role), language, by
    _offer(invitation, at)
    record("membership.offered", invitation, by=by, partner=partner, summary=f"{email} – {role}")
    return invitation


@transaction.atomic
def resend_invitation(invitation: Invitation, *, by: User | None, at: datetime | None = None) -> Invitation:
    """A new mail with a new link and seven more days; the older link stops working."""
    must_manage(by, invitation.partner)
    invitation = _locked(invitation)
    if invitation.status == Invitation.Status.ACCEPTED:
        raise InvitationClosed(_("This person has already accepted."))
    if invitation.place and invitation.status == Invitation.Status.WITHDRAWN:
        take_seats(invitation.place.cohort, [invitation.email])
        CohortPlace.objects.filter(pk=invitation.place.pk).update(status=CohortPlace.Status.INVITED)
    invitation.invited_by = by or invitation.invited_by
    _offer(invitation, at)
    record("invitation.resent", invitation, by=by, partner=invitation.partner, summary=invitation.email)
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User | None) -> Invitation:
    """Take the offer back: its link stops working and its seat is free. Safe to call twice."""
    must_manage(by, invitation.partner)
    invitation = _locked(invitation)
    if invitation.status == Invitation.Status.ACCEPTED:
        raise InvitationClosed(_("This person has already accepted."))
    if invitation.status == Invitation.Status.WITHDRAWN:
        return invitation
    _close(invitation, Invitation.Status.WITHDRAWN)
    if invitation.place_id:
        CohortPlace.objects.filter(pk=invitation.place_id, status=CohortPlace.Status.INVITED).update(
            status=CohortPlace.Status.LEFT
        )
    record("invitation.withdrawn", invitation, by=by, partner=invitation.partner, summary=invitation.email)
    return invitation


def invitation_by_token(token: str) -> Invitation:
    """What a link in a mail offers; refused in words when it offers nothing any more."""
    invitation = (
        Invitation.objects.filter(token_sha256=token_hash(token), status=Invitation.Status.PENDING)
        .select_related("partner", "place__cohort", "invited_by")
        .first()
    )
    if invitation is None:
        raise InvitationNotFound
    if invitation.expires_at <= timezone.now():
        raise InvitationExpired
    return invitation


def accept_invitation(token: str, *, by: User, at: datetime | None = None) -> Invitation:
    """Take up the offer a mail carried. Bound to its address, single use, seven days."""
    return accept_offer(invitation_by_token(token), by=by, at=at)


@transaction.atomic
def accept_offer(invitation: Invitation, *, by: User, at: datetime | None = None) -> Invitation:
    """The same from the home page, where the proved address stands for the link. Safe to call twice by the same person."""
    moment = at or timezone.now()
    invitation = _locked(invitation)
    if not owns_address(by, invitation.email):
        raise InvitationForAnotherAddress
    if invitation.status == Invitation.Status.ACCEPTED:
        return invitation
    if invitation.status != Invitation.Status.PENDING:
        raise InvitationNotFound
    if invitation.expires_at <= moment:
        raise InvitationExpired
    if invitation.partner.status == Partner.Status.CLOSED:
        raise PartnerClosed
    if invitation.place:
        invitation.place = _take_place(invitation.place, by, moment)
    else:
        _take_role(invitation, by)
    invitation.accepted_at = moment
    _close(invitation, Invitation.Status.ACCEPTED)
    return invitation


def owns_address(user: User, email: str) -> bool:
    """Whether this person has confirmed that the address is theirs."""
    from allauth.account.models import EmailAddress

    return EmailAddress.objects.filter(user=user, email__iexact=email, verified=True).exists()


def take_seats(cohort: Cohort, emails: list[str]) -> None:
    """Refuse when the agreement has no seats for these addresses. Holds the partner's row until the transaction
    ends: two managers who invite at the same moment cannot share the last seat."""
    partner = Partner.objects.select_for_update().get(pk=cohort.partner_id)
    if cohort.status == Cohort.Status.FINISHED:
        raise CohortFinished
    agreement = agreement_in_force(partner)
    needed = seats_needed(partner, emails)
    left = agreement.seats - seats_used(partner)
    if needed > max(left, 0):
        raise NoSeatsLeft(
            _("This needs %(needed)s more seats, and agreement %(reference)s has %(left)s left. Nobody was invited.")
            % {"needed": needed, "reference": agreement.reference, "left": max(left, 0)},
            needed=needed,
            left=max(left, 0),
        )


def _take_place(place: CohortPlace, by: User, moment: datetime) -> CohortPlace:
    place = CohortPlace.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=place.pk)
    if place.cohort.status == Cohort.Status.FINISHED:
        raise CohortFinished(_("This cohort has already finished."))
    place.user, place.status, place.joined_at = by, CohortPlace.Status.ACTIVE, moment
    try:
        with transaction.atomic():
            place.save(update_fields=["user", "status", "joined_at"])
    except IntegrityError as error:
        # one_place_per_cohort_and_user: the person is in this cohort under another of their addresses.
        raise AlreadyInCohort(_("You already have a place in this cohort under another of your addresses.")) from error
    _fill_blank_names(by, place)
    announce(cohort_place_activated, place_id=place.pk)
    return place


def _take_role(invitation: Invitation, by: User) -> None:
    try:
        grant_membership(invitation.partner, by, role=invitation.membership_role, by=by)
    except AlreadyMember:
        # Two offers of the same role to two addresses of one person: taking up the second changes nothing.
        return


def _fill_blank_names(user: User, place: CohortPlace) -> None:
    """Only what the person left empty: what is printed on a certificate is theirs to say."""
    blank = [name for name in ("full_name", "family_name") if not getattr(user, name) and getattr(place, name)]
    if blank:
        for name in blank:
            setattr(user, name, getattr(place, name))
        user.save(update_fields=blank)


def _offer(invitation: Invitation, at: datetime | None) -> None:
    """Make the row say: pending, to be mailed now."""
    from partners.tasks import send_invitation_task

    moment = at or timezone.now()
    invitation.status = Invitation.Status.PENDING
    invitation.expires_at = moment + VALID_FOR
    invitation.token_sha256, invitation.sent_at, invitation.claimed_until = None, None, None
    invitation.send_attempts, invitation.send_error, invitation.next_try_at = 0, "", moment
    invitation.save()
    ring(send_invitation_task, invitation.pk)


def _close(invitation: Invitation, status: str) -> None:
    invitation.status = Invitation.Status(status)
    invitation.token_sha256, invitation.next_try_at, invitation.claimed_until = None, None, None
    invitation.save(update_fields=["status", "token_sha256", "next_try_at", "claimed_until", "accepted_at"])


def _locked(invitation: Invitation) -> Invitation:
    return (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("partner", "place__cohort__partner")
        .get(pk=invitation.pk)
    )


def _address(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidInput(_("%(email)s is not a valid e-mail address.") % {"email": email}) from error
    return email
