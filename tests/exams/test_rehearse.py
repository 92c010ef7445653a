"""A rehearsal drives the real thing and leaves no row."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import AuditEntry, Consent, User
from exams.actions.delivery import start_attempt, submit_attempt
from exams.actions.scoring import score_attempt
from exams.models import Attempt, Response, Result, Sitting
from tests.exams.conftest import Desk
from tests.factories.exams import make_paper, make_registration, make_sitting

pytestmark = pytest.mark.django_db


def rehearse(*arguments):
    out = StringIO()
    call_command("rehearse", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def counts():
    """Rows of every table, so that a trace anywhere is seen."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models(include_auto_created=True)}


def log_in(candidate):
    """As any program would: the log-in page, then its form."""
    client = Client()
    answer = client.post("/accounts/login/", {"login": candidate["email"], "password": candidate["password"]})
    assert answer.status_code == 302, answer.content[:500]
    return client


def test_rehearsed_candidates_sit_the_exam_over_http_and_clean_leaves_no_row():
    paper = make_paper()
    before = counts()
    told = rehearse("--exam", paper.exam.code, "--candidates", "3", "--minutes", "5")
    assert set(told) == {"sitting", "candidates"}
    assert [set(candidate) for candidate in told["candidates"]] == [{"email", "password", "registration"}] * 3

    for candidate in told["candidates"]:
        registration = User.objects.get(email=candidate["email"]).registrations.get()
        assert str(registration.uuid) == candidate["registration"]
        desk = Desk(registration, log_in(candidate))
        assert desk.start().status_code == 201
        assert desk.save(3, 1, {"value": "3.14"}).status_code == 200
        assert desk.submit().status_code == 200
    score_attempt(Attempt.objects.first().pk)
    Consent.objects.create(
        user=registration.candidate, purpose="exam_rules", text_sha256="0" * 64, locale="en", given_at="2026-01-01T00:00Z"
    )
    assert (Response.objects.count(), Result.objects.count()) == (3, 1)

    assert rehearse("--clean", told["sitting"]) == {"removed": told["sitting"], "candidates": 3}
    assert counts() == before


def test_a_rehearsal_is_not_audited():
    paper = make_paper()
    entries = AuditEntry.objects.count()

    told = rehearse("--exam", paper.exam.code, "--candidates", "1", "--minutes", "5")
    rehearse("--clean", told["sitting"])

    assert AuditEntry.objects.count() == entries


def test_five_hundred_candidates_cost_one_hash_and_few_queries(django_assert_max_num_queries):
    paper = make_paper()

    with django_assert_max_num_queries(25):
        told = rehearse("--exam", paper.exam.code, "--candidates", "500", "--minutes", "60")

    assert len({candidate["email"] for candidate in told["candidates"]}) == 500
    assert Sitting.objects.get(code=told["sitting"]).is_rehearsal


def test_refused_while_somebody_sits_the_exam_in_earnest():
    registration = make_registration()
    attempt = start_attempt(registration)
    arguments = ("--exam", registration.sitting.exam.code, "--candidates", "1", "--minutes", "5")
    with pytest.raises(CommandError, match="right now"):
        rehearse(*arguments)

    submit_attempt(attempt, lease=attempt.lease)
    assert rehearse(*arguments)["candidates"]


def test_clean_never_removes_a_real_sitting():
    sitting = make_sitting()
    with pytest.raises(CommandError, match="never removed"):
        rehearse("--clean", sitting.code)
    assert Sitting.objects.filter(pk=sitting.pk).exists()


def test_an_unknown_exam_or_no_sealed_paper_is_said():
    with pytest.raises(CommandError, match="code of an exam"):
        rehearse("--exam", "nothing", "--candidates", "1", "--minutes", "5")
    draft = make_paper(sealed=False)
    with pytest.raises(CommandError, match="sealed"):
        rehearse("--exam", draft.exam.code, "--candidates", "1", "--minutes", "5")
