"""Appeals against results: in time, once, decided by somebody who had no part in it, answered in a letter."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Letter, Role
from common.errors import InvalidInput, NotPermitted
from common.integrity import run_checks
from exams.actions.appeals import decide_appeal, open_appeal, take_up_appeal, withdraw_appeal
from exams.actions.remark_proposals import propose_remark
from exams.actions.remarks import commit_remark, run_remark_dry
from exams.errors import AppealMoved, AppealNotPossible, AppealTooLate, TookPart
from exams.models import ResultAppeal, SittingStaff
from exams.queries.appeals import overdue_appeals
from exams.rules.results import APPEAL_WITHIN, appeal_until
from tests.factories.accounts import UserFactory, staff
from tests.factories.attempts import right_answers, scored
from tests.factories.exams import make_paper, make_sitting
from tests.factories.results import board_member, release_sitting

pytestmark = pytest.mark.django_db


@pytest.fixture
def result():
    sitting = make_sitting(make_paper())
    answers = right_answers(list(sitting.paper.items.select_related("version__item")))
    result = scored(sitting, UserFactory(full_name="Ada Byron"), {3: answers[3]})
    release_sitting(sitting)
    result.refresh_from_db()
    return result


@pytest.fixture
def ada(result):
    return result.attempt.registration.candidate


@pytest.fixture
def olga(db):
    """An officer who had no part in it."""
    return staff(Role.CERTIFICATION_OFFICER, "Olga Other")


def appealed(result, **more):
    return open_appeal(result, reason="The fire alarm rang.", by=result.attempt.registration.candidate, **more)


def under_review(result, olga):
    return take_up_appeal(appealed(result), by=olga)


def decide(appeal, by, verdict="rejected", **more):
    return decide_appeal(appeal, verdict=verdict, outcome="We looked at it again.", by=by, **more)


def refused(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


def test_an_appeal_goes_its_way(result, ada, olga):
    appeal = appealed(result)
    assert (appeal.status, appeal.due_at - appeal.opened_at) == ("open", timedelta(days=30))
    assert take_up_appeal(appeal, by=olga).reviewer == olga
    decided = decide(appeal, olga, "upheld", free_resit=True)

    assert (decided.status, decided.decided_by, decided.free_resit) == ("upheld", olga, True)
    letter = Letter.objects.get(key=f"result_appeal.decided:{appeal.pk}")
    assert letter.recipient == ada
    assert "upheld" not in letter.body
    acts = AuditEntry.objects.filter(act__startswith="result_appeal.").order_by("sequence").values_list("act", flat=True)
    assert list(acts) == ["result_appeal.opened", "result_appeal.taken_up", "result_appeal.decided"]
    assert not AuditEntry.objects.filter(details__icontains="fire alarm").exists()
    assert [row for check in run_checks() for row in check["rows"]] == []


def test_only_the_candidate_and_only_a_released_result(result, olga):
    with pytest.raises(NotPermitted):
        open_appeal(result, reason="x", by=olga)
    held = scored(make_sitting(result.attempt.paper), UserFactory(), {})
    with pytest.raises(NotPermitted):
        appealed(held)
    with pytest.raises(InvalidInput):
        open_appeal(result, reason="  ", by=result.attempt.registration.candidate)


def test_the_clock_ends_to_the_second(result):
    until = result.released_at + APPEAL_WITHIN
    assert appeal_until(result) == until
    with pytest.raises(AppealTooLate):
        appealed(result, at=until + timedelta(seconds=1))
    assert appealed(result, at=until).status == "open"


def test_one_appeal_for_a_result_as_it_stands(result, ada, olga):
    appeal = appealed(result)
    with pytest.raises(AppealNotPossible):
        appealed(result)
    refused(
        lambda: ResultAppeal.objects.create(
            result=result, appellant=ada, reason="x", opened_at=appeal.opened_at, due_at=appeal.due_at
        )
    )
    withdraw_appeal(appeal, by=ada)
    second = take_up_appeal(appealed(result), by=olga)
    decide(second, olga)
    with pytest.raises(AppealNotPossible):
        appealed(result)


def test_a_corrected_result_can_be_appealed_against_anew(result, olga):
    decide(under_review(result, olga), olga)
    item = result.attempt.paper.items.get(position=1)
    words = {"reason": "x", "words": "x", "words_zh": "x"}
    remark = propose_remark(item.version, kind="drop", keys=[], **words, by=board_member())
    commit_remark(run_remark_dry(remark.pk), by=olga)
    result.refresh_from_db()

    assert appeal_until(result) > result.released_at + APPEAL_WITHIN
    assert appealed(result).status == "open"


def test_who_released_signed_or_supervised_does_not_decide(result, olga):
    appeal = appealed(result)
    examiner = staff(Role.CERTIFICATION_OFFICER, "Ian Invigilator")
    SittingStaff.objects.create(sitting=result.attempt.registration.sitting, user=examiner, duty="invigilator")
    signers = [board_member(), board_member("Carl Chair", Role.CERTIFICATION_OFFICER)]
    for person in (*signers, examiner):
        with pytest.raises(TookPart):
            take_up_appeal(appeal, by=person)
    take_up_appeal(appeal, by=olga)
    for person in (*signers, examiner):
        with pytest.raises(TookPart):
            decide(appeal, person)
        decided = {"status": "rejected", "decided_by": person, "decided_at": timezone.now(), "outcome": "x"}
        refused(lambda decided=decided: ResultAppeal.objects.filter(pk=appeal.pk).update(**decided))


def test_nobody_decides_their_own(result, ada, olga):
    from accounts.actions.roles import grant_role

    appeal = under_review(result, olga)
    grant_role(ada, Role.CERTIFICATION_OFFICER, by=None)
    ada = type(ada).objects.get(pk=ada.pk)

    with pytest.raises(NotPermitted):
        decide(appeal, ada)
    decided = {"status": "rejected", "decided_by": ada, "decided_at": timezone.now(), "outcome": "x"}
    refused(lambda: ResultAppeal.objects.filter(pk=appeal.pk).update(**decided))


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.EXAMINER, Role.INVIGILATOR])
def test_only_the_board_reviews(result, olga, role):
    appeal, outsider = appealed(result), staff(role, "Out Sider")
    with pytest.raises(NotPermitted):
        take_up_appeal(appeal, by=outsider)
    take_up_appeal(appeal, by=olga)
    with pytest.raises(NotPermitted):
        decide(appeal, outsider)


def test_moves_that_do_not_exist_are_refused(result, ada, olga):
    appeal = appealed(result)
    with pytest.raises(AppealMoved):
        decide(appeal, olga)
    refused(lambda: ResultAppeal.objects.filter(pk=appeal.pk).update(status="upheld"))
    take_up_appeal(appeal, by=olga)
    with pytest.raises(AppealMoved):
        take_up_appeal(appeal, by=olga)
    for verdict, more in (("open", {}), ("rejected", {"free_resit": True})):
        with pytest.raises(InvalidInput):
            decide(appeal, olga, verdict, **more)
    with pytest.raises(InvalidInput):
        decide_appeal(appeal, verdict="upheld", outcome=" ", by=olga)
    decide(appeal, olga)
    with pytest.raises(AppealMoved):
        withdraw_appeal(appeal, by=ada)
    with pytest.raises(NotPermitted):
        withdraw_appeal(appeal, by=olga)
    refused(lambda: ResultAppeal.objects.filter(pk=appeal.pk).update(status="open"))
    refused(lambda: ResultAppeal.objects.filter(pk=appeal.pk).update(outcome="Another"))
    refused(lambda: ResultAppeal.objects.filter(pk=appeal.pk).delete())


def test_a_remark_of_another_paper_does_not_follow(result, olga):
    other = make_sitting(make_paper())
    scored(other, UserFactory(), {})
    words = {"reason": "x", "words": "x", "words_zh": "x"}
    version = other.paper.items.get(position=1).version
    remark = propose_remark(version, kind="drop", keys=[], **words, by=board_member())
    appeal = under_review(result, olga)

    with pytest.raises(InvalidInput):
        decide(appeal, olga, "upheld", remark=remark)
    own = result.attempt.paper.items.get(position=1).version
    remark = propose_remark(own, kind="drop", keys=[], **words, by=board_member())
    assert decide(appeal, olga, "upheld", remark=remark).remark == remark


def test_what_is_late_is_named(result, olga):
    appeal = appealed(result)
    late = appeal.due_at + timedelta(seconds=1)

    assert list(overdue_appeals(appeal.due_at)) == []
    assert list(overdue_appeals(late)) == [appeal]
    assert appeal.is_overdue(late)
    decide(take_up_appeal(appeal, by=olga), olga)
    assert list(overdue_appeals(late)) == []


# --- Pages ---------------------------------------------------------------------------------------


def test_a_candidate_appeals_follows_and_takes_back(client, result, ada):
    url = reverse("exams:appeal", args=[result.uuid])
    client.force_login(ada)
    assert url in client.get(reverse("exams:result", args=[result.uuid])).content.decode()
    assert "You may appeal until" in client.get(url).content.decode()
    assert client.post(url, {"reason": ""}).status_code == 200
    client.post(url, {"reason": "The fire alarm rang."})
    page = client.get(url).content.decode()
    assert "The fire alarm rang." in page
    assert "Send the appeal" not in page
    appeal = ResultAppeal.objects.get()
    client.post(reverse("exams:appeal_withdraw", args=[appeal.uuid]))
    assert ResultAppeal.objects.get().status == "withdrawn"


def test_a_stranger_finds_nothing(client, result):
    appeal = appealed(result)
    client.force_login(UserFactory())
    assert client.get(reverse("exams:appeal", args=[result.uuid])).status_code == 404
    assert client.post(reverse("exams:appeal", args=[result.uuid]), {"reason": "x"}).status_code == 404
    assert client.post(reverse("exams:appeal_withdraw", args=[appeal.uuid])).status_code == 404


def test_the_board_takes_up_and_answers(client, result, ada, olga):
    appeal = appealed(result)
    url = reverse("result_appeals:detail", args=[appeal.uuid])
    client.force_login(board_member("Carl Chair", Role.CERTIFICATION_OFFICER))
    assert "somebody else decides the appeal" in client.get(url).content.decode()
    client.force_login(olga)
    assert "Ada Byron" in client.get(reverse("result_appeals:index")).content.decode()
    client.post(reverse("result_appeals:take_up", args=[appeal.uuid]))
    assert client.post(reverse("result_appeals:decide", args=[appeal.uuid]), {"verdict": "upheld"}).status_code == 200
    client.post(
        reverse("result_appeals:decide", args=[appeal.uuid]),
        {"verdict": "upheld", "outcome": "You may sit again.", "free_resit": "on"},
    )
    assert "You may sit again." in client.get(url).content.decode()
    client.force_login(ada)
    page = client.get(reverse("exams:appeal", args=[result.uuid])).content.decode()
    assert "You may sit again." in page
    assert "free of charge" in page


def test_the_list_of_appeals_costs_the_same(client, result, olga, django_assert_max_num_queries):
    appealed(result)
    for _ in range(5):
        sitting = make_sitting(result.attempt.paper)
        late = scored(sitting, UserFactory(), {})
        release_sitting(sitting)
        late.refresh_from_db()
        appealed(late)
    client.force_login(olga)
    client.get(reverse("result_appeals:index"))
    with django_assert_max_num_queries(25):
        client.get(reverse("result_appeals:index"))
