"""What people do with their own account, and what administrators do with accounts."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone
from wagtail.users.models import UserProfile

from accounts.actions.audit import record
from accounts.models import Consent, User
from accounts.texts import text_digest


@transaction.atomic
def create_account(
    email: str,
    *,
    full_name: str,
    family_name: str = "",
    password: str | None = None,
    language: str = "en",
    time_zone: str = "Asia/Shanghai",
    by: User | None = None,
) -> User:
    """An account with a verified address, made by an administrator or the installer, not by sign-up.

    Without a password the person sets one through the reset mail.
    """
    user = User.objects.create_user(
        email, password, full_name=full_name, family_name=family_name, language=language, time_zone=time_zone
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record("account_created", user, by=by)
    return user


def tell_back_office(user: User) -> User:
    """Wagtail keeps a language and a time zone of its own for each person; ours are the ones that count."""
    profile = UserProfile.get_for_user(user)
    profile.preferred_language, profile.current_time_zone = user.language, user.time_zone
    profile.save(update_fields=["preferred_language", "current_time_zone"])
    return user


@transaction.atomic
def give_consent(user: User, purpose: str, *, locale: str, at: datetime | None = None) -> Consent:
    """Record that a person accepted a text, by its hash. The same text twice is one row."""
    consent, _created = Consent.objects.get_or_create(
        user=user,
        purpose=purpose,
        text_sha256=text_digest(purpose, locale),
        defaults={"locale": locale, "given_at": at or timezone.now()},
    )
    return consent


@transaction.atomic
def deactivate_account(user: User, *, by: User, reason: str) -> User:
    """Close an account: it can no longer sign in and every session ends now. The record of what it did stays."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    record("account_deactivated", user, by=by, summary=reason)
    for session in UserSession.objects.filter(user=user):
        session.end()
    return user


@transaction.atomic
def reactivate_account(user: User, *, by: User, reason: str) -> User:
    """Open a closed account again."""
    user.is_active = True
    user.save(update_fields=["is_active"])
    record("account_reactivated", user, by=by, summary=reason)
    return user
