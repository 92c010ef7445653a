"""The partner of an address, as far as the person may see it. Another tenant's answers exactly like a missing one."""

from __future__ import annotations

from django.db.models import Q
from django.shortcuts import get_object_or_404

from accounts.models import User
from partners.models import Cohort, Membership, Partner
from partners.rules import must_manage


def entered_partner(user: User, slug: str) -> Partner:
    """For pages that instructors share: managers, instructors, administrators and auditors."""
    works_here = Membership.objects.filter(user=user, status=Membership.Status.ACTIVE)
    readable = Partner.objects.readable_by(user)
    return get_object_or_404(
        Partner.objects.filter(Q(pk__in=readable.values("pk")) | Q(pk__in=works_here.values("partner"))), slug=slug
    )


def read_partner(user: User, slug: str) -> Partner:
    """For pages about the whole partner: its managers, administrators and auditors."""
    return get_object_or_404(Partner.objects.readable_by(user), slug=slug)


def managed_partner(user: User, slug: str) -> Partner:
    """For acts: as above, and refused in words to an auditor or at a closed partner."""
    partner = read_partner(user, slug)
    must_manage(user, partner)
    return partner


def seen_cohort(user: User, partner: Partner, uuid: object) -> Cohort:
    """A cohort of this partner that the person manages or instructs."""
    return get_object_or_404(partner.cohorts.visible_to(user).select_related("partner", "instructor"), uuid=uuid)
