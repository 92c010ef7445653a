"""Applied to every signed-in request: the person's language and time zone, and the second factor for staff."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.errors import SecondFactorMissing
from accounts.second_factor import lacks_second_factor
from common.refusals import refusal_response, wants_json

Handler = Callable[[HttpRequest], HttpResponse]


class PreferencesMiddleware:
    """Shows times in the person's own zone, and pages in their language unless this browser chose another."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        # A language in the address (/zh-hans/…) or chosen by the switch (cookie) goes before the profile.
        chosen = translation.get_language_from_path(request.path_info) or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if not chosen:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()  # type: ignore[attr-defined]
        with timezone.override(ZoneInfo(request.user.time_zone)):
            return self.get_response(request)


class SecondFactorMiddleware:
    """Keeps people who must have a second factor on the pages where they set one up. Default deny."""

    # Signing in and out, setting up the factor, choosing a language, and what pages are drawn with.
    OPEN_PATHS = ("/accounts/", "/i18n/", settings.STATIC_URL, settings.MEDIA_URL, "/healthz", "/readyz")

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            not request.user.is_authenticated
            or request.path_info.startswith(self.OPEN_PATHS)
            or not lacks_second_factor(request.user)
        ):
            return self.get_response(request)
        if wants_json(request):
            return refusal_response(request, SecondFactorMissing())
        messages.warning(request, _("Your role needs two-step sign-in. Set it up here to go on."))
        return redirect(reverse("mfa_index"))
