"""A stranger asks the register: valid, not valid, or could not check."""

from __future__ import annotations

import hashlib
import json
import sys
from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import OperationalError
from django.test import override_settings
from django.urls import reverse

from certificates.actions import standing
from certificates.actions.documents import render_document
from certificates.queries import answer_for
from certificates.serials import is_well_formed, serials_meant_by
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_certificate, the_officer

pytestmark = pytest.mark.django_db

KEYS = {
    "serial", "status", "as_of", "holder", "scheme", "scope", "issued_on", "valid_until", "issuer", "sha256", "superseded_by",
}  # fmt: skip


@pytest.fixture
def certificate():
    return make_certificate(UserFactory(full_name="Ada Lovelace 洛芙", family_name="Lovelace"))


@pytest.fixture
def stored(certificate):
    render_document(certificate.document.pk)
    certificate.document.refresh_from_db()
    return certificate


def status_json(client, certificate, **headers):
    return client.get(reverse("certificates:status", args=[certificate.token]), HTTP_ACCEPT="application/json", **headers)


def test_the_json_is_the_contract(client, stored):
    answer = status_json(client, stored)
    said = answer.json()
    assert set(said) == KEYS
    assert said["status"] == "valid"
    assert said["holder"] == "Ada Lovelace 洛芙"
    assert said["sha256"] == hashlib.sha256(stored.document.file.read()).hexdigest()
    assert said["superseded_by"] is None
    assert answer["Cache-Control"] == "no-store"
    assert "Accept" in answer["Vary"]


@pytest.mark.parametrize(
    "act, said, word",
    [
        (standing.suspend_certificate, "suspended", "Not valid: suspended"),
        (standing.withdraw_certificate, "withdrawn", "Not valid: withdrawn"),
    ],
)
def test_a_change_of_status_is_seen_at_the_next_look(client, certificate, act, said, word):
    assert status_json(client, certificate).json()["status"] == "valid"
    act(certificate, reason="Complaint upheld.", by=the_officer())
    assert status_json(client, certificate).json()["status"] == said
    page = client.get(reverse("certificates:status", args=[certificate.token])).content.decode()
    assert word in page
    assert ">Valid<" not in page


def test_a_certificate_past_its_end_is_expired_before_any_task_ran(client, certificate):
    last_moment = datetime.combine(certificate.valid_until, time.max, tzinfo=UTC)
    assert answer_for(certificate, at=last_moment).status == "valid"
    assert answer_for(certificate, at=last_moment + timedelta(seconds=1)).status == "expired"


def test_a_corrected_certificate_names_its_successor(client, stored):
    new = standing.supersede_certificate(stored, name="Ada King", family_name="King", reason="Married name.", by=the_officer())
    said = status_json(client, stored).json()
    assert (said["status"], said["superseded_by"], said["holder"]) == ("superseded", new.serial, "Ada Lovelace 洛芙")
    assert status_json(client, new).json()["status"] == "valid"
    page = client.get(reverse("certificates:document", args=[stored.document.sha256])).content.decode()
    assert "superseded" in page
    assert reverse("certificates:status", args=[new.token]) in page


def test_an_unknown_link_says_we_never_issued_it(client):
    url = reverse("certificates:status", args=["0" * 26])
    answer = client.get(url, HTTP_ACCEPT="application/json")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("typed", ["{serial}", "{lower}", " {spaced} ", "{lookalike}"])
def test_serial_and_family_name_find_it_however_typed(client, certificate, typed):
    serial = certificate.serial
    shown = typed.format(
        serial=serial,
        lower=serial.lower().replace("-", ""),
        spaced=serial.replace("-", " "),
        lookalike=serial.replace("0", "O").replace("L1", "l1"),
    )
    answer = client.get(reverse("certificates:verify"), {"serial": shown, "name": "  lovelace "})
    assert answer.status_code == 200
    assert certificate.serial in answer.content.decode()


def test_the_whole_name_works_too(client, certificate):
    answer = client.get(reverse("certificates:verify"), {"serial": certificate.serial, "name": "ada lovelace 洛芙"})
    assert answer.status_code == 200


def test_wrong_name_and_never_existed_answer_alike(client, certificate):
    answers = [
        client.get(reverse("certificates:verify"), {"serial": serial, "name": "Byron"}, HTTP_ACCEPT="application/json")
        for serial in (certificate.serial, "TS-PTL1-26-000000-0", "nonsense")
    ]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert answers[0].content == answers[1].content == answers[2].content


def test_a_slip_of_the_finger_is_caught_by_the_check_character(certificate):
    serial = certificate.serial
    assert is_well_formed(serial)
    for position in range(11, 17):
        for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ":
            if other != serial[position]:
                assert serials_meant_by(serial[:position] + other + serial[position + 1 :]) == []


