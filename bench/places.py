"""Places in a rehearsal, not started, each with a login: prints one JSON list. Run inside the environment of the server."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from exams.actions.rehearsal import open_rehearsal  # noqa: E402
from tests.factories.exams import make_paper  # noqa: E402


def main(number: int, repeat: int) -> None:
    """A paper of `4 × repeat + 1` questions, and `number` people who may start it."""
    sitting, _password = open_rehearsal(make_paper(repeat=repeat).exam, candidates=number, minutes=120)
    places = []
    for registration in sitting.registrations.select_related("candidate"):
        session = SessionStore()
        # As a log-in leaves it; hashing 500 passwords is no part of what is measured.
        session[SESSION_KEY] = str(registration.candidate_id)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = registration.candidate.get_session_auth_hash()
        session.save()
        secret = "c" * 32
        cookies = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={secret}"
        places.append({"registration": str(registration.uuid), "cookies": cookies, "csrf": secret})
    print(json.dumps(places))


main(int(sys.argv[1]), int(sys.argv[2]))
