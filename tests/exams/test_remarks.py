"""A corrected key: the dry run is the commit, and nothing moves before the second person."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db.models import F

from accounts.models import Letter, Role
from common.errors import NotPermitted
from exams.actions.board_records import draft_board_record, sign_board_record
from exams.actions.remarks import commit_remark, redo_dry_run, refuse_remark, run_remark_dry
from exams.errors import OwnResult, RecordMoved, RemarkInvalid, RemarkMoved, SecondPersonNeeded
from exams.models import Remark, Result
from exams.signals import what_rests_on_results
from tests.factories.accounts import UserFactory, staff
from tests.factories.attempts import right_answers, scored, token
from tests.factories.exams import make_paper, make_sitting
from tests.factories.remarks import as_listed, as_they_are, people, problems, propose, ready, refused, snapshot
from tests.factories.results import board_member, release_sitting, signed_record

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
