"""What `manage.py check --deploy` refuses beside Django's own list."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register


@register(Tags.security, deploy=True)
def demo_is_off(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The demo publishes passwords and lets its logins skip the second factor."""
    if not settings.DEMO:
        return []
    hint = "Set DEMO=false, and remove the seeded people if this database ever was a demo."
    return [Error("DEMO is true: everybody knows the passwords of the demo's people.", hint=hint, id="touchstone.E001")]


@register(Tags.security, deploy=True)
def production_is_on(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.PRODUCTION:
        return []
    hint = "Set PRODUCTION=true; the settings then refuse to start without what a public site needs."
    return [
        Error(
            "PRODUCTION is false: a secret key drawn by the program and unhashed files would be used.",
            hint=hint,
            id="touchstone.E002",
        )
    ]


@register(Tags.security, deploy=True)
def address_is_secure(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.SITE_URL.startswith("https://"):
        return []
    hint = "Set SITE_URL to the https address people use; cookies and HSTS follow from it."
    return [Error("SITE_URL is not https: sessions and answers would travel in the open.", hint=hint, id="touchstone.E003")]


@register(deploy=True)
def mail_leaves_the_machine(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.EMAIL_HOST:
        return []
    hint = "Set EMAIL_HOST, EMAIL_HOST_USER and EMAIL_HOST_PASSWORD."
    return [Warning("EMAIL_HOST is empty: nobody can verify an address or reset a password.", hint=hint, id="touchstone.W001")]
