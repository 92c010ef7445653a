"""Technical reports: what is read, what is made, who sees it, and what becomes of work that was lost."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Role, User
from common.errors import NotPermitted
from exams.actions.reporting import MOST_TRIES, build_report, request_report
from exams.errors import NothingToReport
from exams.integrity.attempts import no_work_is_forgotten
from exams.models import ItemStatistics, Paper, TechnicalReport
from exams.queries.reports import due_reports
from exams.queries.statistics import answers_of
from exams.tasks import sweep_exams_task
from tests.exams.statistics.sitting import bodies_of, sat_by, sit
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import administrator
from tests.factories.exams import PersonFactory, make_paper, make_sitting
from tests.factories.partners import CohortFactory, PlaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper() -> Paper:
    return make_paper()


def made(paper: Paper) -> TechnicalReport:
    report = build_report(request_report(paper, by=administrator()).pk)
    assert report is not None and report.status == "ready", report and report.failure
    return report


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(administrator() if role == Role.ADMINISTRATOR else staff(role, f"Reader {User.objects.count()}"))
    return client


# --- What is read ------------------------------------------------------------------------------


def test_answers_become_arrays(paper: Paper) -> None:
    sitting, bodies = make_sitting(paper), bodies_of(paper)
    cohort = CohortFactory(partner__kind="institute")
    place = PlaceFactory(cohort=cohort)
    sit(sitting, [True, True, False, None, True], bodies)
    sit(sitting, [False, None, True, True, None], bodies, language="zh-hans", candidate=place.user, place=place)
    found = answers_of(paper)

    assert found.points.tolist() == [[1, 1, 0, 0, 1], [0, 0, 1, 1, 0]]
    assert found.scored.tolist() == [True, True, True, True, False]
    assert found.answered.tolist() == [[True, True, True, False, True], [True, False, True, True, False]]
    # The key of position 1 is its second option; the wrong answer given is its first.
    assert found.chosen[:, 0].tolist() == [1, 0] and found.items[0]["keys"] == [1]
    assert found.seconds[0, :3].tolist() == [10, 10, 10]
    assert (found.languages.tolist(), found.kinds.tolist()) == (["en", "zh-hans"], ["none", "institute"])


def test_only_first_attempts_of_real_sittings_count(paper: Paper) -> None:
    bodies, again = bodies_of(paper), PersonFactory()
    sit(make_sitting(paper), [True] * 5, bodies, candidate=again)
    sit(make_sitting(paper), [False] * 5, bodies, candidate=again)
    sit(make_sitting(paper, is_rehearsal=True), [False] * 5, bodies)
    found = answers_of(paper)

    assert found.points.tolist() == [[1, 1, 1, 1, 1]]
    assert found.repeats == 1


def test_reading_costs_the_same_for_one_and_for_many(paper: Paper, django_assert_num_queries: Any) -> None:
    for candidates in (1, 6):
        sat_by(paper, candidates, seed=candidates)
        with django_assert_num_queries(4):
            answers_of(paper)


# --- What is made ------------------------------------------------------------------------------


def test_a_report_of_few_claims_nothing(paper: Paper) -> None:
    sat_by(paper, 4)
    report = made(paper)

    assert report.figures["paper"] is None
    assert {item["verdict"] for item in report.figures["items"]} == {"unknown"}
    assert [refusal["code"] for refusal in report.figures["refused"]] == ["too_few_candidates"]
    assert ItemStatistics.objects.filter(paper=paper, facility=None, exposure=4).count() == 5


def test_a_report_says_what_the_answers_say(paper: Paper) -> None:
    sat_by(paper, 40)
    report = made(paper)
    figures, answers = report.figures, answers_of(paper)
    total = answers.points[:, :4].sum(axis=1)

    assert figures["candidates"] == 40 and len(figures["items"]) == 5
    assert figures["paper"]["mean"] == pytest.approx(total.mean(), abs=1e-6)
    assert figures["items"][0]["facility"] == pytest.approx(answers.points[:, 0].mean())
    assert figures["items"][0]["time"]["median"] == 10
    assert [item["is_scored"] for item in figures["items"]] == [True, True, True, True, False]
    # The item on trial is held against the whole score and has no part in alpha.
    assert figures["items"][4]["alpha_if_deleted"] is None
    options = figures["items"][0]["options"]
    assert [option["is_key"] for option in options] == [False, True, False, False, False]
    assert sum(option["chosen"] for option in options) == 40
    assert {refusal["what"] for refusal in figures["refused"]} >= {"1PL", "2PL"}
    stored = ItemStatistics.objects.get(paper=paper, version_id=figures["items"][0]["version_id"])
    assert (stored.facility, stored.exposure, stored.report) == (figures["items"][0]["facility"], 40, report)


def test_a_wrong_key_is_seen(paper: Paper) -> None:
    """Position 3 is answered against ability: whoever knows the rest misses it."""
    sitting, bodies = make_sitting(paper), bodies_of(paper)
    for number in range(40):
        strong = number % 2 == 0
        sit(sitting, [strong, strong, not strong, strong if number % 5 else not strong, strong], bodies)
    item = made(paper).figures["items"][2]

    assert item["verdict"] == "unfit" and "discrimination_negative" in item["flags"]


def test_the_next_report_replaces_the_statistics_and_keeps_the_old_report(paper: Paper) -> None:
    sat_by(paper, 3)
    first = made(paper)
    sat_by(paper, 2, seed=2)
    second = made(paper)

    assert first.figures["candidates"] == 3 and second.figures["candidates"] == 5
    assert set(ItemStatistics.objects.filter(paper=paper).values_list("report_id", "exposure")) == {(second.pk, 5)}


def test_a_report_names_no_text_and_no_person(paper: Paper) -> None:
    sitting = sat_by(paper, 2)
    text = json.dumps(made(paper).figures)

    assert "Question" not in text and "Option" not in text and "SECRETWORD" not in text
    for registration in sitting.registrations.select_related("candidate"):
        assert registration.candidate.full_name not in text and registration.candidate.email not in text


def test_it_is_printed_in_both_languages_without_a_key(paper: Paper) -> None:
    sat_by(paper, 25)
    documents = {document.language: document.file.read() for document in made(paper).documents.all()}

    assert set(documents) == {"en", "zh-hans"}
    assert all(content.startswith(b"%PDF") for content in documents.values())
    assert all("key" not in words_of(content).lower().split() for content in documents.values())
    assert "Technical report" in words_of(documents["en"])
    assert "I-001 v1" in words_of(documents["en"])


def words_of(pdf: bytes) -> str:
    import subprocess

    return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


# --- Asking and losing -------------------------------------------------------------------------


def test_only_administrators_ask_and_it_is_audited(paper: Paper) -> None:
    sat_by(paper, 1)
    for role in (Role.AUDITOR, Role.EXAMINER, Role.ITEM_WRITER):
        with pytest.raises(NotPermitted):
            request_report(paper, by=staff(role, "Somebody"))
    report = request_report(paper, by=administrator())

    assert request_report(paper, by=administrator()) == report  # while it is at work
    assert AuditEntry.objects.filter(act="technical_report.requested").count() == 1


def test_nothing_scored_nothing_to_report(paper: Paper) -> None:
    with pytest.raises(NothingToReport):
        request_report(paper, by=administrator())


def test_made_twice_is_made_once(paper: Paper) -> None:
    sat_by(paper, 2)
    report = made(paper)

    assert build_report(report.pk) is None
    assert report.documents.count() == 2


def test_what_a_dead_worker_left_is_rung_for_again(paper: Paper) -> None:
    sat_by(paper, 1)
    report = request_report(paper, by=administrator())
    now = timezone.now()
    TechnicalReport.objects.update(status="running", claimed_until=now + timedelta(minutes=5), tries=1)
    assert not due_reports(now).exists() and build_report(report.pk) is None

    TechnicalReport.objects.update(claimed_until=now - timedelta(seconds=1))
    with mock.patch("common.events.ring") as ring:
        sweep_exams_task()
    assert [call.args[1] for call in ring.call_args_list] == [report.pk]
    assert build_report(report.pk).status == "ready"


def test_a_forgotten_report_is_a_violation(paper: Paper) -> None:
    sat_by(paper, 1)
    report = request_report(paper, by=administrator())
    assert list(no_work_is_forgotten()) == []

    TechnicalReport.objects.update(asked_at=timezone.now() - timedelta(minutes=6))
    assert [violation.row for violation in no_work_is_forgotten()] == [f"technical report {report.pk}"]


def test_a_report_that_never_works_says_so(paper: Paper) -> None:
    sat_by(paper, 1)
    report = request_report(paper, by=administrator())
    with mock.patch("exams.statistics.report.analyse_paper", side_effect=ZeroDivisionError):
        for _try in range(MOST_TRIES - 1):
            with pytest.raises(ZeroDivisionError):
                build_report(report.pk)
        build_report(report.pk)
    report.refresh_from_db()

    assert (report.status, report.failure, report.tries) == ("failed", "ZeroDivisionError", MOST_TRIES)
    page = client_of(Role.ADMINISTRATOR).get(reverse("technical_reports:detail", args=[paper.uuid]))
    assert "could not be made" in page.content.decode()
    assert request_report(paper, by=administrator()) != report


# --- Who sees it -------------------------------------------------------------------------------


def test_auditors_read_without_options_administrators_with(paper: Paper) -> None:
    sat_by(paper, 25)
    made(paper)
    address = reverse("technical_reports:detail", args=[paper.uuid])
    full = client_of(Role.ADMINISTRATOR).get(address).content.decode()
    audited = client_of(Role.AUDITOR).get(address).content.decode()

    assert "bank-badge--good" in full and "chart__option--key" in full
    assert "chart__option" not in audited and ">key<" not in audited
    assert "I-001 v1" in full and "I-001 v1" in audited
    assert "technical_reports:ask" not in audited and reverse("technical_reports:ask", args=[paper.uuid]) not in audited


def test_pages_show_a_report_at_work_and_cost_the_same_for_any_size(paper: Paper, django_assert_max_num_queries: Any) -> None:
    client = client_of(Role.ADMINISTRATOR)
    sat_by(paper, 2)
    client.post(reverse("technical_reports:ask", args=[paper.uuid]))
    TechnicalReport.objects.update(progress=30)
    page = client.get(reverse("technical_reports:detail", args=[paper.uuid])).content.decode()
    assert "30 percent" in page and 'value="30"' in page

    for number in range(3):
        make_paper(paper.exam, code=f"X{number}")
    with django_assert_max_num_queries(25):
        client.get(reverse("technical_reports:index"))


def test_the_table_is_safe_for_spreadsheets_and_complete(paper: Paper) -> None:
    sat_by(paper, 25)
    report = made(paper)
    answer = client_of(Role.AUDITOR).get(reverse("technical_reports:table", args=[paper.uuid]))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert len(rows) == 5
    assert float(rows[0]["Facility"]) == report.figures["items"][0]["facility"]
    assert [row["Counts"] for row in rows] == ["scored"] * 4 + ["pretest"]


def test_files_are_handed_out_to_readers_only(paper: Paper) -> None:
    sat_by(paper, 2)
    made(paper)
    address = reverse("technical_reports:pdf", args=[paper.uuid, "en"])

    answer = client_of(Role.AUDITOR).get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.startswith(b"%PDF")
    assert client_of(Role.EXAMINER).get(address).status_code == 404
    stranger = Client()
    stranger.force_login(UserFactory())
    assert stranger.get(address).status_code == 302
    assert client_of(Role.AUDITOR).get(reverse("technical_reports:pdf", args=[paper.uuid, "fr"])).status_code == 404


def test_an_items_page_says_how_it_did(paper: Paper) -> None:
    sat_by(paper, 25)
    report = made(paper)
    item = report.figures["items"][0]
    answer = client_of(Role.ADMINISTRATOR).get(reverse("item_versions:detail", args=[item["version"]])).content.decode()

    assert "How it did" in answer and f"{item['facility']:.2f}" in answer


def test_a_draft_has_no_page() -> None:
    draft = make_paper(sealed=False)

    assert client_of(Role.ADMINISTRATOR).get(reverse("technical_reports:detail", args=[draft.uuid])).status_code == 404
