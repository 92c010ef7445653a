"""How often one address may ask the register: enough for a person at a desk, too little to try out serials."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from certificates.errors import TooManyChecks

log = structlog.get_logger("touchstone.certificates")

View = Callable[..., HttpResponse]


def limits() -> tuple[tuple[int, int], ...]:
    """Seconds and checks: by the minute what the setting says, by the hour ten times as many."""
    per_minute = settings.CERTIFICATE_CHECKS_PER_MINUTE
    return ((60, per_minute), (3600, per_minute * 10))


def count_check(request: HttpRequest, *, now: float | None = None) -> None:
    """Count one look into the register; refuse when there were too many.

    Fixed windows: around a full minute twice the number may pass, which still leaves serials out of reach.
    With the cache away the check goes on uncounted: a stranger's answer matters more than the count.
    """
    moment = now or time.time()
    # The address itself is never stored: a keyed hash of it is, for an hour at most.
    address = salted_hmac("certificates.limits", client_address(request)).hexdigest()[:20]
    try:
        for seconds, most in limits():
            window = int(moment // seconds)
            key = f"checks:{seconds}:{window}:{address}"
            cache.add(key, 0, timeout=seconds + 5)
            if cache.incr(key) > most:
                raise TooManyChecks(retry_after=max(1, int((window + 1) * seconds - moment)))
    except TooManyChecks:
        raise
    except Exception as error:  # each cache has its own kinds of errors, and a key may expire between add and incr
        log.warning("checks_not_counted", error=type(error).__name__)


def client_address(request: HttpRequest) -> str:
    """The address the request came from, past as many proxies as the operator says are theirs."""
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if trusted and len(forwarded) >= trusted:
        return forwarded[-trusted]
    return str(request.META.get("REMOTE_ADDR", ""))


def counted(view: View) -> View:
    """Every call of the view is a look into the register."""

    @wraps(view)
    def counting(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        count_check(request)
        return view(request, *args, **kwargs)

    return counting
