"""Real workers killed, brokers stopped, fifty at once: the certificate appears by itself, once."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.db import connection

from accounts.models import AuditEntry
from certificates.actions.applications import open_application_if_eligible
from certificates.actions.decisions import decide_application
from certificates.actions.issuing import issue_certificate
from certificates.integrity import documents_match_their_hash, pending_work_is_done
from certificates.models import Application, Certificate, CertificationDecision, RenderedDocument
from courses.signals import course_completed
from exams.signals import result_released
from tests.factories.accounts import UserFactory
from tests.factories.certificates import (
    complete_course,
    make_application,
    make_certificate,
    make_officer,
    make_result,
    make_scheme,
)
from tests.harness.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
TOGETHER = 50


def at_once(act, times=TOGETHER):
    """Run the same thing in many threads from one starting line; returns what each returned or raised."""
    line, answers = threading.Barrier(times), []

    def run():
        line.wait()
        try:
            answers.append(act())
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def children_of(pid: int) -> list[int]:
    """The forked workers of a Celery parent."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def stored(document_id: int) -> bool:
    return RenderedDocument.objects.filter(pk=document_id, status="stored").exists()


def test_a_worker_killed_in_the_middle_is_made_good_once(worker):
    """kill -9 to the whole worker the moment a row says it is being made; another one finishes by itself."""
    documents = [make_certificate().document.pk for _ in range(3)]
    claimed = RenderedDocument.objects.filter(status=RenderedDocument.Status.RENDERING)
    wait_until(lambda: claimed.exists(), "no document was claimed")
    worker.kill()
    # As if the claim's minute had passed: the row, not the message, says that work is pending.
    from django.utils import timezone

    RenderedDocument.objects.filter(status="rendering").update(claimed_until=timezone.now())

    worker.start()
    wait_until(lambda: all(stored(pk) for pk in documents), f"not every document was made:\n{worker.said()[-2000:]}")

    assert list(documents_match_their_hash()) == []
    assert list(pending_work_is_done()) == []
    assert Certificate.objects.count() == 3
    _folders, files = storages["private"].listdir("certificates")
    for row in RenderedDocument.objects.select_related("certificate"):
        assert len([name for name in files if name.startswith(row.certificate.serial)]) == 1


def test_with_the_broker_away_candidates_pass_and_everything_appears_by_itself(worker, broker):
    """Nothing heard, nothing rung: an officer decides as soon as the sweeper has opened the application."""
    scheme = make_scheme()
    requirement = {each.kind: each for each in scheme.requirements.all()}
    eve, ada = make_officer(), UserFactory(full_name="Ada Byron")
    broker.stop()

    enrolment = complete_course(ada, requirement["course_completed"].course)
    course_completed.send(sender=None, enrolment_id=enrolment.pk)
    result = make_result(ada, requirement["exam_passed"].exam)
    result_released.send(sender=None, result_id=result.pk)
    decision = decide_application(ada.applications.get(), outcome="granted", reasons="All met.", by=eve)
    late = UserFactory(full_name="Ben Late")
    complete_course(late, requirement["course_completed"].course)
    make_result(late, requirement["exam_passed"].exam)  # and no signal at all

    broker.start()
    document = RenderedDocument.objects.get(certificate__decision=decision)
    wait_until(lambda: stored(document.pk), f"the certificate did not appear:\n{worker.said()[-2000:]}", seconds=90)
    wait_until(lambda: late.applications.exists(), "the missed application was not opened", seconds=60)

    assert Certificate.objects.count() == 1
    assert Application.objects.count() == 2
    document.refresh_from_db()
    assert hashlib.sha256(document.file.read()).hexdigest() == document.sha256


@pytest.mark.postgres
def test_fifty_claims_make_one_application():
    scheme = make_scheme()
    ada = UserFactory()
    for requirement in scheme.requirements.all():
        if requirement.course:
            complete_course(ada, requirement.course)
        else:
            make_result(ada, requirement.exam)

    answers = at_once(lambda: open_application_if_eligible(ada, scheme))

    assert {answer.pk for answer in answers} == {Application.objects.get().pk}


@pytest.mark.postgres
def test_fifty_decisions_make_one_certificate():
    application, eve = make_application(), make_officer()

    answers = at_once(lambda: decide_application(application, outcome="granted", reasons="All met.", by=eve))

    assert {answer.pk for answer in answers} == {CertificationDecision.objects.get().pk}
    assert Certificate.objects.count() == RenderedDocument.objects.count() == 1
    assert AuditEntry.objects.filter(act="certificate.issue").count() == 1


@pytest.mark.postgres
def test_fifty_issues_of_one_decision_make_one_certificate():
    """Past the lock of the application: the constraint alone lets one through, and all get the winner."""
    certificate = make_certificate()
    decision = certificate.decision
    with connection.cursor() as cursor:
        for table in ("certificates_rendereddocument", "certificates_certificatestatuschange", "certificates_certificate"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    answers = at_once(lambda: issue_certificate(decision, by=decision.decided_by))

    assert {getattr(answer, "pk", answer) for answer in answers} == {Certificate.objects.get().pk}
    assert RenderedDocument.objects.count() == 1
