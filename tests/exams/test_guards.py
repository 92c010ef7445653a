"""What the database refuses whoever asks, and what check_integrity finds when it was done all the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from common.integrity import run_checks
from exams.actions.delivery import start_attempt, submit_attempt
from exams.actions.scoring import score_attempt
from exams.models import (
    Attempt,
    ItemVersion,
    ItemWording,
    Option,
    OptionWording,
    Paper,
    PaperItem,
    PaperRendering,
    Response,
    Result,
)
from tests.factories.accounts import staff
from tests.factories.exams import make_paper, make_registration, make_sitting
from tests.factories.results import release_result

pytestmark = pytest.mark.django_db
RECEIPT = "the receipt says what is stored, and what was marked"
RESULT = "the result is that of the stored responses"


@pytest.fixture
def closed():
    """A closed, scored attempt with one answer."""
    attempt = start_attempt(make_registration(make_sitting(make_paper())))
    Response.objects.create(attempt=attempt, position=3, seq=5, body='{"value":"3.14"}', saved_at=timezone.now())
    attempt = submit_attempt(attempt, lease=attempt.lease)
    score_attempt(attempt.pk)
    return attempt


def refuses(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


def test_a_response_only_rises_and_is_kept(closed):
    stored = Response.objects.all()
    for change in ({"seq": 4}, {"seq": 5, "body": None}, {"seq": 6, "position": 4}):
        refuses(lambda change=change: stored.update(**change))
    refuses(stored.delete)
    stored.update(seq=6)


def test_an_attempt_moves_legally_and_closed_is_final(closed):
    for change in (
        {"status": "open"},
        {"status": "timed_out"},
        {"submitted_at": timezone.now()},
        {"closes_at": timezone.now()},
        {"receipt": {}},
        {"language": "zh-hans"},
        {"started_at": timezone.now()},
    ):
        refuses(lambda change=change: Attempt.objects.update(**change))
    refuses(lambda: Attempt.objects.all().delete())
    Attempt.objects.update(lease="another", session_key="another")


def test_a_released_result_is_final(closed):
    result = release_result(closed.result, by=staff("certification_officer", "Eve"))
    for change in ({"raw_score": 0}, {"outcome": "passed"}, {"areas": []}, {"status": "held", "released_at": None}):
        refuses(lambda change=change: Result.objects.update(**change))
    refuses(result.delete)


def test_a_sealed_paper_and_its_items_never_change():
    paper = make_paper()
    item, rendering = paper.items.first(), paper.renderings.first()
    for act in (
        lambda: Paper.objects.update(cut_percent=1),
        lambda: Paper.objects.update(status="draft"),
        lambda: PaperItem.objects.update(is_scored=False),
        lambda: PaperItem.objects.filter(pk=item.pk).delete(),
        lambda: PaperItem.objects.create(paper=paper, position=99, version=item.version, content_area=1),
        lambda: PaperRendering.objects.update(document={}),
        lambda: rendering.delete(),
        lambda: ItemVersion.objects.update(points=7),
        lambda: ItemVersion.objects.update(status="draft"),
        lambda: ItemVersion.objects.filter(pk=item.version_id).update(key={"value": "1"}),
        lambda: ItemWording.objects.update(stem="other"),
        lambda: ItemWording.objects.create(version=item.version, language="fr", stem="nouveau"),
        lambda: Option.objects.update(is_key=True),
        lambda: OptionWording.objects.update(text="other"),
        lambda: OptionWording.objects.all().delete(),
    ):
        refuses(act)
    ItemVersion.objects.update(status="retired")
    Paper.objects.update(status="retired")
    refuses(lambda: ItemVersion.objects.update(status="approved"))


def test_a_draft_paper_may_change_and_go():
    paper = make_paper(sealed=False)

    paper.items.all().delete()
    paper.delete()

    assert not Paper.objects.exists()


def found():
    return {check["check"]: check["rows"] for check in run_checks() if check["rows"]}


def test_a_sound_store_has_no_violation(closed):
    start_attempt(make_registration())

    assert {name: rows for name, rows in found().items() if "exam" in name or "attempt" in name or "paper" in name} == {}
    assert found() == {}


def plant(table, sql, without_triggers):
    with without_triggers(table), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("table", "sql", "check"),
    [
        (
            "exams_response",
            'UPDATE exams_response SET body = \'{"value":"9"}\'',
            RECEIPT,
        ),
        ("exams_response", 'UPDATE exams_response SET body = \'{"value":"9"}\'', RESULT),
        ("exams_response", "DELETE FROM exams_response", RECEIPT),
        ("exams_response", "UPDATE exams_response SET seq = 0", "sequence numbers only rise"),
        ("exams_response", "UPDATE exams_response SET saved_at = '2099-01-01'", "nothing was accepted after the deadline"),
        ("exams_attempt", "UPDATE exams_attempt SET submitted_at = '2099-01-01'", "nothing was accepted after the deadline"),
        ("exams_attempt", "UPDATE exams_attempt SET status = 'lost'", None),
        ("exams_paperitem", "UPDATE exams_paperitem SET is_scored = NOT is_scored", "a sealed paper is as it was sealed"),
        ("exams_result", "DELETE FROM exams_result", None),
    ],
)
def test_a_planted_violation_is_found(closed, without_triggers, table, sql, check):
    """Some the constraints refuse even without triggers; the rest check_integrity names."""
    if check is None and table == "exams_attempt":
        with pytest.raises(IntegrityError), transaction.atomic():
            plant(table, sql, without_triggers)
        return
    plant(table, sql, without_triggers)
    if table == "exams_result":
        long_ago = timezone.now() - timedelta(hours=1)
        with without_triggers("exams_attempt"):
            Attempt.objects.update(submitted_at=long_ago)
        check = "no exam work is forgotten"
    assert check in found()


def test_a_key_in_a_rendering_is_found(without_triggers):
    paper = make_paper()
    rendering = paper.renderings.first()
    rendering.document["sections"][0]["positions"][0]["key"] = "x"
    with without_triggers("exams_paperrendering"):
        rendering.save()

    assert set(found()) == {"what candidates are served depends on no key", "a sealed paper is as it was sealed"}


def test_a_missing_trigger_is_found():
    with connection.cursor() as cursor:
        on = " ON exams_response" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER exams_response_rises{on}")

    assert found()["sequence numbers only rise"] == [
        {"row": "trigger exams_response_rises", "problem": "it is not in the database"}
    ]
