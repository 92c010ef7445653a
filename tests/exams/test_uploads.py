"""Files from the exam room: kept while the attempt is open, of the kinds the item takes, and nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from common.integrity import run_checks
from exams.actions import uploads as actions
from exams.actions.sealing import seal_paper
from exams.models import Attempt, Upload
from tests.factories.bank import make_approved, make_paper_of
from tests.factories.exams import PersonFactory, make_sitting

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 an answer"


@pytest.fixture
def sitting():
    versions = [make_approved("true_false")]
    versions.append(make_approved("file_upload", versions[0].item.bank))
    return make_sitting(seal_paper(make_paper_of(versions, trial=("file_upload",)), by=PersonFactory()))


@pytest.fixture
def seated(sitting, make_desk):
    desk = make_desk(sitting=sitting)
    desk.start()
    return desk


def send(desk, content=PDF, name="answer.pdf", *, position=2, uuid="", token=None, **fields):
    sent = {"file": SimpleUploadedFile(name, content, "text/html"), "lease": desk.lease, **fields}
    return desk.client.post(
        f"/exams/attempts/{uuid or desk.uuid}/uploads/{position}/",
        {field: value for field, value in sent.items() if value is not None},
        headers={"x-attempt-token": desk.token if token is None else token},
    )


def test_a_file_is_kept_and_counts_when_the_answer_names_it(seated):
    answer = send(seated, name="../../回答 1.pdf")

    assert answer.status_code == 201
    stored = Upload.objects.get()
    assert answer.json() == {"upload": str(stored.uuid), "name": "回答 1.pdf", "size": len(PDF)}
    assert (stored.position, stored.media_type, stored.file.read()) == (2, "application/pdf", PDF)
    assert stored.file.name == f"uploads/{stored.uuid.hex}.pdf"
    assert seated.save(2, 1, {"upload": str(stored.uuid)}).status_code == 200
    assert seated.submit().json()["responses"] == {"2": 1}


@pytest.mark.parametrize(
    ("content", "name", "status", "code"),
    [
        (b"", "a.pdf", 400, "file_refused"),
        (b"MZ program", "a.pdf", 400, "file_refused"),
        (PDF, "a.exe", 400, "file_refused"),
        (PDF, "a.docx", 400, "file_refused"),
        (PDF, "pdf", 400, "file_refused"),
        (b"\xff\xfe binary", "a.txt", 400, "file_refused"),
        (b"%PDF-" + b"x" * 100_000, "a.pdf", 413, "file_too_large"),
        (b"%PDF-" + b"x" * 300_000, "a.pdf", 413, "file_too_large"),
    ],
)
def test_files_that_are_not_taken(seated, content, name, status, code):
    answer = send(seated, content, name)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"]
    assert not Upload.objects.exists()


def test_a_refused_file_leaves_no_bytes(seated):
    folder = actions.Upload._meta.get_field("file").storage
    before = set(folder.listdir("uploads")[1]) if folder.exists("uploads") else set()

    send(seated, b"MZ")
    send(seated, lease="another")

    assert (set(folder.listdir("uploads")[1]) if folder.exists("uploads") else set()) == before


def test_bytes_go_again_when_the_attempt_closes_meanwhile(seated, monkeypatch):
    """Between the first look and the lock the candidate hands in."""
    attempt = seated.registration.attempts.get()
    real, looks = actions._refuse, []

    def hand_in_after_the_first_look(*args):
        real(*args)
        if not looks:
            looks.append(1)
            seated.submit()

    monkeypatch.setattr(actions, "_refuse", hand_in_after_the_first_look)
    folder = Upload._meta.get_field("file").storage
    before = set(folder.listdir("uploads")[1]) if folder.exists("uploads") else set()

    answer = send(seated)

    assert (answer.status_code, answer.json()["code"]) == (409, "attempt_closed")
    assert not attempt.uploads.exists()
    assert set(folder.listdir("uploads")[1]) == before


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"lease": "another"}, 409, "lease_moved"),
        ({"lease": None}, 400, "invalid_response"),
        ({"more": "x"}, 400, "invalid_response"),
        ({"file": None}, 400, "invalid_response"),
        ({"file": "words"}, 400, "invalid_response"),
        ({"position": 1}, 404, "not_found"),
        ({"position": 9}, 404, "not_found"),
        ({"token": ""}, 401, "token_invalid"),
        ({"token": "x.y"}, 401, "token_invalid"),
    ],
)
def test_requests_that_are_refused(seated, change, status, code):
    answer = send(seated, **change)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Upload.objects.exists()


def test_a_strangers_attempt_answers_like_a_missing_one(seated, make_desk, sitting):
    ben = make_desk(sitting=sitting)
    ben.start()

    foreign, missing = (send(ben, uuid=uuid) for uuid in (seated.uuid, "00000000-0000-4000-8000-00000000dead"))

    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content) == (404, missing.content)
    assert not Upload.objects.exists()


def test_nothing_comes_in_paused_late_or_after_the_hand_in(seated):
    attempts = Attempt.objects.filter(uuid=seated.uuid)
    attempts.update(status="paused", paused_at=timezone.now())
    assert send(seated).json()["code"] == "attempt_paused"
    attempts.update(status="open", paused_at=None)
    seated.submit()
    assert send(seated).json()["code"] == "attempt_closed"


def test_nothing_comes_in_after_the_deadline(seated):
    before = timezone.now() - timedelta(seconds=1)
    Attempt.objects.filter(uuid=seated.uuid).update(closes_at=before, accept_until=before)

    assert send(seated).json()["code"] == "attempt_closed"


def test_a_runaway_page_meets_an_end(seated, monkeypatch):
    monkeypatch.setattr(actions, "MOST_FILES", 2)

    assert [send(seated).status_code for _number in range(3)] == [201, 201, 400]


def test_refused_files_are_counted_too_and_answers_are_not(seated):
    answers = [send(seated, b"MZ") for _number in range(25)]

    assert {answer.status_code for answer in answers} == {400, 429}
    assert answers[-1]["Retry-After"]
    assert seated.save(2, 1, None).status_code == 200


def test_a_lost_file_is_found_by_the_integrity_check(seated):
    send(seated)
    stored = Upload.objects.get().file
    assert [check for check in run_checks() if check["rows"]] == []

    stored.storage.delete(stored.name)

    assert [check["check"] for check in run_checks() if check["rows"]] == ["an uploaded file lies where its row says, whole"]


def test_broken_multipart_is_refused_in_json(seated):
    answer = seated.client.post(
        f"/exams/attempts/{seated.uuid}/uploads/2/",
        data=b"--x\r\nnonsense",
        content_type="multipart/form-data",
        headers=seated.headers,
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_response")


def test_an_upload_never_changes_and_is_kept(seated):
    send(seated)

    for act in (lambda: Upload.objects.update(name="x"), lambda: Upload.objects.all().delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_a_rehearsal_leaves_no_file_behind(sitting, django_capture_on_commit_callbacks):
    from exams.actions.rehearsal import clean_rehearsal, open_rehearsal
    from exams.models import Registration
    from tests.exams.conftest import Desk

    rehearsal, _password = open_rehearsal(sitting.exam, candidates=1, minutes=30)
    desk = Desk(Registration.objects.get(sitting=rehearsal))
    assert desk.start().status_code == 201
    assert send(desk).status_code == 201
    stored = Upload.objects.get()
    storage, name = stored.file.storage, stored.file.name

    with django_capture_on_commit_callbacks(execute=True):
        clean_rehearsal(rehearsal)

    assert not Upload.objects.exists() and not storage.exists(name)
