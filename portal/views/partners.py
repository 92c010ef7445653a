"""A partner's first page, and the people who work for it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.actions.invitations import invite_member
from partners.actions.memberships import end_membership
from partners.models import Membership, Partner
from partners.queries import cohorts_of, members_of, membership_offers
from partners.rules import can_manage
from portal.access import entered_partner, managed_partner, read_partner
from portal.forms.members import MemberForm
from portal.queries.overview import partner_overview


@login_required
@require_safe
def partner(request: HttpRequest, slug: str) -> HttpResponse:
    """Agreement, use of seats and exam places, running cohorts, certificates that end soon."""
    if not Partner.objects.readable_by(request.user).filter(slug=slug).exists():
        # An instructor's first page is the list of their cohorts; a stranger gets the 404 of entered_partner.
        entered_partner(request.user, slug)
        return redirect("portal:cohorts", slug)
    partner = read_partner(request.user, slug)
    cohorts = cohorts_of(partner, request.user).exclude(status="finished")[:6]
    context = {"overview": partner_overview(partner), "cohorts": cohorts}
    return render(request, "portal/partner.html", {**frame(request, partner), **context})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """Managers and instructors, and the offers they have not answered yet."""
    partner = read_partner(request.user, slug)
    form = MemberForm(request.POST or None, initial={"language": get_language()})
    if request.method == "POST":
        managed_partner(request.user, slug)
        if form.is_valid():
            offer = invite_member(partner, by=request.user, **form.cleaned_data)
            messages.success(request, _("An invitation is on its way to %(email)s.") % {"email": offer.email})
            return redirect("portal:members", slug)
    context = {"form": form, "members": members_of(partner), "offers": membership_offers(partner).select_related("invited_by")}
    status = 400 if form.errors else 200
    return render(request, "portal/members.html", {**frame(request, partner), **context}, status=status)


@login_required
@require_POST
def member_end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    partner = managed_partner(request.user, slug)
    active = partner.memberships.filter(status=Membership.Status.ACTIVE).select_related("partner", "user")
    membership = end_membership(get_object_or_404(active, pk=pk), by=request.user)
    messages.success(request, _("%(person)s no longer works here.") % {"person": membership.user})
    return redirect("portal:home" if membership.user_id == request.user.pk else "portal:members", *_to(membership, request))


def _to(membership: Membership, request: HttpRequest) -> list[str]:
    """Who ended their own membership can no longer see the members' page."""
    return [] if membership.user_id == request.user.pk else [membership.partner.slug]


def frame(request: HttpRequest, partner: Partner) -> dict[str, object]:
    """What the frame of every partner page needs: where one is and what one may."""
    return {
        "partner": partner,
        "may_manage": can_manage(request.user, partner) and partner.status == Partner.Status.ACTIVE,
        "may_read_all": Partner.objects.readable_by(request.user).filter(pk=partner.pk).exists(),
    }
