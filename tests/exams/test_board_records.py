"""Results leave the house by a record that two people signed, and by nothing else."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Letter, Role
from common.errors import InvalidInput, NotPermitted
from common.integrity import run_checks
from exams.actions import board_records
from exams.actions.board_records import (
    draft_board_record,
    release_board_record,
    sign_board_record,
    withdraw_board_record,
)
from exams.errors import NothingHeld, OwnResult, RecordMoved, SecondPersonNeeded
from exams.models import BoardEntry, BoardRecord, Result
from exams.signals import result_released
from exams.tasks import sweep_results
from tests.factories.accounts import UserFactory, staff
from tests.factories.attempts import right_answers, scored
from tests.factories.exams import make_paper, make_sitting
from tests.factories.results import board_member, release_sitting, signed_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def sitting():
    return make_sitting(make_paper())


@pytest.fixture
def results(sitting):
    answers = right_answers(list(sitting.paper.items.select_related("version__item")))
    return [
        scored(sitting, UserFactory(full_name=f"Candidate {number}"), {} if number == 2 else answers) for number in range(3)
    ]


@pytest.fixture
def bea():
    return board_member()


@pytest.fixture
def carl():
    return board_member("Carl Chair", Role.CERTIFICATION_OFFICER)


def draft(sitting, by, **more):
    return draft_board_record(sitting, **{"incidents": "None.", "decision": "To be released.", **more}, by=by)


def refused(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


def test_a_record_says_what_the_board_has_to_know(sitting, results, bea):
    record = draft(sitting, bea)

    assert (record.status, record.number, record.entries.count()) == ("draft", 1, 3)
    assert {name: record.figures[name] for name in ("registered", "attended", "covered", "running", "unscored")} == {
        "registered": 3, "attended": 3, "covered": 3, "running": 0, "unscored": 0,
    }  # fmt: skip
    (paper,) = record.figures["papers"]
    assert (paper["n"], paper["passed"], paper["pass_rate"], paper["mean_percent"]) == (3, 2, 66.7, 66.7)
    assert (paper["cut_percent"], paper["cut_is_decided"]) == ("60", False)


def test_two_signatures_release_everything_once(sitting, results, bea, carl, django_capture_on_commit_callbacks):
    heard = []

    def hear(result_id, **_facts):
        heard.append(result_id)

    result_released.connect(hear)
    record = draft(sitting, bea)
    sign_board_record(record, by=bea)
    assert release_board_record(record.pk) == 0
    assert set(Result.objects.values_list("status", flat=True)) == {"held"}
    signed = sign_board_record(record, by=carl)
    assert signed.status == "signed"
    with django_capture_on_commit_callbacks(execute=True):
        assert (release_board_record(record.pk), release_board_record(record.pk)) == (3, 0)
    result_released.disconnect(hear)

    record.refresh_from_db()
    assert record.status == "released"
    assert sorted(heard) == [result.pk for result in results]
    assert set(Result.objects.values_list("status", "released_by")) == {("released", carl.pk)}
    assert Letter.objects.filter(key__startswith="result.released:").count() == 3
    acts = AuditEntry.objects.order_by("sequence").filter(act__startswith="board_record").values_list("act", "actor_id")
    assert list(acts) == [
        ("board_record.drafted", bea.pk),
        ("board_record.signed", bea.pk),
        ("board_record.signed", carl.pk),
    ]
    assert AuditEntry.objects.filter(act="result.released", actor_id=carl.pk).count() == 3


def test_nobody_signs_twice_and_the_database_says_the_same(sitting, results, bea):
    record = sign_board_record(draft(sitting, bea), by=bea)

    with pytest.raises(SecondPersonNeeded):
        sign_board_record(record, by=bea)
    refused(lambda: BoardRecord.objects.filter(pk=record.pk).update(second_by=bea, second_at=timezone.now(), status="signed"))
    refused(lambda: BoardRecord.objects.filter(pk=record.pk).update(status="signed"))


def test_only_the_board_draws_up_and_signs(sitting, results, bea):
    for role in (Role.AUDITOR, Role.EXAMINER, Role.INVIGILATOR, Role.ITEM_WRITER):
        outsider = staff(role, "Out Sider")
        with pytest.raises(NotPermitted):
            draft(sitting, outsider)
    record = draft(sitting, bea)
    for role in (Role.AUDITOR, Role.EXAMINER):
        with pytest.raises(NotPermitted):
            sign_board_record(record, by=staff(role, f"No {role}"))


def test_a_candidate_has_no_part_in_their_own_record(sitting, results, bea, carl):
    eve = staff(Role.CERTIFICATION_OFFICER, "Eve Candidate")
    scored(sitting, eve, {})

    with pytest.raises(OwnResult):
        draft(sitting, eve)
    record = sign_board_record(draft(sitting, bea), by=bea)
    with pytest.raises(OwnResult):
        sign_board_record(record, by=eve)
    refused(lambda: BoardRecord.objects.filter(pk=record.pk).update(second_by=eve, second_at=timezone.now(), status="signed"))


def test_a_result_that_moved_must_be_drawn_up_again(sitting, results, bea, carl):
    record = sign_board_record(draft(sitting, bea), by=bea)
    Result.objects.filter(pk=results[0].pk).update(raw_score=1)

    with pytest.raises(RecordMoved):
        sign_board_record(record, by=carl)
    again = draft(sitting, carl)
    assert (again.pk, again.first_by, again.drafted_by) == (record.pk, None, carl)
    sign_board_record(again, by=bea)
    assert sign_board_record(again, by=carl).status == "signed"


def test_no_release_without_a_signed_record_whatever_one_writes(sitting, results, bea):
    now = timezone.now()
    release = {"status": "released", "released_at": now, "released_by": bea}

    refused(lambda: Result.objects.filter(pk=results[0].pk).update(**release))
    record = sign_board_record(draft(sitting, bea), by=bea)
    refused(lambda: Result.objects.filter(pk=results[0].pk).update(**release))
    assert BoardRecord.objects.get(pk=record.pk).status == "draft"


def test_a_rehearsal_needs_no_record(bea):
    sitting = make_sitting(make_paper(), is_rehearsal=True)
    result = scored(sitting, UserFactory(), {})

    with pytest.raises(NotPermitted):
        draft(sitting, bea)
    Result.objects.filter(pk=result.pk).update(status="released", released_at=timezone.now(), released_by=bea)


def test_what_is_signed_stays(sitting, results, bea, carl):
    record = signed_record(sitting)

    refused(lambda: BoardRecord.objects.filter(pk=record.pk).update(decision="Another"))
    refused(lambda: BoardRecord.objects.filter(pk=record.pk).update(status="draft"))
    refused(lambda: BoardRecord.objects.filter(pk=record.pk).delete())
    refused(lambda: BoardEntry.objects.filter(record=record).update(scaled_score=800))
    refused(lambda: BoardEntry.objects.filter(record=record).delete())
    refused(lambda: Result.objects.filter(pk=results[0].pk).update(raw_score=0))
    for act in (lambda: sign_board_record(record, by=bea), lambda: withdraw_board_record(record, reason="x", by=bea)):
        with pytest.raises(RecordMoved):
            act()


def test_later_results_get_a_record_of_their_own(sitting, results, bea):
    first = release_sitting(sitting)
    with pytest.raises(NothingHeld):
        draft(sitting, bea)
    late = scored(sitting, UserFactory(), {})

    second = release_sitting(sitting)

    assert (first.number, second.number) == (1, 2)
    assert list(second.entries.values_list("result", flat=True)) == [late.pk]
    assert second.figures["released"] == 3


def test_a_withdrawn_record_frees_its_results(sitting, results, bea):
    record = draft(sitting, bea)
    with pytest.raises(InvalidInput):
        withdraw_board_record(record, reason=" ", by=bea)

    assert withdraw_board_record(record, reason="The fire alarm is not looked into yet.", by=bea).status == "withdrawn"
    assert release_sitting(sitting).number == 2


def test_without_words_there_is_no_record(sitting, results, bea):
    for missing in ("incidents", "decision"):
        with pytest.raises(InvalidInput):
            draft(sitting, bea, **{missing: " "})


def test_a_worker_that_dies_leaves_whole_batches_and_the_sweeper_rings(sitting, results, bea, monkeypatch):
    record, rung = signed_record(sitting), []
    monkeypatch.setattr(board_records, "BATCH", 2)
    assert board_records._release_batch(record.pk, at=None) == 2
    monkeypatch.setattr("common.events.ring", lambda task, *args: rung.append((task.name, *args)))

    sweep_results()
    release_board_record(record.pk)

    assert rung == [("exams.tasks.release_board_record_task", record.pk)]
    assert Result.objects.filter(status="released").count() == 3
    assert Letter.objects.filter(key__startswith="result.released:").count() == 3


def test_a_release_bypassing_the_record_is_found(sitting, results):
    release_sitting(sitting)
    assert [row for check in run_checks() for row in check["rows"]] == []


# --- Pages ---------------------------------------------------------------------------------------


def test_the_pages_lead_from_held_results_to_released_ones(client, sitting, results, bea, carl):
    client.force_login(bea)
    assert sitting.code in client.get(reverse("board_records:index")).content.decode()
    form = client.get(reverse("board_records:draft", args=[sitting.uuid])).content.decode()
    assert "3 results of" in form
    answer = client.post(reverse("board_records:draft", args=[sitting.uuid]), {"incidents": "None.", "decision": "Release."})
    record = BoardRecord.objects.get()
    assert answer.url == reverse("board_records:detail", args=[record.uuid])
    client.post(reverse("board_records:sign", args=[record.uuid]))
    page = client.get(answer.url).content.decode()
    assert "You have signed this record." in page
    client.force_login(carl)
    client.post(reverse("board_records:sign", args=[record.uuid]))
    assert "0 of 3 results are released." in client.get(answer.url).content.decode()
    release_board_record(record.pk)
    assert "Candidate 1" in client.get(answer.url).content.decode()
    client.force_login(results[0].attempt.registration.candidate)
    assert client.get(reverse("exams:result", args=[results[0].uuid])).status_code == 200


def test_a_record_page_costs_the_same_for_three_and_for_twenty(client, sitting, results, bea, django_assert_max_num_queries):
    for _ in range(17):
        scored(sitting, UserFactory(), {})
    record = draft(sitting, bea)
    client.force_login(bea)
    client.get(reverse("board_records:detail", args=[record.uuid]))
    with django_assert_max_num_queries(30):
        client.get(reverse("board_records:detail", args=[record.uuid]))
