"""Sign-ins and refusals go to the log, without saying who in words."""

from __future__ import annotations

from typing import Any

import structlog
from allauth.account.signals import authentication_step_completed, password_changed, user_signed_up
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.dispatch import receiver

from accounts.actions.people import tell_back_office

log = structlog.get_logger("touchstone.accounts")


@receiver(user_logged_in)
def log_sign_in(user: Any, **_kwargs: Any) -> None:
    log.info("signed_in", user=user.pk)


@receiver(user_logged_in)
def greet_in_own_language(user: Any, **_kwargs: Any) -> None:
    if user.role_names:
        tell_back_office(user)


@receiver(user_login_failed)
def log_failed_sign_in(**_kwargs: Any) -> None:
    log.warning("sign_in_failed")


@receiver(authentication_step_completed)
def log_step(user: Any, method: str, **_kwargs: Any) -> None:
    log.info("authentication_step", user=user.pk, method=method)


@receiver(user_signed_up)
def log_sign_up(user: Any, **_kwargs: Any) -> None:
    log.info("signed_up", user=user.pk)


@receiver(password_changed)
def log_password_change(user: Any, **_kwargs: Any) -> None:
    log.info("password_changed", user=user.pk)
