"""Who works for a partner, and as what."""

from __future__ import annotations

from django.db import transaction

from accounts.actions.audit import record
from accounts.models import User
from partners.errors import AlreadyMember, LastManager
from partners.models import Membership, Partner
from partners.rules import must_manage


@transaction.atomic
def add_member(partner: Partner, user: User, *, role: str, by: User | None) -> Membership:
    """Give a person a role in a partner, or another role. Done on acceptance of an invitation, or by an administrator."""
    must_manage(by, partner)
    return grant_membership(partner, user, role=role, by=by)


def grant_membership(partner: Partner, user: User, *, role: str, by: User | None) -> Membership:
    """The row and its audit entry, once whoever may decide has decided."""
    Partner.objects.select_for_update().get(pk=partner.pk)
    membership = Membership.objects.filter(partner=partner, user=user).first() or Membership(partner=partner, user=user)
    if membership.pk and membership.role == role and membership.status == Membership.Status.ACTIVE:
        raise AlreadyMember
    if membership.role == Membership.Role.MANAGER and role != Membership.Role.MANAGER:
        _keep_a_manager(membership)
    membership.role, membership.status = Membership.Role(role), Membership.Status.ACTIVE
    membership.save()
    record("membership.granted", membership, by=by, partner=partner, summary=f"{user} – {role}", details={"user": user.pk})
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, by: User | None) -> Membership:
    """Take the role away, at once. The row stays, so that registers still name who acted; safe to call twice."""
    must_manage(by, membership.partner)
    Partner.objects.select_for_update().get(pk=membership.partner_id)
    membership = Membership.objects.select_related("partner", "user").get(pk=membership.pk)
    if membership.status == Membership.Status.ENDED:
        return membership
    _keep_a_manager(membership)
    membership.status = Membership.Status.ENDED
    membership.save(update_fields=["status"])
    record(
        "membership.ended",
        membership,
        by=by,
        partner=membership.partner,
        summary=f"{membership.user} – {membership.role}",
        details={"user": membership.user_id},
    )
    return membership


def _keep_a_manager(membership: Membership) -> None:
    """Refuse to take the last active manager away: nobody of the institution could let another one in."""
    if membership.pk is None or membership.role != Membership.Role.MANAGER:
        return
    if membership.status != Membership.Status.ACTIVE:
        return
    others = Membership.objects.filter(
        partner_id=membership.partner_id, role=Membership.Role.MANAGER, status=Membership.Status.ACTIVE
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise LastManager
