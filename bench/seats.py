"""Started attempts to save into: prints one JSON list. Run inside the environment of the server to be measured."""

from __future__ import annotations

import json
import sys

import django

django.setup()

from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from exams.actions.delivery import start_attempt  # noqa: E402
from exams.actions.rehearsal import open_rehearsal  # noqa: E402
from exams.tokens import issue_token  # noqa: E402
from tests.factories.exams import make_paper  # noqa: E402


def main(number: int) -> None:
    paper = make_paper()
    sitting, _password = open_rehearsal(paper.exam, candidates=number, minutes=120)
    seats = []
    for registration in sitting.registrations.all():
        session = SessionStore()
        session["_auth_user_id"] = str(registration.candidate_id)
        session.save()
        attempt = start_attempt(registration, session_key=session.session_key)
        token = issue_token(attempt, paper_uuid=str(paper.uuid))
        seats.append({"uuid": str(attempt.uuid), "id": attempt.pk, "token": token, "lease": attempt.lease})
    print(json.dumps(seats))


main(int(sys.argv[1]))
