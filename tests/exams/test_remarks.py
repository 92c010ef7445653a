"""A corrected key: the dry run is the commit, nothing moves before the second person, and what was stays readable."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Letter, Role
from common.errors import NotPermitted
from common.integrity import run_checks
from exams.actions import remarks as acts
from exams.actions.board_records import draft_board_record, sign_board_record
from exams.actions.remarks import commit_remark, propose_remark, redo_dry_run, refuse_remark, run_remark_dry
from exams.errors import OwnResult, RecordMoved, RemarkInvalid, RemarkMoved, SecondPersonNeeded
from exams.models import Remark, Result, ResultChange
from exams.signals import result_corrected, what_rests_on_results
from exams.tasks import sweep_results
from tests.factories.accounts import UserFactory, staff
from tests.factories.attempts import right_answers, scored, token
from tests.factories.exams import make_paper, make_sitting
from tests.factories.results import board_member, release_sitting, signed_record

pytestmark = pytest.mark.django_db

WORDS = {"reason": "Option 3 is right as well.", "words": "A question was unclear.", "words_zh": "有一道题表述不清。"}


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


def people(sitting, items, answers, count):
    """Candidates who answer everything rightly, but in turn: item 1 with option 3, item 4 not at all, nothing."""
    third = {"choice": token(items[0], 3)}
    kinds = [
        answers,
        {**answers, 1: third},
        {1: third, 2: answers[2], 3: answers[3]},
        {1: answers[1], 2: answers[2], 3: answers[3]},
        {},
    ]
    return [scored(sitting, UserFactory(full_name=f"Candidate {n}"), kinds[n % len(kinds)]) for n in range(count)]


def propose(item, by, kind="drop", keys=(), **more):
    return propose_remark(item.version, kind=kind, keys=list(keys), **{**WORDS, **more}, by=by)


def ready(item, by, kind="drop", keys=(), **more):
    remark = propose(item, by, kind, keys, **more)
    return run_remark_dry(remark.pk)


def refused(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


def snapshot():
    names = ("pk", "raw_score", "max_score", "cut_score", "scaled_score", "outcome", "areas", "positions", "status")
    return list(Result.objects.order_by("pk").values_list(*names))


def problems():
    return [(check["check"], row) for check in run_checks() for row in check["rows"]]


def as_listed(remark):
    """The results as the dry run says they will be."""
    return {
        change.result_id: (change.raw_after, change.max_after, change.cut_after, change.scaled_after, change.outcome_after)
        for change in remark.changes.all()
    }


def as_they_are(ids):
    rows = Result.objects.filter(pk__in=ids)
    return {row.pk: (row.raw_score, row.max_score, row.cut_score, row.scaled_score, row.outcome) for row in rows}


# --- Acceptance 5 --------------------------------------------------------------------------------


def test_a_key_is_corrected_after_200_attempts(sitting, items, answers, ana, carl, django_capture_on_commit_callbacks):
    """Dry run equals commit, certificates touched are listed, nothing moves before the second person."""
    results = people(sitting, items, answers, 200)
    release_sitting(sitting)
    before = snapshot()
    asked = []

    def rests(result_uuids, **_facts):
        asked.append(result_uuids)
        return [{"result": result_uuids[0], "kind": "certificate", "name": "TS-1", "status": "valid", "link": ""}]

    what_rests_on_results.connect(rests)
    try:
        remark = ready(items[0], ana, "key", [{"right": [token(items[0], 3)]}])
        assert (remark.status, remark.looked_at, remark.progress) == ("ready", 200, 100)
        assert [row["name"] for row in remark.touched] == ["TS-1"]
        assert snapshot() == before
        with pytest.raises(SecondPersonNeeded):
            commit_remark(remark, by=ana)
        assert snapshot() == before
        listed = as_listed(remark)
        # Of five kinds of candidate four have item 1 marked another way: two gain a point, two lose one.
        assert len(listed) == 160
        with django_capture_on_commit_callbacks(execute=True):
            commit_remark(remark, by=carl)
    finally:
        what_rests_on_results.disconnect(rests)

    assert as_they_are(listed) == listed
    untouched = [row for row in snapshot() if row[0] not in listed]
    assert untouched == [row for row in before if row[0] not in listed]
    assert Letter.objects.filter(key__startswith="result.corrected:").count() == 160
    assert remark.changes.exclude(outcome_before=F("outcome_after")).count() == 80
    assert len(results) == 200
    assert problems() == []


# --- What each correction does -------------------------------------------------------------------


def test_another_key(sitting, items, answers, ana, carl):
    right = scored(sitting, UserFactory(), answers)
    other = scored(sitting, UserFactory(), {**answers, 1: {"choice": token(items[0], 3)}})

    commit_remark(ready(items[0], ana, "key", [{"right": [token(items[0], 3)]}]), by=carl)

    assert [Result.objects.get(pk=each.pk).raw_score for each in (right, other)] == [3, 4]


def test_further_keys_are_accepted_beside_the_first(sitting, items, answers, ana, carl):
    chosen = [{**answers, 1: {"choice": token(items[0], number)}} for number in (1, 2, 3, 4)]
    results = [scored(sitting, UserFactory(), each) for each in chosen]

    keys = [{"right": [token(items[0], 3)]}, {"right": [token(items[0], 4)]}]
    commit_remark(ready(items[0], ana, "accept", keys), by=carl)

    assert [Result.objects.get(pk=each.pk).raw_score for each in results] == [3, 4, 4, 4]


def test_further_keys_of_a_multiple_response_count_the_best(sitting, items, answers, ana, carl):
    one, two, three = (token(items[1], number) for number in (1, 2, 3))
    result = scored(sitting, UserFactory(), {2: {"choices": sorted([one, three])}})
    assert result.raw_score == 0

    commit_remark(ready(items[1], ana, "accept", [{"right": sorted([one, three])}]), by=carl)

    assert Result.objects.get(pk=result.pk).raw_score == 1
    assert two


def test_a_number_and_a_text_get_other_keys(sitting, items, answers, ana, carl):
    result = scored(sitting, UserFactory(), {3: {"value": "2.72"}, 4: {"text": "another word"}})

    commit_remark(ready(items[2], ana, "key", [{"answer": {"value": "2.7", "tolerance": "0.05"}}]), by=carl)
    commit_remark(ready(items[3], ana, "accept", [{"answer": {"accepted": {"en": ["Another word"]}}}]), by=carl)

    assert Result.objects.get(pk=result.pk).raw_score == 2
    late = scored(sitting, UserFactory(), {3: {"value": "2.72"}, 4: {"text": "secretword"}})
    assert late.raw_score == 2
    assert problems() == []


def test_a_dropped_item_leaves_raw_and_most_and_its_area(sitting, items, answers, ana, carl):
    result = scored(sitting, UserFactory(), {**answers, 1: {"choice": token(items[0], 1)}})
    assert (result.raw_score, result.max_score, result.cut_score) == (3, 4, Decimal("2.4"))

    commit_remark(ready(items[0], ana, "drop"), by=carl)

    result.refresh_from_db()
    assert (result.raw_score, result.max_score, result.cut_score, result.scaled_score) == (3, 3, Decimal("1.8"), 800)
    assert [(area["number"], area["raw"], area["max"]) for area in result.areas] == [(1, "1", "1"), (2, "2", "2")]
    assert result.positions["1"] == {"points": "0", "max": "1", "scored": False, "dropped": True}
    assert problems() == []


def test_full_credit_is_for_all_even_without_an_answer(sitting, items, answers, ana, carl):
    result = scored(sitting, UserFactory(), {})

    commit_remark(ready(items[0], ana, "credit"), by=carl)

    assert Result.objects.get(pk=result.pk).raw_score == 1
    assert scored(sitting, UserFactory(), {}).raw_score == 1


def test_the_newest_correction_is_in_force(sitting, items, answers, ana, carl):
    result = scored(sitting, UserFactory(), answers)
    commit_remark(ready(items[0], ana, "drop"), by=carl)

    commit_remark(ready(items[0], ana, "key", [{"right": [token(items[0], 3)]}]), by=carl)

    result.refresh_from_db()
    assert (result.raw_score, result.max_score) == (3, 4)
    assert problems() == []


def test_every_paper_with_the_version_is_corrected_and_rehearsals_too(sitting, items, answers, ana, carl):
    rehearsal = make_sitting(sitting.paper, is_rehearsal=True)
    synthetic = scored(rehearsal, UserFactory(is_synthetic=True), answers)
    real = scored(sitting, UserFactory(), answers)

    remark = commit_remark(ready(items[0], ana, "drop"), by=carl)

    assert {Result.objects.get(pk=each.pk).max_score for each in (synthetic, real)} == {3}
    assert remark.changes.count() == 2
    assert problems() == []
    from exams.actions.rehearsal import clean_rehearsal

    clean_rehearsal(rehearsal)
    assert problems() == []


# --- What is refused -----------------------------------------------------------------------------


def test_only_administrators_propose_and_only_the_board_decides(sitting, items, answers, ana, carl):
    scored(sitting, UserFactory(), answers)
    with pytest.raises(NotPermitted):
        propose(items[0], carl)
    remark = ready(items[0], ana)
    for role in (Role.AUDITOR, Role.EXAMINER, Role.ITEM_REVIEWER):
        outsider = staff(role, f"No {role}")
        for act in (
            lambda by: commit_remark(remark, by=by),
            lambda by: refuse_remark(remark, reason="x", by=by),
            lambda by: redo_dry_run(remark, by=by),
        ):
            with pytest.raises(NotPermitted):
                act(outsider)


def test_whoever_answered_the_item_has_no_part_in_it(sitting, items, answers, ana, carl):
    scored(sitting, carl, answers)
    scored(sitting, staff(Role.ADMINISTRATOR, "Ada Admin"), answers)

    with pytest.raises(OwnResult):
        propose(items[0], type(ana).objects.get(full_name="Ada Admin"))
    remark = ready(items[0], ana)
    with pytest.raises(OwnResult):
        commit_remark(remark, by=carl)


@pytest.mark.parametrize(
    ("kind", "keys", "more"),
    [
        ("drop", [], {"reason": " "}),
        ("drop", [], {"words": ""}),
        ("drop", [], {"words_zh": ""}),
        ("key", [], {}),
        ("key", [{"right": ["nothing-like-it"]}], {}),
        ("key", [{"right": []}], {}),
        ("nonsense", [], {}),
    ],
)
def test_nonsense_is_refused(sitting, items, answers, ana, kind, keys, more):
    scored(sitting, UserFactory(), answers)

    with pytest.raises(RemarkInvalid):
        propose(items[0], ana, kind, keys, **more)
    assert not Remark.objects.exists()


def test_the_key_as_it_is_no_answers_and_a_second_proposal_are_refused(sitting, items, answers, ana):
    with pytest.raises(RemarkInvalid):
        propose(items[0], ana)
    scored(sitting, UserFactory(), answers)
    with pytest.raises(RemarkInvalid):
        propose(items[0], ana, "key", [{"right": [token(items[0], 2)]}])
    propose(items[0], ana)
    with pytest.raises(RemarkInvalid):
        propose(items[0], ana)


def test_the_last_item_that_counts_cannot_be_dropped(sitting, items, answers, ana, carl):
    scored(sitting, UserFactory(), answers)
    for item in items[:3]:
        commit_remark(ready(item, ana), by=carl)

    with pytest.raises(RemarkInvalid):
        propose(items[3], ana)


def test_what_moved_since_the_dry_run_needs_another_one(sitting, items, answers, ana, carl):
    scored(sitting, UserFactory(), answers)
    remark = ready(items[0], ana)
    scored(sitting, UserFactory(), answers)
    before = snapshot()

    with pytest.raises(RemarkMoved):
        commit_remark(remark, by=carl)
    assert snapshot() == before
    redo_dry_run(remark, by=carl)
    commit_remark(run_remark_dry(remark.pk), by=carl)
    assert {row[2] for row in snapshot()} == {Decimal(3)}


def test_a_certificate_issued_meanwhile_needs_another_dry_run(sitting, items, answers, ana, carl):
    scored(sitting, UserFactory(), answers)
    release_sitting(sitting)
    touched = []

    def rests(result_uuids, **_facts):
        return [{"result": result_uuids[0], "kind": "certificate", "name": name, "status": "", "link": ""} for name in touched]

    what_rests_on_results.connect(rests)
    try:
        remark = ready(items[0], ana)
        touched.append("TS-2")
        with pytest.raises(RemarkMoved):
            commit_remark(remark, by=carl)
        touched.clear()
        assert commit_remark(remark, by=carl).status == "committed"
    finally:
        what_rests_on_results.disconnect(rests)


def test_one_correction_moves_the_dry_run_of_another(sitting, items, answers, ana, carl):
    scored(sitting, UserFactory(), answers)
    first, second = ready(items[0], ana), ready(items[1], ana)
    commit_remark(first, by=carl)

    with pytest.raises(RemarkMoved):
        commit_remark(second, by=carl)


def test_nothing_is_corrected_while_a_record_is_being_released(sitting, items, answers, ana, carl):
    scored(sitting, UserFactory(), answers)
    remark = ready(items[0], ana)
    signed_record(sitting)

    with pytest.raises(RemarkMoved):
        commit_remark(remark, by=carl)


def test_a_draft_record_has_to_be_drawn_up_again_after_a_correction(sitting, items, answers, ana, carl):
    scored(sitting, UserFactory(), answers)
    record = sign_board_record(draft_board_record(sitting, incidents="x", decision="x", by=ana), by=ana)
    commit_remark(ready(items[0], ana), by=carl)

    with pytest.raises(RecordMoved):
        sign_board_record(record, by=carl)


def test_a_refused_one_changes_nothing_and_stays(sitting, items, answers, ana, carl):
    scored(sitting, UserFactory(), answers)
    remark, before = ready(items[0], ana), snapshot()
    with pytest.raises(RemarkInvalid):
        refuse_remark(remark, reason=" ", by=carl)

    assert refuse_remark(remark, reason="The key is right.", by=carl).status == "refused"

    assert snapshot() == before
    for act in (lambda: commit_remark(remark, by=carl), lambda: redo_dry_run(remark, by=carl)):
        with pytest.raises(RemarkMoved):
            act()
    refused(lambda: Remark.objects.filter(pk=remark.pk).update(status="ready"))
    refused(lambda: Remark.objects.filter(pk=remark.pk).delete())


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
