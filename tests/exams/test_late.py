"""Late answers: taken after the exam from its candidate only, kept apart, decided on by two people."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import AuditEntry, Role
from common.errors import NotPermitted
from exams.actions.late import confirm_late_decision, propose_late_decision, withdraw_late_decision
from exams.actions.scoring import score_attempt
from exams.errors import LateDecided, LateNotTaken, SecondPersonNeeded
from exams.models import Attempt, LateBundle, LateDecision, Response
from tests.exams.back_office import signed_in
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import administrator

pytestmark = pytest.mark.django_db
WHEN = "2026-11-25T10:00:00.000Z"


def answer(position=3, seq=2, response=None, **changes):
    return {"position": position, "seq": seq, "response": response or {"value": "7"}, "changed_at": WHEN, **changes}


def late(desk, *answers, reason="The network was down.", client=None, raw=None, **headers):
    body = raw if raw is not None else json.dumps({"reason": reason, "answers": list(answers)})
    return (client or desk.client).post(
        f"/exams/attempts/{desk.uuid}/late/",
        data=body,
        content_type="application/json",
        headers={"accept": "application/json", **headers},
    )


@pytest.fixture
def closed(desk):
    desk.save(3, 1, {"value": "1"})
    desk.submit()
    return desk


def test_late_answers_are_kept_apart_and_change_nothing(closed):
    before = list(Response.objects.values_list("position", "seq", "body"))
    result = score_attempt(Attempt.objects.get().pk)

    received = late(closed, answer(), answer(4, 1, {"text": "inference"}))
    assert received.status_code == 201
    bundle = LateBundle.objects.get()
    assert received.json()["sha256"] == bundle.sha256
    assert [(each["position"], each["response"], each["changed_at"]) for each in bundle.answers] == [
        (3, {"value": "7"}, WHEN),
        (4, {"text": "inference"}, WHEN),
    ]
    assert list(Response.objects.values_list("position", "seq", "body")) == before
    assert score_attempt(Attempt.objects.get().pk).positions == result.positions
    entry = AuditEntry.objects.get(act="late_bundle.received")
    assert "inference" not in json.dumps(entry.details) and "network" not in json.dumps(entry.details)


def test_the_same_again_is_the_same_bundle_and_only_what_is_newer_is_taken(closed):
    first = late(closed, answer(), answer(3 + 1, 1, {"text": "x"})).json()
    assert late(closed, answer(4, 1, {"text": "x"}), answer()).json()["bundle"] == first["bundle"]
    stored = late(closed, answer(3, 1, {"value": "1"}))
    assert (stored.status_code, stored.json()["code"]) == (409, "late_not_taken")
    for number in (5, 6):
        assert late(closed, answer(3, number)).status_code == 201
    assert late(closed, answer(3, 7)).json()["code"] == "late_not_taken"
    assert LateBundle.objects.count() == 3


def test_nothing_is_taken_while_the_exam_is_open_or_long_after(desk, without_triggers):
    assert late(desk, answer()).json()["code"] == "late_not_taken"
    desk.submit()
    assert late(desk, answer(), reason="  ").json()["code"] == "late_not_taken"
    with without_triggers("exams_attempt"):
        Attempt.objects.update(submitted_at=timezone.now() - timedelta(days=15))
    assert late(desk, answer()).json()["code"] == "late_not_taken"
    assert not LateBundle.objects.exists()


@pytest.mark.parametrize(
    "raw",
    [
        "", "[]", "{", "[" * 9000, '{"reason": "x"}', '{"reason": "x", "answers": {}}', '{"reason": 7, "answers": []}',
        json.dumps({"reason": "x" * 2001, "answers": [answer()]}),
        json.dumps({"reason": "x", "answers": [answer(99)]}),
        json.dumps({"reason": "x", "answers": [answer(), answer()]}),
        json.dumps({"reason": "x", "answers": [answer(seq=0)]}),
        json.dumps({"reason": "x", "answers": [answer(seq=True)]}),
        json.dumps({"reason": "x", "answers": [answer(response={"choice": "x"})]}),
        json.dumps({"reason": "x", "answers": [answer(points=1)]}),
        json.dumps({"reason": "\0", "answers": [answer()]}),
        '{"reason": "\\ud800", "answers": []}',
    ],
)  # fmt: skip
def test_what_is_malformed_is_refused(closed, raw):
    refused = late(closed, raw=raw)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_response")
    assert not LateBundle.objects.exists()


def test_a_claimed_time_that_is_none_is_left_out(closed):
    for number, claimed in enumerate(("yesterday", 7, "2026-99-99T00:00:00Z", None, "x" * 1000), start=2):
        if number < 5:
            assert late(closed, answer(seq=number, changed_at=claimed)).status_code == 201
    assert {each["changed_at"] for bundle in LateBundle.objects.all() for each in bundle.answers} == {None}


def test_only_the_candidate_hands_in_by_login_and_form_token(closed):
    assert late(closed, answer(), client=Client()).status_code == 401
    assert late(closed, answer(), client=signed_in(UserFactory(full_name="Ben"))).status_code == 404
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(closed.registration.candidate)
    assert late(closed, answer(), client=strict).status_code == 403
    assert late(closed, raw="x" * 1_100_000).status_code == 413
    # The exam's own token is not asked for: by then it may have ended.
    assert late(closed, answer()).status_code == 201


def test_two_people_decide_and_the_candidate_sees_it(closed):
    late(closed, answer())
    bundle = LateBundle.objects.get()
    eve, adam = staff(Role.CERTIFICATION_OFFICER, "Eve"), administrator()
    page = f"/exams/attempts/{closed.uuid}/"
    assert "Two people decide on them" in closed.client.get(page).content.decode()
    with pytest.raises(LateNotTaken):
        confirm_late_decision(bundle, by=adam)
    with pytest.raises(NotPermitted):
        propose_late_decision(bundle, verdict="accepted", reason="x", by=UserFactory())
    with pytest.raises(LateNotTaken):
        propose_late_decision(bundle, verdict="accepted", reason=" ", by=eve)
    propose_late_decision(bundle, verdict="refused", reason="A slip", by=eve)
    withdraw_late_decision(bundle, by=eve)
    propose_late_decision(bundle, verdict="accepted", reason="The hall had no power.", by=eve)
    with pytest.raises(LateDecided):
        propose_late_decision(bundle, verdict="refused", reason="x", by=adam)
    with pytest.raises(SecondPersonNeeded):
        confirm_late_decision(bundle, by=eve)
    assert "The hall had no power" not in closed.client.get(page).content.decode()

    confirm_late_decision(bundle, by=adam)
    for shown in (page, f"/exams/registrations/{closed.registration.uuid}/"):
        assert "The hall had no power." in closed.client.get(shown).content.decode()
    for act in (withdraw_late_decision, confirm_late_decision):
        with pytest.raises(LateDecided):
            act(bundle, by=adam)
    assert AuditEntry.objects.filter(act="late_bundle.decided").count() == 1


def test_the_database_keeps_bundles_and_decisions(closed):
    late(closed, answer())
    bundle = LateBundle.objects.get()
    eve = staff(Role.CERTIFICATION_OFFICER, "Eve")
    propose_late_decision(bundle, verdict="accepted", reason="x", by=eve)
    refused = [
        lambda: LateBundle.objects.update(answers=[]),
        lambda: LateBundle.objects.update(reason="another"),
        lambda: LateDecision.objects.update(verdict="refused"),
        lambda: LateDecision.objects.update(confirmed_by=eve, confirmed_at=timezone.now()),
    ]
    confirmed = [lambda: LateDecision.objects.all().delete(), lambda: LateDecision.objects.update(confirmed_at=timezone.now())]
    for act in refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    confirm_late_decision(bundle, by=administrator())
    for act in confirmed:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_who_decides_sees_both_answers_and_no_key_and_no_name(closed):
    late(closed, answer(), answer(1, 1, {"choice": closed_choice(closed)}))
    bundle = LateBundle.objects.get()
    eve = signed_in(staff(Role.CERTIFICATION_OFFICER, "Eve"))
    assert "to be decided" in eve.get("/admin/late_answers/").content.decode()
    shown = eve.get(f"/admin/late_answers/{bundle.uuid}/").content.decode()
    assert "<td>1</td><td>7</td>" in shown and "Option 2 (en)" in shown
    assert closed.registration.candidate.full_name not in shown.split("<main")[1]
    assert "3.14" not in shown and "SECRETWORD" not in shown
    posted = eve.post(f"/admin/late_answers/{bundle.uuid}/", {"verdict": "refused", "reason": "Too late."})
    assert posted.status_code == 302
    eve.post(f"/admin/late_answers/{bundle.uuid}/confirm/")
    assert LateDecision.objects.get().confirmed_at is None
    signed_in(administrator()).post(f"/admin/late_answers/{bundle.uuid}/confirm/")
    assert LateDecision.objects.get().confirmed_at is not None


def closed_choice(desk):
    """The token of the second option of question 1, from the sealed rendering."""
    document = Attempt.objects.get().paper.renderings.get(language="en").document
    option = next(each for each in document["sections"][0]["positions"][0]["options"] if "Option 2" in each["text"])
    return option["id"]


def test_a_bundle_that_was_changed_is_found(closed, without_triggers):
    from tests.exams.test_sections import problems

    name = "a late bundle is what was received"
    late(closed, answer())
    assert problems(name) == []
    with without_triggers("exams_latebundle"):
        LateBundle.objects.update(answers=[answer(response={"value": "3"})])
    assert problems(name) == ["its answers are not those of its digest"]