def test_the_issued_file_is_known_and_one_changed_byte_is_not(client, stored):
    pdf = bytearray(stored.document.file.read())
    upload = reverse("certificates:upload")

    genuine = client.post(upload, {"file": SimpleUploadedFile("c.pdf", bytes(pdf))})
    pdf[len(pdf) // 2] ^= 1
    changed = client.post(upload, {"file": SimpleUploadedFile("c.pdf", bytes(pdf))})

    assert genuine.status_code == 200
    assert "byte for byte, the one we issued" in genuine.content.decode()
    assert changed.status_code == 404
    assert "Not a file we issued" in changed.content.decode()
    assert "Valid<" not in changed.content.decode()


def test_the_hash_can_be_asked_for_as_json(client, stored):
    known = client.get(reverse("certificates:document", args=[stored.document.sha256]), HTTP_ACCEPT="application/json")
    unknown = client.get(reverse("certificates:document", args=["0" * 64]), HTTP_ACCEPT="application/json")
    assert known.json()["issued_by_us"] is True
    assert known.json()["certificate"]["status"] == "valid"
    assert unknown.status_code == 404
    assert unknown.json() == {"sha256": "0" * 64, "issued_by_us": False, "certificate": None}


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_without_the_register_there_is_no_answer(client, certificate, monkeypatch, accept):
    def fail(token):
        raise OperationalError("gone")

    monkeypatch.setattr("certificates.views.verification.find_by_token", fail)
    answer = client.get(reverse("certificates:status", args=[certificate.token]), HTTP_ACCEPT=accept)
    text = answer.content.decode()
    assert answer.status_code == 503
    assert answer["Cache-Control"] == "no-store"
    assert "status" not in (answer.json() if accept == "application/json" else {})
    assert "neither confirmed nor denied" in text or "could_not_check" in text
    assert "verdict--valid" not in text
    assert "有效" not in text


@override_settings(CERTIFICATE_CHECKS_PER_MINUTE=3)
def test_the_fourth_check_in_a_minute_is_refused_with_a_time(client, certificate):
    for _ in range(3):
        assert status_json(client, certificate).status_code == 200
    refused = status_json(client, certificate)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_checks")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert client.get(reverse("certificates:verify"), {"serial": "x", "name": "y"}).status_code == 429
    # Opening the search page is no check, and another address is another person.
    assert client.get(reverse("certificates:verify")).status_code == 200
    assert status_json(client, certificate, REMOTE_ADDR="192.0.2.9").status_code == 200


@override_settings(CERTIFICATE_CHECKS_PER_MINUTE=3)
def test_the_hour_has_a_limit_too(rf):
    from certificates.errors import TooManyChecks
    from certificates.limits import count_check

    request = rf.get("/")
    for minute in range(10):
        for _ in range(3):
            count_check(request, now=1_800_000_000 + minute * 60)
    with pytest.raises(TooManyChecks):
        count_check(request, now=1_800_000_000 + 11 * 60)


@override_settings(CERTIFICATE_CHECKS_PER_MINUTE=2, ALLAUTH_TRUSTED_PROXY_COUNT=1)
def test_behind_a_proxy_the_address_before_it_counts_and_cannot_be_forged(client, certificate):
    for number in range(2):
        assert status_json(client, certificate, HTTP_X_FORWARDED_FOR=f"10.0.0.{number}, 198.51.100.7").status_code == 200
    assert status_json(client, certificate, HTTP_X_FORWARDED_FOR="10.0.0.99, 198.51.100.7").status_code == 429
    assert status_json(client, certificate, HTTP_X_FORWARDED_FOR="198.51.100.8").status_code == 200


@override_settings(CERTIFICATE_CHECKS_PER_MINUTE=2)
def test_a_forwarded_header_without_a_proxy_is_not_believed(client, certificate):
    answers = [status_json(client, certificate, HTTP_X_FORWARDED_FOR=f"10.0.0.{n}").status_code for n in range(3)]
    assert answers == [200, 200, 429]


@override_settings(CERTIFICATE_CHECKS_PER_MINUTE=1)
def test_with_the_cache_away_verification_still_works(client, certificate, monkeypatch):
    def fail(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr(cache, "add", fail)
    assert [status_json(client, certificate).status_code for _ in range(3)] == [200, 200, 200]


def test_the_command_tells_a_genuine_file_from_a_changed_one(stored, tmp_path, capsys):
    file = tmp_path / "c.pdf"
    file.write_bytes(stored.document.file.read())

    assert exit_code(file, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["outcome"], said["issued_by_us"], said["certificate"]["status"]) == ("valid", True, "valid")

    file.write_bytes(file.read_bytes() + b" ")
    assert exit_code(file) == 1
    assert "not one we issued" in capsys.readouterr().out


def test_the_command_says_a_withdrawn_certificate_is_not_valid(stored, tmp_path, capsys):
    file = tmp_path / "c.pdf"
    file.write_bytes(stored.document.file.read())
    standing.withdraw_certificate(stored, reason="Fraud.", by=the_officer())
    assert exit_code(file, "--json") == 1
    assert json.loads(capsys.readouterr().out)["certificate"]["status"] == "withdrawn"


def test_the_command_could_not_check_a_missing_file(tmp_path, capsys):
    assert exit_code(tmp_path / "none.pdf") == 2
    assert "Could not check" in capsys.readouterr().err


def test_the_command_could_not_check_without_the_register(stored, tmp_path, monkeypatch, capsys):
    def fail(sha256):
        raise OperationalError("gone")

    file = tmp_path / "c.pdf"
    file.write_bytes(b"x")
    monkeypatch.setattr("certificates.management.commands.verify_certificate.find_by_document", fail)
    assert exit_code(file, "--json") == 2
    assert json.loads(capsys.readouterr().out)["outcome"] == "could_not_check"


def exit_code(file, *options) -> int:
    try:
        call_command("verify_certificate", str(file), *options, stdout=sys.stdout, stderr=sys.stderr)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_query_counts_are_small(client, certificate, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        status_json(client, certificate)


def test_both_languages_say_the_verdict(client, certificate):
    for language in ("en", "zh-hans"):
        page = client.get(reverse("certificates:status", args=[certificate.token]), HTTP_ACCEPT_LANGUAGE=language)
        text = page.content.decode()
        assert '<span lang="en">Valid</span> <span lang="zh-Hans">有效</span>' in text
