"""A violation of each of the thirteen invariants, planted behind the application's back, is found under its number.

As somebody with the database's password could: triggers lifted, a constraint taken away where one stands in the way.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import AuditEntry, AuditHead
from certificates.actions import standing
from certificates.models import CertificateStatusChange, RegisterExport
from courses.models import Enrolment
from exams.actions.delivery import pause_attempt, receipt_of, start_attempt, submit_attempt
from exams.actions.remark_proposals import propose_remark
from exams.actions.remarks import commit_remark, run_remark_dry
from exams.actions.scoring import score_attempt
from exams.models import Attempt, ItemVersion, PaperRendering, Remark, Response, Result
from partners.actions.invitations import invite_to_cohort
from partners.models import Invitation
from partners.rosters.applying import apply_roster, preview_roster
from tests.factories.accounts import UserFactory, staff
from tests.factories.certificates import make_application, make_certificate, make_scheme, the_officer
from tests.factories.exams import make_registration, make_sitting
from tests.factories.marking import HALF, allocated, give, marked_sitting, wrote
from tests.factories.partners import CohortFactory, PlaceFactory, make_instructor, make_manager, make_partner
from tests.factories.results import release_result
from tests.harness.constraints import dropped
from tests.harness.triggers import lifted

Plant = Callable[[SimpleNamespace], Any]
LONG_AGO = timedelta(days=30)
ROSTER = b"Name,Email,Student number\nGrace Hopper,grace@uni.example,007\n"


def build() -> SimpleNamespace:
    """A small site where everything happened through the actions: nothing in it breaks an invariant."""
    home, other = make_partner(partner__slug="northern", exam_quota=9), make_partner(partner__slug="southern")
    mia, ada, ben, dan = make_manager(home), UserFactory(), UserFactory(), staff("administrator", "Dan")
    cohort = CohortFactory(partner=home, instructor=make_instructor(home))
    place = PlaceFactory(cohort=cohort, user=ada)
    sitting = make_sitting(grace_seconds=10)
    closed, running, paused = (start_attempt(make_registration(sitting, person)) for person in (ada, ben, UserFactory()))
    for attempt in (closed, running):
        Response.objects.create(attempt=attempt, position=3, seq=2, body='{"value":"3.14"}', saved_at=timezone.now())
    submit_attempt(closed, lease=closed.lease)
    result = release_result(score_attempt(closed.pk), by=the_officer())
    remark = a_remark(sitting.paper.items.get(position=3).version, by=dan)
    # Scored and in no record yet.
    held = start_attempt(make_registration(sitting, UserFactory()))
    score_attempt(submit_attempt(held, lease=held.lease).pk)
    pause_attempt(paused, by=dan)
    certificate = make_certificate(ada, make_scheme(exams=0), place=place)
    standing.suspend_certificate(certificate, reason="x", by=the_officer())
    corrected = make_certificate(UserFactory(), make_scheme(exams=0))
    standing.supersede_certificate(corrected, name="Ada King", family_name="King", reason="x", by=the_officer())
    marks = marked_answers()
    roster = apply_roster(preview_roster(cohort, content=ROSTER, file_name="list.csv", by=mia), by=mia)
    export = RegisterExport.objects.create(partner=home, asked_by=mia, status="ready", ready_at=timezone.now())
    export.file.save("planted.zip", ContentFile(b"PK"))
    document = certificate.document
    pdf = b"%PDF-1.7 planted"
    document.file.save("planted.pdf", ContentFile(pdf), save=False)
    document.status, document.size, document.sha256 = "stored", len(pdf), hashlib.sha256(pdf).hexdigest()
    document.stored_at = timezone.now()
    document.save()
    return SimpleNamespace(
        litter=[], other=other, ada=ada, ben=ben, cohort=cohort, place=place, sitting=sitting, closed=closed, held=held,
        running=running, paused=paused, result=result, certificate=certificate, corrected=corrected,
        roster=roster, export=export, document=document, remark=remark, record=result.board_entry.record,
        application=make_application(UserFactory(), make_scheme(exams=0)),
        offer=invite_to_cohort(cohort, email="li@uni.example", full_name="李明", by=mia), **marks,
    )  # fmt: skip


def marked_answers() -> dict[str, Any]:
    """An essay that two people settled, scored; and one that waits for its second marker."""
    sitting = marked_sitting(percent=50, examiners=2)
    scored = wrote(sitting)
    for mark in allocated(sitting):
        settled = give(mark, HALF)
    score_attempt(scored.pk)
    waiting = wrote(sitting).marking_tasks.get()
    return {"settled": settled, "mark": settled.marks.first(), "waiting": waiting}


def a_remark(version: ItemVersion, *, by: Any) -> Remark:
    """Committed: a released result has changed."""
    words = {"reason": "Wrong.", "words": "Unclear.", "words_zh": "不清。"}
    remark = run_remark_dry(propose_remark(version, kind="drop", keys=[], **words, by=by).pk)
    return commit_remark(remark, by=the_officer())


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        made = build()
        yield made
        transaction.set_rollback(True)
    for file in (made.export.file, made.document.file):
        file.storage.delete(file.name)


@pytest.fixture
def undone(world, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield world
        transaction.set_rollback(True)
    while world.litter:
        world.litter.pop().unlink()


def found() -> dict[int, list[str]]:
    """What the command names: the problems by the number of their invariant."""
    told = StringIO()
    try:
        call_command("check_integrity", "--json", stdout=told)
        status = 0
    except SystemExit as ended:
        status = ended.code
    answer = json.loads(told.getvalue())
    problems: dict[int, list[str]] = {}
    for check in answer["invariants"]:
        problems.setdefault(check["invariant"], []).extend(row["problem"] for row in check["rows"])
    broken = {number: rows for number, rows in problems.items() if rows}
    assert (answer["ok"], status) == (not broken, 1 if broken else 0)
    assert set(problems) == set(range(1, 14)), "an invariant has no check"
    return broken


def change(row: Any, **fields: Any) -> None:
    """One row as an UPDATE typed by hand would leave it."""
    with lifted(row._meta.db_table):
        assert type(row)._base_manager.filter(pk=row.pk).update(**fields) == 1


def unconstrained(row: Any, *constraints: str, **fields: Any) -> None:
    with ExitStack() as stack:
        for name in constraints:
            stack.enter_context(dropped(row._meta.db_table, name))
        change(row, **fields)


def remove(rows: Any) -> None:
    assert rows.exists()
    with lifted(rows.model._meta.db_table):
        rows._raw_delete("default")


def drop_a_trigger(_world: SimpleNamespace) -> None:
    with connection.cursor() as cursor:
        on = " ON exams_response" if connection.vendor == "postgresql" else ""
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE" if on else "SELECT 1")
        cursor.execute(f"DROP TRIGGER exams_response_rises{on}")


def open_a_second_attempt(world: SimpleNamespace) -> None:
    with dropped("exams_attempt", "one_attempt_per_registration"):
        Attempt.objects.create(
            registration=world.running.registration,
            paper=world.sitting.paper,
            language="en",
            lease="second",
            started_at=world.running.started_at,
            closes_at=world.running.closes_at,
            accept_until=world.running.accept_until,
        )


def two_certificates_for_one_decision(world: SimpleNamespace) -> None:
    successor = world.corrected.superseded_by
    with dropped("certificates_certificate", "one_certificate_per_decision"):
        change(successor, decision=world.certificate.decision)


def put_in_rendering(world: SimpleNamespace, where: Callable[[dict], dict], **fields: Any) -> None:
    rendering = PaperRendering.objects.filter(paper=world.sitting.paper).first()
    where(rendering.document["sections"][0]["positions"][0]).update(fields)
    change(rendering, document=rendering.document)


def copy_to_the_public(world: SimpleNamespace) -> None:
    copy = Path(settings.MEDIA_ROOT) / "images" / Path(world.document.file.name).name
    copy.parent.mkdir(parents=True, exist_ok=True)
    world.litter.append(copy)
    copy.write_bytes(world.document.file.read())


def leave_an_old_file(world: SimpleNamespace) -> None:
    name = storages["private"].save("exports/forgotten.zip", ContentFile(b"PK"))
    then = (timezone.now() - timedelta(days=8)).timestamp()
    world.litter.append(Path(storages["private"].path(name)))
    os.utime(world.litter[-1], (then, then))


def half_an_import(world: SimpleNamespace) -> None:
    remove(Invitation.objects.filter(place__email="grace@uni.example"))
    remove(world.cohort.places.filter(email="grace@uni.example"))


def report_an_error(world: SimpleNamespace) -> None:
    world.roster.report[0]["outcome"] = "error"
    counted = {"added_count": 0, "error_count": 1, "report": world.roster.report}
    unconstrained(world.roster, "applied_roster_has_no_errors", **counted)


def frozen(world: SimpleNamespace) -> None:
    unconstrained(world.running, "attempt_status_known", "closed_attempt_has_its_receipt", status="frozen")


def reopened(world: SimpleNamespace) -> None:
    unconstrained(world.closed, "closed_attempt_has_its_receipt", status="open")


def borrow(world: SimpleNamespace) -> None:
    change(Enrolment.objects.get(place=world.place), learner=world.ben)


def leave_open(world: SimpleNamespace) -> None:
    closes_at = timezone.now() - timedelta(hours=1)
    change(world.running.responses.get(), saved_at=closes_at)
    change(world.running, closes_at=closes_at, accept_until=closes_at + timedelta(seconds=10))


def forget_a_pause(world: SimpleNamespace) -> None:
    then = timezone.now() - LONG_AGO
    change(world.sitting, opens_at=then - LONG_AGO, closes_at=then)
    change(world.paused, closes_at=then, accept_until=then + timedelta(seconds=10))


def never_scored(world: SimpleNamespace) -> None:
    then = timezone.now() - timedelta(hours=1)
    remove(Result.objects.filter(attempt=world.held))
    change(world.held, submitted_at=then, receipt=receipt_of(world.held, then))


def forget_the_score(world: SimpleNamespace) -> None:
    then, attempt = timezone.now() - timedelta(hours=1), world.settled.attempt
    remove(Result.objects.filter(attempt=attempt))
    change(attempt, submitted_at=then, receipt=receipt_of(attempt, then))
    change(world.settled, settled_at=then)


def rest_for_ever(world: SimpleNamespace) -> None:
    version = world.sitting.paper.items.first().version
    change(version, status="resting", rests_until=timezone.now() - LONG_AGO)


def remove_the_newest_entry(_world: SimpleNamespace) -> None:
    remove(AuditEntry.objects.filter(sequence=AuditHead.objects.get().sequence))


def rename(act: str) -> Plant:
    """Its entry tells of another act."""
    return lambda _world: change(AuditEntry.objects.filter(act=act).first(), act="something.else")


def rename_all(act: str) -> Plant:
    return lambda _world: [change(entry, act="something.else") for entry in AuditEntry.objects.filter(act=act)]


# The invariant, what is planted, how, and which other invariants see the same fault.
PLANTED: list[tuple[int, str, Plant, *tuple[int, ...]]] = [
    (1, "an answer changed after it was handed in", lambda w: change(w.closed.responses.get(), body='{"value":"9"}')),
    (1, "a mark for another answer", lambda w: change(w.result, positions={"3": {"points": "0"}})),
    (1, "an answer lost after it was handed in", lambda w: remove(w.closed.responses.all())),
    (1, "other points than the marks gave", lambda w: change(w.settled, points=4)),
    (1, "a mean that one mark alone made", lambda w: change(w.settled, way="third")),
    (1, "a total that no rubric gives", lambda w: change(w.mark, points={"c1": "1", "c2": "1"})),
    (1, "a mark for one's own answer", lambda w: change(w.mark, marker=w.settled.attempt.registration.candidate)),
    (1, "a corrected result that is another", lambda w: change(w.result, raw_score=1)),
    (1, "a history of another correction", lambda w: change(w.remark.changes.get(), scaled_before=799)),
    (2, "a sequence number below the first", lambda w: change(w.running.responses.get(), seq=0)),
    (2, "the guard of sequence numbers gone", drop_a_trigger),
    (3, "an answer after the deadline", lambda w: change(w.running.responses.get(), saved_at=timezone.now() + LONG_AGO)),
    (3, "a hand-in dated after the deadline", lambda w: change(w.closed, closes_at=w.closed.started_at)),
    (
        3,
        "a private hour of grace",
        lambda w: change(w.running, accept_until=w.running.closes_at + timedelta(hours=1)),
    ),
    (4, "two open attempts of one registration", open_a_second_attempt),
    (4, "a state that does not exist", frozen),
    (4, "a closed attempt opened again", reopened),
    (4, "paused since nobody knows when", lambda w: change(w.paused, paused_at=None)),
    (5, "two certificates for one decision", two_certificates_for_one_decision, 7),
    (5, "a certificate for a refusal", lambda w: change(w.certificate.decision, outcome="refused")),
    (5, "a decided application without a decision", lambda w: change(w.application, status="decided")),
    (6, "a key beside the question", lambda w: put_in_rendering(w, lambda position: position, key={"value": 3.14})),
    (6, "a key beside an option", lambda w: put_in_rendering(w, lambda position: position["options"][1], correct=True)),
    (6, "another question under the same seal", lambda w: put_in_rendering(w, lambda position: position, stem="?")),
    (6, "another digest", lambda w: change(w.sitting.paper, digest="0" * 64), 1),
    (7, "an invitation of another partner", lambda w: change(w.offer, partner=w.other)),
    (7, "a stranger in a cohort's place", borrow),
    (7, "a certificate in another partner's register", lambda w: change(w.certificate, partner=w.other)),
    (7, "another partner's instructor", lambda w: change(w.cohort, instructor=w.ben)),
    (8, "a certificate outside the private folder", lambda w: change(w.document, file="../media/planted.pdf"), 10),
    (8, "a certificate's copy among the pictures", copy_to_the_public),
    (8, "an export kept after its days", lambda w: change(w.export, created_at=timezone.now() - LONG_AGO)),
    (8, "an export's file without its row", leave_an_old_file),
    (9, "a suspension that vanished", lambda w: change(w.certificate, status="valid")),
    (9, "a history cut short", lambda w: remove(CertificateStatusChange.objects.filter(after="suspended"))),
    (10, "other claims", lambda w: change(w.certificate, claims={**w.certificate.claims, "valid_until": "2099-01-01"})),
    (10, "another hash", lambda w: change(w.document, sha256="0" * 64)),
    (10, "another size", lambda w: change(w.document, size=1)),
    (11, "an attempt nobody closed", leave_open),
    (11, "a pause nobody ended", forget_a_pause),
    (11, "a hand-in nobody scored", never_scored),
    (11, "an answer that waits for nobody", lambda w: change(w.waiting, status="assigned")),
    (11, "a marked attempt nobody scored", forget_the_score),
    (11, "a rest nobody ended", rest_for_ever),
    (11, "a document nobody prints", lambda w: change(w.corrected.document, next_try_at=timezone.now() - LONG_AGO)),
    (11, "an invitation nobody sends", lambda w: change(w.offer, next_try_at=timezone.now() - LONG_AGO)),
    (
        11,
        "a signed record nobody carries out",
        lambda w: change(w.record, status="signed", second_at=timezone.now() - LONG_AGO),
    ),
    (11, "a dry run nobody does", lambda w: change(w.remark, status="waiting", asked_at=timezone.now() - LONG_AGO), 1),
    (12, "half an import", half_an_import),
    (12, "an import with errors", report_an_error),
    (12, "a report that counts wrongly", lambda w: change(w.roster, added_count=5)),
    (13, "an entry removed", lambda w: remove(AuditEntry.objects.filter(act="roster.applied"))),
    (13, "an entry changed", lambda w: change(AuditEntry.objects.filter(act="roster.applied").get(), summary="x")),
    (13, "the newest entry removed", remove_the_newest_entry),
    (13, "a release without its entry", rename("result.released")),
    (13, "a mark without its entry", rename("mark.handed_in")),
    (13, "a release without a signed record", lambda w: remove(w.record.entries.all())),
    (
        13,
        "a record signed by one person",
        lambda w: unconstrained(w.record, "two_people_sign_a_record", first_by=w.record.second_by),
    ),
    (13, "a record of other results", lambda w: change(w.record, digest="0" * 64)),
    (13, "a record without its entries in the trail", rename_all("board_record.signed")),
    (
        13,
        "a re-mark by one person",
        lambda w: unconstrained(w.remark, "two_people_commit_a_remark", decided_by=w.remark.proposed_by),
    ),
    (13, "a re-mark without its entry", rename("remark.committed")),
    (13, "a suspension without its entry", rename("certificate.suspended")),
]


def test_nothing_is_found_where_nothing_was_planted(undone):
    assert found() == {}


@pytest.mark.parametrize("row", PLANTED, ids=[f"{row[0]} {row[1]}" for row in PLANTED])
def test_a_planted_violation_is_found_under_its_number(undone, row):
    number, _what, plant, *others = row

    plant(undone)

    assert set(found()) == {number, *others}


def test_every_invariant_has_its_planted_violation():
    assert {row[0] for row in PLANTED} == set(range(1, 14))
