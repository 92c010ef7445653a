"""The attempt token: a short signed text that stands in for session, user and CSRF look-ups while answers are saved.

It names the attempt, its paper and language, the epoch it was handed out in and the lease that went with it. What
can change (status, epoch, lease, whether the login still lives) is compared with the attempt's row at each use.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings

if TYPE_CHECKING:
    from exams.models import Attempt

# Longer than any exam with its pauses; the deadline itself is in the attempt's row.
SECONDS_AFTER_CLOSING = 12 * 3600
HEADER = "X-Attempt-Token"
META_KEY = "HTTP_X_ATTEMPT_TOKEN"
LONGEST = 400


class Token(NamedTuple):
    attempt_id: int
    attempt_uuid: str
    paper_uuid: str
    language: str
    epoch: int
    lease: str
    expires: int


@lru_cache(maxsize=8)
def _key(secret: str) -> bytes:
    return hashlib.sha256(b"exams.tokens:" + secret.encode()).digest()


def _signature(payload: bytes, secret: str) -> bytes:
    return urlsafe_b64encode(hmac.digest(_key(secret), payload, "sha256"))


def issue_token(attempt: Attempt, *, paper_uuid: str) -> str:
    """A token for the attempt as it stands: same epoch, same lease."""
    expires = int(attempt.accept_until.timestamp()) + SECONDS_AFTER_CLOSING
    fields = (attempt.pk, attempt.uuid, paper_uuid, attempt.language, attempt.token_epoch, attempt.lease, expires)
    payload = urlsafe_b64encode("|".join(map(str, fields)).encode())
    return f"{payload.decode()}.{_signature(payload, settings.SECRET_KEY).decode()}"


def read_token(text: str) -> Token | None:
    """The token, if we signed it and it has not expired; None otherwise, without saying why."""
    if not 0 < len(text) <= LONGEST or not text.isascii():
        return None
    payload, _dot, signature = text.encode().partition(b".")
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(hmac.compare_digest(signature, _signature(payload, secret)) for secret in secrets):
        return None
    attempt_id, attempt_uuid, paper_uuid, language, epoch, lease, expires = urlsafe_b64decode(payload).decode().split("|")
    token = Token(int(attempt_id), attempt_uuid, paper_uuid, language, int(epoch), lease, int(expires))
    return token if token.expires >= time.time() else None
