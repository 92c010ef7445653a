"""allauth's seam: what our accounts do differently."""

from __future__ import annotations

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailConfirmation
from django.conf import settings
from django.http import HttpRequest


def on_our_site(url: str) -> str:
    """The same path on the configured site: a forged Host header must not decide where a mailed link leads."""
    parts = urlsplit(url)
    return settings.SITE_URL + parts.path + (f"?{parts.query}" if parts.query else "")


class AccountAdapter(DefaultAccountAdapter):
    """Links in mail are built from the configured site, never from the request's Host header."""

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: EmailConfirmation) -> str:
        return on_our_site(super().get_email_confirmation_url(request, emailconfirmation))

    def get_reset_password_from_key_url(self, key: str) -> str:
        return on_our_site(super().get_reset_password_from_key_url(key))

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        host = urlsplit(settings.SITE_URL).netloc
        super().send_mail(
            template_prefix, email, {"current_site": {"name": settings.WAGTAIL_SITE_NAME, "domain": host}, **context}
        )

    def format_email_subject(self, subject: str) -> str:
        return f"[{settings.WAGTAIL_SITE_NAME}] {subject}"
