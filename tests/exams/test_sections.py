"""Sections with their own time and navigation: the server keeps them, and other papers pay nothing for it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from exams.actions.delivery import pause_attempt, resume_attempt
from exams.actions.section_rules import allow_calculator, set_section_rules
from exams.actions.sections import open_section
from exams.errors import NotYourBank, PaperNotSealable, SectionClosed, SectionRulesInvalid
from exams.models import Accommodation, Attempt, AttemptSection, PaperRendering, Response
from exams.rules.sections import Section
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import administrator, make_approved, make_blueprint, make_paper_of
from tests.factories.exams import ExamFactory, make_paper, make_registration, make_sitting

pytestmark = pytest.mark.django_db
TIMED_FORWARD = Section(20, "forward_only")


def ruled_paper(first=TIMED_FORWARD):
    """Two areas: positions 1 and 2, then 3 to 5."""
    draft = make_paper(sealed=False)
    set_section_rules(draft.exam.blueprint, {1: first}, by=administrator())
    from exams.actions.sealing import seal_paper

    return seal_paper(draft, by=administrator())


@pytest.fixture
def desk(make_desk, db):
    desk = make_desk(sitting=make_sitting(ruled_paper(), grace_seconds=10))
    assert desk.start().status_code == 201
    return desk


def enter(desk, number, **changes):
    body = json.dumps({"lease": desk.lease, **changes})
    return desk.client.post(
        f"/exams/attempts/{desk.uuid}/sections/{number}/open/",
        data=body,
        content_type="application/json",
        headers=desk.headers,
    )


def rewind_section(number, **by):
    """As if the section had been opened so much earlier."""
    row = AttemptSection.objects.get(number=number)
    AttemptSection.objects.update(closes_at=row.closes_at - timedelta(**by), accept_until=row.accept_until - timedelta(**by))


def statuses(desk):
    return [section["status"] for section in desk.state().json()["sections"]]


def text_of_paper(desk):
    return {position: "stem" in content for position, content in desk.positions().items()}


def test_only_the_open_section_is_served_and_answered(desk):
    assert text_of_paper(desk) == dict.fromkeys(range(1, 6), False)
    refused = desk.save(4, 1, {"text": "x"})
    assert (refused.status_code, refused.json()["code"], refused.json()["section"]) == (409, "section_closed", 2)

    opened = enter(desk, 1).json()
    assert [section["status"] for section in opened["sections"]] == ["open", "waiting"]
    assert text_of_paper(desk) == {1: True, 2: True, 3: False, 4: False, 5: False}
    assert "Question 3" not in desk.paper().content.decode()
    assert desk.save(1, 1, None).status_code == 200
    assert desk.save(3, 1, {"value": "1"}).json()["code"] == "section_closed"
    assert Response.objects.count() == 1


def test_a_forward_only_section_is_left_for_good(desk):
    enter(desk, 1)
    desk.save(1, 1, None)
    assert enter(desk, 2).status_code == 200

    assert statuses(desk) == ["left", "open"]
    assert desk.save(1, 2, None).json()["code"] == "section_closed"
    assert desk.save(1, 1, None).status_code == 200, "a lost acknowledgement is given again"
    assert enter(desk, 1).json()["code"] == "section_closed"
    assert text_of_paper(desk) == {1: False, 2: False, 3: True, 4: True, 5: True}
    assert desk.save(4, 1, {"text": "x"}).status_code == 200
    assert desk.submit().json()["responses"] == {"1": 1, "4": 1}


def test_sections_open_in_their_order_and_again_unchanged(desk):
    assert enter(desk, 2).json()["code"] == "section_closed"
    first, again = enter(desk, 1).json(), enter(desk, 1).json()
    assert first["sections"] == again["sections"]
    assert AttemptSection.objects.count() == 1
    assert enter(desk, 3).status_code == 404
    assert enter(desk, 0).status_code == 404


def test_free_sections_may_be_left_and_come_back_to(make_desk):
    desk = make_desk(sitting=make_sitting(ruled_paper(first=Section(20, "free"))))
    desk.start()
    enter(desk, 1), enter(desk, 2)
    assert statuses(desk) == ["open", "open"]
    assert desk.save(1, 1, None).status_code == 200
    assert desk.save(4, 1, {"text": "x"}).status_code == 200


def test_a_sections_time_ends_with_its_grace(desk):
    enter(desk, 1)
    rewind_section(1, minutes=20, seconds=5)
    assert desk.save(1, 1, None).status_code == 200
    rewind_section(1, seconds=6)
    assert desk.save(1, 2, None).json()["code"] == "section_closed"
    assert statuses(desk) == ["over", "waiting"]
    assert enter(desk, 1).json()["code"] == "section_closed"
    assert enter(desk, 2).status_code == 200


def test_extra_time_is_given_to_each_section(make_desk):
    ada = UserFactory(full_name="Ada")
    day = timezone.now().date()
    Accommodation.objects.create(
        candidate=ada, extra_time_percent=50, valid_from=day, valid_until=day, granted_by=staff("administrator", "Adam")
    )
    attempt = make_desk(make_registration(make_sitting(ruled_paper()), ada))
    attempt.start()
    enter(attempt, 1)
    row = AttemptSection.objects.get()
    assert row.closes_at - row.opened_at == timedelta(minutes=30)


def test_a_pause_stops_the_section_clock_and_revives_no_section_that_was_over(desk):
    enter(desk, 1)
    attempt, adam = Attempt.objects.get(), administrator()
    before = AttemptSection.objects.get().closes_at
    start = timezone.now()
    pause_attempt(attempt, by=adam, at=start)
    assert enter(desk, 1).json()["code"] == "attempt_paused"
    resume_attempt(attempt, by=adam, at=start + timedelta(minutes=7))
    assert AttemptSection.objects.get().closes_at == before + timedelta(minutes=7)

    rewind_section(1, minutes=60)
    over = AttemptSection.objects.get().closes_at
    pause_attempt(attempt, by=adam, at=start)
    resume_attempt(attempt, by=adam, at=start + timedelta(minutes=7))
    assert AttemptSection.objects.get().closes_at == over


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"lease": 7}', '{"lease": "x", "more": 1}', "[" * 5000])
def test_what_is_malformed_opens_nothing(desk, body):
    answer = desk.client.post(
        f"/exams/attempts/{desk.uuid}/sections/1/open/", data=body, content_type="application/json", headers=desk.headers
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_response")
    assert not AttemptSection.objects.exists()


def test_only_the_holder_opens_and_only_while_the_exam_is_open(desk, make_desk):
    assert enter(desk, 1, lease="another").json()["code"] == "lease_moved"
    stranger = make_desk(make_registration(desk.registration.sitting, UserFactory(full_name="Ben")))
    stranger.start()
    stranger.uuid = desk.uuid
    assert enter(stranger, 1).status_code == 404
    desk.submit()
    assert enter(desk, 1).json()["code"] == "attempt_closed"
    assert not AttemptSection.objects.exists()


def test_a_plain_paper_has_no_sections_and_its_save_stays_one_statement(make_desk):
    desk = make_desk()
    desk.start()
    desk.save(3, 1, {"value": "1"})
    with CaptureQueriesContext(connection) as queries:
        assert desk.save(3, 2, {"value": "2"}).status_code == 200
    assert len(queries) == 1
    assert "attemptsection" not in queries[0]["sql"]
    assert "sections" not in desk.state().json()
    assert enter(desk, 1).status_code == 404


def test_a_save_into_a_section_is_one_statement_too(desk):
    enter(desk, 1)
    with CaptureQueriesContext(connection) as queries:
        assert desk.save(1, 1, None).status_code == 200
    assert len(queries) == 1


def test_rules_are_frozen_into_the_paper_and_only_where_there_are_any():
    ruled = ruled_paper()
    for rendering in PaperRendering.objects.filter(paper=ruled):
        first, second = rendering.document["sections"]
        assert (first["minutes"], first["navigation"], set(second)) == (20, "forward_only", {"title", "positions"})
    plain = make_paper(exam=ExamFactory())
    assert all(set(section) == {"title", "positions"} for section in plain.renderings.first().document["sections"])
    # A later change of the blueprint is for later papers.
    set_section_rules(ruled.exam.blueprint, {}, by=administrator())
    assert PaperRendering.objects.filter(paper=ruled).first().document["sections"][0]["minutes"] == 20


def test_rules_that_do_not_fit_are_refused():
    blueprint = make_blueprint({1: 2, 2: 2})
    for rules in ({3: Section(5, "free")}, {1: Section(60, "free")}, {1: Section(40, "free"), 2: Section(30, "free")}):
        with pytest.raises(SectionRulesInvalid):
            set_section_rules(blueprint, rules, by=administrator())
    with pytest.raises(SectionRulesInvalid):
        set_section_rules(blueprint, {1: Section(5, "sideways")}, by=administrator())
    with pytest.raises(NotYourBank):
        set_section_rules(blueprint, {1: Section(5, "free")}, by=UserFactory())
    exam = ExamFactory()
    assert allow_calculator(exam, "basic", by=administrator()).calculator == "basic"
    with pytest.raises(SectionRulesInvalid):
        allow_calculator(exam, "graphing", by=administrator())
    with pytest.raises(NotYourBank):
        allow_calculator(exam, "none", by=UserFactory())


def test_a_paper_that_mixes_its_areas_is_not_sealed_with_section_rules():
    from exams.actions.sealing import seal_paper

    versions = [make_approved("true_false", bank) for bank in [make_blueprint({1: 1}).bank] for _ in range(3)]
    paper = make_paper_of(versions, areas=[1, 2, 1])
    set_section_rules(paper.exam.blueprint, {1: Section(None, "forward_only")}, by=administrator())
    with pytest.raises(PaperNotSealable):
        seal_paper(paper, by=administrator())


def test_the_database_keeps_a_left_section_left(desk):
    attempt = Attempt.objects.get()
    open_section(attempt, 1, lease=attempt.lease)
    open_section(attempt, 2, lease=attempt.lease)
    for change in ({"left_at": None}, {"closes_at": timezone.now()}, {"number": 2}, {"opened_at": timezone.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AttemptSection.objects.filter(number=1).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        AttemptSection.objects.all().delete()
    with pytest.raises(SectionClosed):
        open_section(attempt, 1, lease=attempt.lease)


def test_an_administrator_sets_the_rules_on_a_page(client):
    from tests.exams.back_office import signed_in

    paper = make_paper(sealed=False)
    blueprint, exam = paper.exam.blueprint, paper.exam
    client = signed_in(administrator())
    url = f"/admin/blueprints/{blueprint.code}/sections/"
    assert client.get(url).status_code == 200
    fields = {"minutes_1": "20", "navigation_1": "forward_only", "minutes_2": "", "navigation_2": "free"}
    answer = client.post(url, {**fields, f"calculator_{exam.pk}": "basic"})
    assert answer.status_code == 302
    rule = blueprint.lines.get(number=1).section_rule
    assert (rule.minutes, rule.navigation) == (20, "forward_only")
    assert not hasattr(blueprint.lines.get(number=2), "section_rule")
    exam.refresh_from_db()
    assert exam.calculator == "basic"
    refused = client.post(url, {**fields, "minutes_1": "60", f"calculator_{exam.pk}": "none"})
    assert "nothing is left for the rest" in refused.content.decode()
    exam.refresh_from_db()
    assert exam.calculator == "basic", "all of it or nothing"


def test_an_answer_outside_its_sections_time_is_found(desk, without_triggers):
    name = "nothing is answered in a section after it was left or its time was over"
    enter(desk, 1)
    desk.save(1, 1, None)
    enter(desk, 2)
    assert problems(name) == []
    with without_triggers("exams_response"):
        Response.objects.update(saved_at=timezone.now() + timedelta(minutes=1))
    assert problems(name) == ["it was stored while its section was not open"]
    with without_triggers("exams_response"):
        Response.objects.update(position=99)
    assert problems(name) == ["its section was never opened"]


def problems(name):
    from common.integrity import run_checks

    return [row["problem"] for check in run_checks() if check["check"] == name for row in check["rows"]]


def test_the_page_before_the_start_tells_of_the_parts(make_desk):
    for paper, told in ((ruled_paper(), "The exam has 2 parts"), (make_paper(exam=ExamFactory()), "You may go back and forth")):
        desk = make_desk(sitting=make_sitting(paper))
        assert told in desk.client.get(f"/exams/registrations/{desk.registration.uuid}/").content.decode()
