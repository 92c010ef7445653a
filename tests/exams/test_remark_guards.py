"""Re-marks: what the database refuses, the worker, who is told what, and the pages."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Letter, Role
from exams.actions import remarks as acts
from exams.actions.remarks import commit_remark, redo_dry_run, run_remark_dry
from exams.models import Remark, Result, ResultChange
from exams.signals import result_corrected
from exams.tasks import sweep_results
from tests.factories.accounts import UserFactory, staff
from tests.factories.attempts import right_answers, scored, token
from tests.factories.exams import make_paper, make_sitting
from tests.factories.remarks import WORDS, people, propose, ready, refused
from tests.factories.results import board_member, release_sitting

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return staff(Role.ADMINISTRATOR, "Ana Admin")


@pytest.fixture
def carl():
    return board_member("Carl Chair", Role.CERTIFICATION_OFFICER)


@pytest.fixture
def sitting():
    return make_sitting(make_paper())


@pytest.fixture
def items(sitting):
    return list(sitting.paper.items.select_related("version__item").order_by("position"))


@pytest.fixture
def answers(items):
    return right_answers(items)


# --- The database's own guards -------------------------------------------------------------------


def test_the_database_wants_two_people_and_a_dry_run(sitting, items, answers, ana, carl):
    scored(sitting, UserFactory(), answers)
    waiting = propose(items[0], ana)
    now = timezone.now()

    refused(lambda: Remark.objects.filter(pk=waiting.pk).update(status="committed", decided_by=carl, decided_at=now))
    remark = run_remark_dry(waiting.pk)
    refused(lambda: Remark.objects.filter(pk=remark.pk).update(status="committed", decided_by=ana, decided_at=now))
    refused(lambda: Remark.objects.filter(pk=remark.pk).update(status="committed"))
    refused(lambda: Remark.objects.filter(pk=remark.pk).update(kind="credit"))


def test_a_released_result_changes_only_as_a_committed_remark_foresaw(sitting, items, answers, ana, carl):
    result = scored(sitting, UserFactory(), answers)
    release_sitting(sitting)
    remark = ready(items[0], ana)
    change = remark.changes.get()
    foreseen = {
        "raw_score": change.raw_after,
        "max_score": change.max_after,
        "cut_score": change.cut_after,
        "scaled_score": change.scaled_after,
        "outcome": change.outcome_after,
        **change.after,
    }
    rows = Result.objects.filter(pk=result.pk)

    refused(lambda: rows.update(**foreseen))
    commit_remark(remark, by=carl)
    refused(lambda: rows.update(raw_score=0))
    refused(lambda: rows.update(released_at=timezone.now()))
    refused(lambda: ResultChange.objects.filter(pk=change.pk).update(scaled_after=800))
    refused(lambda: ResultChange.objects.filter(pk=change.pk).delete())
    refused(lambda: ResultChange.objects.create(**{
        **{f.attname: getattr(change, f.attname) for f in change._meta.fields if f.name not in ("id", "result")},
        "result": scored(sitting, UserFactory(), {}),
    }))  # fmt: skip


# --- The worker ----------------------------------------------------------------------------------


def test_the_dry_run_is_done_once_and_the_sweeper_rings(sitting, items, answers, ana, monkeypatch):
    scored(sitting, UserFactory(), answers)
    remark, rung = propose(items[0], ana), []
    monkeypatch.setattr("common.events.ring", lambda task, *args: rung.append((task.name, *args)))
    sweep_results()

    assert rung == [("exams.tasks.run_remark_dry_task", remark.pk)]
    assert run_remark_dry(remark.pk).status == "ready"
    assert run_remark_dry(remark.pk) is None


def test_a_dry_run_that_fails_three_times_says_so_and_can_be_asked_again(sitting, items, answers, ana, carl, monkeypatch):
    scored(sitting, UserFactory(), answers)
    remark = propose(items[0], ana)

    def fail(*_args, **_more):
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(acts, "work_out", fail)
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                run_remark_dry(remark.pk)
        assert run_remark_dry(remark.pk).status == "failed"
    redo_dry_run(remark, by=carl)
    assert run_remark_dry(remark.pk).status == "ready"


# --- Telling -------------------------------------------------------------------------------------


def test_letters_and_news_go_to_released_real_candidates_once(
    sitting, items, answers, ana, carl, django_capture_on_commit_callbacks
):
    released = scored(sitting, UserFactory(full_name="Ada"), answers)
    release_sitting(sitting)
    scored(sitting, UserFactory(), answers)
    heard = []

    def hear(result_id, change_id, **_facts):
        heard.append(result_id)

    result_corrected.connect(hear)
    remark = ready(items[0], ana)
    with django_capture_on_commit_callbacks(execute=True):
        commit_remark(remark, by=carl)
    result_corrected.disconnect(hear)

    assert heard == [released.pk]
    letter = Letter.objects.get(key__startswith="result.corrected:")
    assert (letter.recipient, "Ada" in letter.body) == (released.attempt.registration.candidate, True)
    assert WORDS["reason"] not in letter.body
    entry = AuditEntry.objects.get(act="remark.committed")
    assert entry.actor_id == carl.pk
    assert "right" not in str(entry.details)


def test_the_candidate_reads_the_reason_and_what_was_and_never_the_item(client, sitting, items, answers, ana, carl):
    result = scored(sitting, UserFactory(), {**answers, 1: {"choice": token(items[0], 3)}, 3: {"value": "1"}})
    release_sitting(sitting)
    commit_remark(ready(items[0], ana, "key", [{"right": [token(items[0], 3)]}]), by=carl)

    client.force_login(result.attempt.registration.candidate)
    page = client.get(reverse("exams:result", args=[result.uuid])).content.decode()

    assert "A question was unclear." in page
    assert WORDS["reason"] not in page
    assert "Not passed" in page or "not passed" in page
    assert items[0].version.item.code not in page


# --- Pages ---------------------------------------------------------------------------------------


def test_the_pages_lead_from_the_item_to_the_commit(client, sitting, items, answers, ana, carl):
    results = people(sitting, items, answers, 5)
    client.force_login(ana)
    chosen = client.get(reverse("remarks:choose"), {"q": items[0].version.item.code}).content.decode()
    assert reverse("remarks:propose", args=[items[0].version.uuid]) in chosen
    page = client.get(reverse("remarks:propose", args=[items[0].version.uuid])).content.decode()
    assert "option 2" in page
    answer = client.post(
        reverse("remarks:propose", args=[items[0].version.uuid]),
        {"kind": "accept", "right": [token(items[0], 2), token(items[0], 3)], **WORDS},
    )
    remark = Remark.objects.get()
    assert remark.keys == [{"right": [token(items[0], 3)]}]
    assert "The dry run is at 0 percent" in client.get(answer.url).content.decode()
    run_remark_dry(remark.pk)
    page = client.get(answer.url).content.decode()
    assert "another person has to commit it" in page
    assert "Candidate 1" in page
    client.force_login(carl)
    page = client.get(answer.url).content.decode()
    assert "option 3" not in page  # officers decide on consequences; keys are the bank's
    client.post(reverse("remarks:commit", args=[remark.uuid]))
    remark.refresh_from_db()
    assert (remark.status, remark.decided_by) == ("committed", carl)
    assert len(results) == 5


@pytest.mark.parametrize("position", [2, 3, 4])
def test_every_kind_of_key_can_be_typed(client, sitting, items, answers, ana, position):
    scored(sitting, UserFactory(), answers)
    item = items[position - 1]
    tokens = sorted(token(item, number) for number in (1, 3)) if position == 2 else []
    said = {
        2: {"right": tokens},
        3: {"value": "2.5", "tolerance": "0.1"},
        4: {"accepted_en": "One\nTwo", "accepted_zh-hans": "一"},
    }[position]
    client.force_login(ana)

    client.post(reverse("remarks:propose", args=[item.version.uuid]), {"kind": "key", **said, **WORDS})

    assert (
        Remark.objects.get().keys
        == {
            2: [{"right": tokens}],
            3: [{"answer": {"value": "2.5", "tolerance": "0.1"}}],
            4: [{"answer": {"accepted": {"en": ["One", "Two"], "zh-hans": ["一"]}}}],
        }[position]
    )


def test_a_remark_page_costs_the_same_whatever_changes(client, sitting, items, answers, ana, django_assert_max_num_queries):
    people(sitting, items, answers, 20)
    remark = ready(items[0], ana)
    client.force_login(ana)
    client.get(reverse("remarks:detail", args=[remark.uuid]))
    with django_assert_max_num_queries(30):
        client.get(reverse("remarks:detail", args=[remark.uuid]))
