"""An exam sat on paper: the booklet has no key, two people key a sheet in, and only what both say becomes the attempt."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Role
from common.errors import NotPermitted
from common.integrity import run_checks
from exams.actions.answer_sheets import differences, discard_sheet, key_in, open_sheet
from exams.actions.delivery import start_attempt
from exams.actions.printed_papers import hand_out_booklet, make_booklet, request_booklet
from exams.actions.scoring import score_attempt
from exams.actions.sealing import seal_paper
from exams.actions.sittings import assign_staff
from exams.content import Wording
from exams.errors import AnswersUnreadable, NotOnPaper, SheetNotPossible, SitsOnPaper
from exams.models import AnswerSheet, Attempt, KeyIn, PrintedPaper
from exams.queries.on_paper import due_booklets, registrations_on_paper
from tests.exams.paper_answers import ON_PAPER, by_type, said_for, written_paper
from tests.factories.accounts import staff
from tests.factories.bank import administrator, make_approved, make_paper_of
from tests.factories.exams import PersonFactory, make_registration, make_sitting
from tests.harness.triggers import lifted

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper():
    return written_paper()


@pytest.fixture
def sitting(paper):
    return make_sitting(paper)


def on_duty(sitting, name):
    person = staff(Role.INVIGILATOR, name)
    assign_staff(sitting, person, duty="invigilator", by=administrator())
    return person


@pytest.fixture
def pia(sitting):
    return on_duty(sitting, "Pia")


@pytest.fixture
def otto(sitting):
    return on_duty(sitting, "Otto")


@pytest.fixture
def began():
    return (timezone.now() - timedelta(minutes=40)).replace(second=0, microsecond=0)


@pytest.fixture
def ended(began):
    return began + timedelta(minutes=30)


@pytest.fixture
def sheet(sitting, pia, began):
    return open_sheet(make_registration(sitting), reason="Power cut.", started_at=began, by=pia)


# --- The booklet ----------------------------------------------------------------------------------


def printed(sitting, language="en"):
    booklet = request_booklet(sitting, language=language, by=administrator())
    return make_booklet(booklet.pk)


def text_of(pdf: bytes, tmp_path) -> str:
    file = tmp_path / "booklet.pdf"
    file.write_bytes(pdf)
    return subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True, text=True).stdout


def test_the_booklet_shows_every_question_and_no_key(sitting, tmp_path):
    booklet = printed(sitting)
    assert booklet.status == "ready"
    text = text_of(hand_out_booklet(booklet, by=administrator()), tmp_path)

    assert text.count("STEM en") == len(ON_PAPER)
    assert "OPTION 1 en" in text and "Answer sheet" in text and sitting.code in text
    for secret in ("RATIONALE", "REFERENCE", "KEYWORD", "tolerance", "BAND", "CRITERION", "9.05"):
        assert secret not in text


def test_the_chinese_booklet_is_chinese(sitting, tmp_path):
    text = text_of(hand_out_booklet(printed(sitting, "zh-hans"), by=administrator()), tmp_path)
    assert "STEM zh-hans" in text and "答题纸" in text and "Answer sheet" not in text


def test_a_line_is_not_broken_after_its_first_word(tmp_path):
    """What WeasyPrint 70 made of this very sentence."""
    stem = (
        "An engineer sorts the material collected for a customer-service model. Which items are personal information? Select "
    )
    words = Wording(f"<p>{stem}<strong>three</strong>.</p>", "<p>R</p>", "R")
    version = make_approved(wordings={"en": words, "zh-hans": words})
    sitting = make_sitting(seal_paper(make_paper_of([version]), by=PersonFactory()))

    text = text_of(hand_out_booklet(printed(sitting), by=administrator()), tmp_path)

    assert "An engineer sorts" in text


def test_a_booklet_is_printed_once_and_again_only_after_a_failure(sitting):
    booklet = printed(sitting)
    assert request_booklet(sitting, language="en", by=administrator()) == booklet
    assert make_booklet(booklet.pk) is None
    assert list(due_booklets()) == []


def test_a_printer_that_fails_three_times_says_so_and_can_be_asked_again(sitting, monkeypatch):
    booklet = request_booklet(sitting, language="en", by=administrator())
    monkeypatch.setattr("exams.printing.booklets.print_booklet", lambda _booklet: 1 / 0)
    for _try in range(2):
        with pytest.raises(ZeroDivisionError):
            make_booklet(booklet.pk)
    assert make_booklet(booklet.pk).status == "failed"
    monkeypatch.undo()

    assert printed(sitting).status == "ready"


def test_a_worker_that_died_leaves_the_booklet_due(sitting):
    booklet = request_booklet(sitting, language="en", by=administrator())
    PrintedPaper.objects.filter(pk=booklet.pk).update(status="running", claimed_until=timezone.now() - timedelta(seconds=1))
    assert make_booklet(booklet.pk).status == "ready"


def test_a_paper_that_asks_for_a_file_is_not_printed():
    version = make_approved("file_upload")
    paper = seal_paper(
        make_paper_of([make_approved(bank=version.item.bank), version], trial=("file_upload",)), by=PersonFactory()
    )
    with pytest.raises(NotOnPaper, match="Questions 2 ask"):
        request_booklet(make_sitting(paper), language="en", by=administrator())
    assert not PrintedPaper.objects.exists()


def test_who_prints_and_who_takes_the_booklet(sitting, pia):
    with pytest.raises(NotPermitted):
        request_booklet(sitting, language="en", by=pia)
    booklet = printed(sitting)
    hand_out_booklet(booklet, by=pia)
    assert AuditEntry.objects.filter(act="printed_paper.taken", actor_id=pia.pk).count() == 1
    with pytest.raises(NotPermitted):
        hand_out_booklet(booklet, by=pia, at=sitting.opens_at - timedelta(hours=25))
    with pytest.raises(NotPermitted):
        hand_out_booklet(booklet, by=staff(Role.INVIGILATOR, "Elsewhere"))
    candidate = administrator()
    make_registration(sitting, candidate)
    with pytest.raises(NotPermitted):
        hand_out_booklet(booklet, by=candidate)


# --- The sheet ------------------------------------------------------------------------------------


def test_two_who_agree_make_the_attempt(sheet, sitting, paper, pia, otto, began, ended):
    after = key_in(sheet, said_for(paper), handed_in_at=ended, by=pia)
    assert after.status == "open" and not Attempt.objects.exists()
    after = key_in(sheet, said_for(paper), handed_in_at=ended, by=otto)

    assert after.status == "settled"
    attempt = after.attempt
    assert (attempt.status, attempt.started_at, attempt.submitted_at) == ("submitted", began, ended)
    assert len(attempt.receipt["responses"]) == len(ON_PAPER)
    result = score_attempt(attempt.pk)
    assert result.raw_score == sum(Decimal(each["points"] or 0) for each in result.positions.values() if each["scored"])
    assert result.positions["1"]["points"] == "1"
    assert [check for check in run_checks() if check["rows"]] == []


def test_while_a_sheet_is_open_the_room_is_shut_and_afterwards_it_has_its_attempt(sheet, paper, pia, otto, ended):
    with pytest.raises(SitsOnPaper):
        start_attempt(sheet.registration)
    discard_sheet(sheet, reason="The power is back.", by=otto)
    assert start_attempt(sheet.registration).status == "open"


def test_who_differ_are_told_where_and_nothing_counts_until_one_corrects(sheet, paper, pia, otto, ended):
    key_in(sheet, said_for(paper), handed_in_at=ended, by=pia)
    key_in(sheet, said_for(paper, single_choice=["A"]), handed_in_at=ended + timedelta(minutes=1), by=otto)

    assert not Attempt.objects.exists()
    assert differences(*sheet.key_ins.all()) == ["1", "time"]
    assert key_in(sheet, said_for(paper), handed_in_at=ended, by=otto).status == "settled"
    assert sheet.key_ins.count() == 2


def test_a_third_person_cannot_outvote_one_of_two(sheet, sitting, paper, pia, otto, ended):
    key_in(sheet, said_for(paper), handed_in_at=ended, by=pia)
    key_in(sheet, said_for(paper, single_choice=["A"]), handed_in_at=ended, by=otto)
    with pytest.raises(SheetNotPossible, match="Two other people"):
        key_in(sheet, said_for(paper), handed_in_at=ended, by=on_duty(sitting, "Third"))


def test_the_same_person_twice_is_one_half(sheet, paper, pia, ended):
    for _time in range(2):
        key_in(sheet, said_for(paper), handed_in_at=ended, by=pia)
    assert sheet.key_ins.count() == 1 and not Attempt.objects.exists()


def test_unreadable_lines_are_named_and_nothing_is_stored(sheet, paper, pia, ended):
    with pytest.raises(AnswersUnreadable) as refusal:
        key_in(sheet, said_for(paper, single_choice=["Q"], numeric=["many"]), handed_in_at=ended, by=pia)
    assert set(refusal.value.extra["problems"]) == {"1", str(by_type(paper)["numeric"]["position"])}
    assert not KeyIn.objects.exists()


def test_what_was_written_after_the_time_does_not_count(sheet, paper, pia, began):
    late = began + timedelta(minutes=61)
    with pytest.raises(SheetNotPossible, match="after the end"):
        key_in(sheet, said_for(paper), handed_in_at=late, by=pia, at=late + timedelta(hours=1))
    for moment in (began, timezone.now() + timedelta(minutes=5)):
        with pytest.raises(SheetNotPossible, match="before the start or in the future"):
            key_in(sheet, said_for(paper), handed_in_at=moment, by=pia)


def test_no_sheet_where_there_is_none_to_open(sitting, pia, began):
    started = make_registration(sitting)
    start_attempt(started)
    cancelled = make_registration(sitting, PersonFactory(), status="cancelled")
    fresh = make_registration(sitting, PersonFactory())
    for registration in (started, cancelled):
        with pytest.raises(SheetNotPossible):
            open_sheet(registration, reason="Power cut.", started_at=began, by=pia)
    for moment in (sitting.opens_at - timedelta(minutes=1), timezone.now() + timedelta(minutes=1)):
        with pytest.raises(SheetNotPossible):
            open_sheet(fresh, reason="Power cut.", started_at=moment, by=pia)
    with pytest.raises(SheetNotPossible, match="Say why"):
        open_sheet(fresh, reason=" ", started_at=began, by=pia)
    open_sheet(fresh, reason="Power cut.", started_at=began, by=pia)
    with pytest.raises(SheetNotPossible, match="already"):
        open_sheet(fresh, reason="Power cut.", started_at=began, by=pia)


def test_only_the_room_s_people_and_nobody_their_own(sitting, sheet, paper, ended, began):
    stranger = staff(Role.INVIGILATOR, "Elsewhere")
    with pytest.raises(NotPermitted):
        key_in(sheet, said_for(paper), handed_in_at=ended, by=stranger)
    candidate = administrator()
    own = make_registration(sitting, candidate)
    with pytest.raises(NotPermitted):
        open_sheet(own, reason="Power cut.", started_at=began, by=candidate)
    assert not AnswerSheet.objects.visible_to(stranger).exists()
    assert AnswerSheet.objects.visible_to(candidate).get() == sheet


def test_the_database_keeps_what_was_agreed(sheet, paper, pia, otto, ended):
    for person in (pia, otto):
        key_in(sheet, said_for(paper), handed_in_at=ended, by=person)
    settled = AnswerSheet.objects.get(pk=sheet.pk)
    again = {"registration": sheet.registration, "paper": paper, "language": "en", "reason": "x", "started_at": ended}
    again |= {"opened_by": pia, "opened_at": ended}
    refused = [
        lambda: KeyIn.objects.filter(sheet=sheet, half=1).update(answers={}),
        lambda: KeyIn.objects.filter(sheet=sheet).delete(),
        lambda: AnswerSheet.objects.filter(pk=sheet.pk).update(status="open", attempt=None),
        lambda: settled.delete(),
        lambda: AnswerSheet.objects.create(
            registration=sheet.registration,
            paper=paper,
            language="en",
            reason="x",
            started_at=ended,
            opened_by=pia,
            opened_at=ended,
        ),
    ]
    for act in refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_a_sheet_altered_behind_our_back_is_found(sheet, paper, pia, otto, ended):
    for person in (pia, otto):
        key_in(sheet, said_for(paper), handed_in_at=ended, by=person)
    score_attempt(AnswerSheet.objects.get().attempt_id)
    with lifted("exams_keyin"):
        KeyIn.objects.filter(half=2).update(answers={})
    waiting = PrintedPaper.objects.create(
        sitting=sheet.registration.sitting, paper=paper, language="en", asked_by=pia, asked_at=ended - timedelta(days=1)
    )
    found = {row["row"] for check in run_checks() for row in check["rows"]}
    assert found == {f"answer sheet {sheet.pk}", f"printed paper {waiting.pk}"}


def test_one_person_is_never_both_halves(sheet, pia, ended):
    fields = {"sheet": sheet, "person": pia, "handed_in_at": ended, "keyed_at": ended}
    KeyIn.objects.create(half=1, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        KeyIn.objects.create(half=2, **fields)


# --- Pages ----------------------------------------------------------------------------------------


def signed_in(client, person):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_pages_from_booklet_to_settled_sheet(client, sitting, paper, pia, otto, began, ended):
    registration = make_registration(sitting)
    printed(sitting)
    room = signed_in(client, pia)
    page = room.get(reverse("on_paper:sitting", args=[sitting.uuid]))
    assert page.status_code == 200
    pdf = room.post(reverse("on_paper:take", args=[sitting.uuid, "en"]))
    assert pdf.content.startswith(b"%PDF") and "no-store" in pdf["Cache-Control"]

    local = timezone.localtime
    opened = room.post(
        reverse("on_paper:open", args=[sitting.uuid, registration.uuid]),
        {"started_at": local(began).strftime("%Y-%m-%dT%H:%M"), "reason": "Power cut."},
    )
    url = opened["Location"]
    fields = {**said_for(paper), "handed_in_at": local(ended).strftime("%Y-%m-%dT%H:%M")}
    wrong = room.post(url, {**fields, "p1": "Q"})
    assert wrong.status_code == 200 and "There is no option Q." in wrong.content.decode()
    assert not KeyIn.objects.exists()
    assert room.post(url, fields).status_code == 302
    other = signed_in(client, otto).get(url).content.decode()
    assert 'value="9.05"' not in other and "A risk is" not in other
    signed_in(client, otto).post(url, {**fields, "p1": "A"})
    assert 'href="#id_p1"' in signed_in(client, otto).get(url).content.decode()
    signed_in(client, otto).post(url, fields)
    assert AnswerSheet.objects.get().status == "settled"
    assert "handed in and are scored" in signed_in(client, otto).get(url).content.decode()


def test_another_sitting_s_pages_are_not_there(client, sitting, sheet):
    stranger = signed_in(client, staff(Role.INVIGILATOR, "Elsewhere"))
    assert stranger.get(reverse("on_paper:index")).status_code == 200
    for name, arguments in (
        ("sitting", [sitting.uuid]),
        ("sheet", [sheet.uuid]),
        ("open", [sitting.uuid, sheet.registration.uuid]),
    ):
        assert stranger.get(reverse(f"on_paper:{name}", args=arguments)).status_code == 404
    assert stranger.post(reverse("on_paper:take", args=[sitting.uuid, "en"])).status_code == 404


def test_as_many_queries_for_many_candidates(client, sitting, pia, began, django_assert_max_num_queries):
    for number in range(12):
        registration = make_registration(sitting, PersonFactory())
        if number % 2:
            open_sheet(registration, reason="Power cut.", started_at=began, by=pia)
    with django_assert_max_num_queries(3):
        [(each.sheets, list(each.attempts.all()), each.candidate) for each in registrations_on_paper(sitting)]
