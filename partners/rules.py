"""Who may do what at a partner. Membership is read on every request: a right taken away is gone at once."""

from __future__ import annotations

from accounts.models import Role, User
from partners.errors import NotYourPartner, PartnerClosed
from partners.models import Cohort, Membership, Partner


def manages(user: User, partner: Partner) -> bool:
    """An active manager of this partner."""
    return _is_member(user, partner, Membership.Role.MANAGER)


def instructs(user: User, cohort: Cohort) -> bool:
    """The cohort's instructor, as long as the membership lasts."""
    return cohort.instructor_id == user.pk and _is_member(user, cohort.partner)


def can_manage(user: User, partner: Partner) -> bool:
    """Managers, and administrators who help them."""
    return user.has_role(Role.ADMINISTRATOR) or manages(user, partner)


def can_follow(user: User, cohort: Cohort) -> bool:
    """See the progress of a cohort's people."""
    return user.has_role(Role.ADMINISTRATOR, Role.AUDITOR) or manages(user, cohort.partner) or instructs(user, cohort)


def manages_any_partner(user: User) -> bool:
    """Whoever does must use a second factor."""
    return Membership.objects.filter(user=user, role=Membership.Role.MANAGER, status=Membership.Status.ACTIVE).exists()


def must_manage(user: User | None, partner: Partner) -> None:
    """Refuse unless `user` may act for this partner today. `None` is the system itself."""
    if user is not None and not can_manage(user, partner):
        raise NotYourPartner
    if partner.status == Partner.Status.CLOSED:
        raise PartnerClosed


def _is_member(user: User, partner: Partner, *roles: str) -> bool:
    memberships = Membership.objects.filter(user_id=user.pk, partner_id=partner.pk, status=Membership.Status.ACTIVE)
    return user.is_active and (memberships.filter(role__in=roles) if roles else memberships).exists()
