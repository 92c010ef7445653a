"""A rehearsal: a sitting on the real configuration with synthetic candidates, and its removal without a trace."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import partial

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Consent, User
from common.codes import opaque_id
from exams.clock import server_now
from exams.errors import PaperNotSealed, SittingRuns
from exams.models import (
    AddedTime,
    Attempt,
    AttemptBreak,
    Exam,
    LateBundle,
    LateDecision,
    Mark,
    MarkingTask,
    Paper,
    PositionTools,
    Registration,
    Response,
    Result,
    ResultChange,
    Sitting,
    TimeGrant,
    Upload,
)

# The candidates may start for this long; each then has the minutes asked for.
HOURS_OPEN = 12


@transaction.atomic
def open_rehearsal(exam: Exam, *, candidates: int, minutes: int, at: datetime | None = None) -> tuple[Sitting, str]:
    """A rehearsal sitting of the exam's newest sealed paper with so many registered candidates, and their password.

    Refused while anybody sits this exam in earnest. Nothing is audited and no news is told: it never happened.
    """
    at = at or server_now()
    refuse_while_in_earnest(exam, at)
    paper = Paper.objects.filter(exam=exam, status=Paper.Status.SEALED).order_by("-sealed_at", "-pk").first()
    if paper is None:
        raise PaperNotSealed
    code = f"rehearsal-{exam.code.lower()}-{opaque_id()}"
    sitting = Sitting.objects.create(
        exam=exam,
        paper=paper,
        code=code,
        name=f"Rehearsal {exam.code}",
        opens_at=at - timedelta(minutes=1),
        closes_at=at + timedelta(hours=HOURS_OPEN, minutes=minutes),
        minutes=minutes,
        capacity=candidates,
        is_rehearsal=True,
    )
    password = secrets.token_urlsafe(12)
    _register(sitting, _make_people(code, candidates, password), at)
    return sitting, password


def refuse_while_in_earnest(exam: Exam, at: datetime) -> None:
    """Raises SittingRuns while a real attempt at this exam is open and its time is not over."""
    running = Attempt.objects.filter(
        registration__sitting__exam=exam,
        registration__sitting__is_rehearsal=False,
        status__in=(Attempt.Status.OPEN, Attempt.Status.PAUSED),
    ).exclude(status=Attempt.Status.OPEN, accept_until__lt=at)
    if running.exists():
        raise SittingRuns


def _make_people(code: str, number: int, password: str) -> list[User]:
    """Verified accounts at a domain that cannot exist. One password, hashed once: hashing is made to be slow."""
    hashed = make_password(password)
    people = User.objects.bulk_create(
        User(
            email=f"candidate-{index:04}@{code}.invalid",
            full_name=f"Rehearsal Candidate {index:04}",
            family_name="Candidate",
            password=hashed,
            is_synthetic=True,
        )
        for index in range(1, number + 1)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True) for person in people
    )
    return people


def _register(sitting: Sitting, people: list[User], at: datetime) -> None:
    offered = {rendering.language for rendering in sitting.paper.renderings.all()}
    language = settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in offered else min(offered)
    Registration.objects.bulk_create(
        Registration(sitting=sitting, candidate=person, language=language, registered_at=at) for person in people
    )


@transaction.atomic
def clean_rehearsal(sitting: Sitting) -> None:
    """Remove the sitting and everything it made: attempts, answers, results, people, their sessions and consents."""
    registrations = Registration.objects.filter(sitting=sitting)
    people = list(User.objects.filter(registrations__sitting=sitting, is_synthetic=True).values_list("pk", flat=True))
    attempts = Attempt.objects.filter(registration__in=registrations)
    _end_sessions(people, list(attempts.values_list("session_key", flat=True)))
    remove_runs(registrations)
    TimeGrant.objects.filter(sitting=sitting, undoes__isnull=False).delete()
    TimeGrant.objects.filter(sitting=sitting).delete()
    sitting.delete()
    EmailAddress.objects.filter(user__in=people).delete()
    Consent.objects.filter(user__in=people).delete()
    User.objects.filter(pk__in=people).delete()


def remove_runs(registrations: QuerySet[Registration]) -> None:
    """Delete registrations of a rehearsal or a practice run with all that hangs on them; of others the database keeps it."""
    attempts = Attempt.objects.filter(registration__in=registrations)
    ResultChange.objects.filter(result__attempt__in=attempts).delete()
    Result.objects.filter(attempt__in=attempts).delete()
    Mark.objects.filter(task__attempt__in=attempts).delete()
    MarkingTask.objects.filter(attempt__in=attempts).delete()
    Response.objects.filter(attempt__in=attempts).delete()
    PositionTools.objects.filter(attempt__in=attempts).delete()
    AddedTime.objects.filter(attempt__in=attempts).delete()
    AttemptBreak.objects.filter(attempt__in=attempts).delete()
    LateDecision.objects.filter(bundle__attempt__in=attempts).delete()
    LateBundle.objects.filter(attempt__in=attempts).delete()
    _remove_uploads(list(Upload.objects.filter(attempt__in=attempts)))
    attempts.delete()
    registrations.delete()


def _remove_uploads(uploads: list[Upload]) -> None:
    for upload in uploads:
        stored = upload.file
        upload.delete()
        transaction.on_commit(partial(stored.storage.delete, str(stored.name)))


def _end_sessions(people: list[int], session_keys: list[str]) -> None:
    """Sessions name their person only inside: the keys come from allauth's list, from the attempts, and from
    looking into every other session of the site."""
    keys = set(session_keys) | set(UserSession.objects.filter(user__in=people).values_list("session_key", flat=True))
    known = {str(person) for person in people}
    for session in Session.objects.exclude(session_key__in=keys).iterator():
        if session.get_decoded().get("_auth_user_id") in known:
            keys.add(session.session_key)
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(user__in=people).delete()
