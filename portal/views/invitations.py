"""The link of an invitation's mail, and the answers to it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partners.actions.invitations import (
    accept_invitation,
    accept_offer,
    invitation_by_token,
    owns_address,
    resend_invitation,
    withdraw_invitation,
)
from partners.models import Invitation
from portal.access import managed_partner


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the link offers; a signed-in person of that address accepts here."""
    if request.method == "POST" and request.user.is_authenticated:
        accepted = accept_invitation(token, by=request.user)
        return _welcome(request, accepted)
    offer = invitation_by_token(token)
    is_theirs = request.user.is_authenticated and owns_address(request.user, offer.email)
    response = render(request, "portal/invitation.html", {"offer": offer, "is_theirs": is_theirs, "token": token})
    # The address of this page is the key to the offer: no cache and no other site may learn it.
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer" if not request.user.is_authenticated else "same-origin"
    return response


@login_required
@require_POST
def accept(request: HttpRequest, uuid: str) -> HttpResponse:
    """From the home page: the confirmed address stands for the link."""
    offer = get_object_or_404(Invitation.objects.pending_for(request.user), uuid=uuid)
    accepted = accept_offer(offer, by=request.user)
    return _welcome(request, accepted)


@login_required
@require_POST
def resend(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    partner = managed_partner(request.user, slug)
    offer = resend_invitation(get_object_or_404(partner.invitations, uuid=uuid), by=request.user)
    messages.success(request, _("A new invitation is on its way to %(email)s.") % {"email": offer.email})
    return _back(slug, offer)


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str, uuid: str) -> HttpResponse:
    partner = managed_partner(request.user, slug)
    offer = withdraw_invitation(get_object_or_404(partner.invitations, uuid=uuid), by=request.user)
    messages.success(request, _("The invitation to %(email)s is withdrawn.") % {"email": offer.email})
    return _back(slug, offer)


def _welcome(request: HttpRequest, offer: Invitation) -> HttpResponse:
    messages.success(request, _("Welcome! You have accepted the invitation of %(partner)s.") % {"partner": offer.partner})
    return redirect("portal:home")


def _back(slug: str, offer: Invitation) -> HttpResponse:
    return redirect("portal:cohort", slug, offer.place.cohort.uuid) if offer.place else redirect("portal:members", slug)
