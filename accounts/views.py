"""A person's own pages, and the audit trail for those who read it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from accounts.actions.people import tell_back_office
from accounts.errors import BackOfficeIsForStaff
from accounts.forms import ProfileForm
from accounts.models import Consent
from accounts.texts import text_html


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        person = tell_back_office(form.save())
        messages.success(request, _("Your profile is saved."))
        response = redirect("accounts:profile")
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, person.language, samesite="Lax", secure=settings.HTTPS)
        return response
    return render(request, "accounts/profile.html", {"form": form})


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """The language switch: this browser's cookie, and for a signed-in person the profile too (mails follow it)."""
    response = django_set_language(request)
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    return response


def back_office_door(request: HttpRequest) -> HttpResponse:
    """Where the back office sends whoever may not enter: strangers to sign in, others to where they belong."""
    if request.user.is_authenticated:
        raise BackOfficeIsForStaff
    return redirect_to_login(request.GET.get("next", "/admin/"))


def agreed_text(request: HttpRequest, purpose: str) -> HttpResponse:
    """A text people are asked to agree to, readable by anyone."""
    if purpose not in (Consent.Purpose.TERMS, Consent.Purpose.EXAM_RULES):
        raise Http404
    return render(
        request,
        "accounts/text.html",
        {"html": text_html(purpose, get_language() or "en"), "name": Consent.Purpose(purpose).label},
    )
