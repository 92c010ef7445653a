"""A letter is written with the act it tells of, leaves once, and survives a mail server that is away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from accounts.actions.letters import MOST_TRIES, send_letter, sweep_letters, write_letter
from accounts.integrity import letters_leave
from accounts.models import Letter
from certificates.actions.decisions import decide_application
from certificates.actions.standing import suspend_certificate
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_application, make_certificate, make_officer, make_result

pytestmark = pytest.mark.django_db


def letter(**changes) -> Letter:
    now = timezone.now()
    return Letter.objects.create(
        **{
            "recipient": UserFactory(),
            "key": "k",
            "subject": "S",
            "body": "B\n",
            "written_at": now,
            "next_try_at": now,
            **changes,
        }
    )


class Broken:
    def send_messages(self, messages):
        raise ConnectionRefusedError("no mail server")


def test_granted_is_told_in_the_persons_language_with_our_address(settings):
    li = UserFactory(full_name="李明", language="zh-hans")
    application = make_application(li)

    decide_application(application, outcome="granted", reasons="All met.", by=make_officer())

    row = Letter.objects.get(recipient=li, key__startswith="application.decided")
    assert "李明" in row.body and f"{settings.SITE_URL}/certificates/" in row.body
    assert "证书" in row.body and "Congratulations" not in row.body
    assert sweep_letters() >= 1
    assert [li.email] in [message.to for message in mail.outbox]


def test_refused_leads_to_the_reasons_and_does_not_carry_them():
    application = make_application()

    decide_application(application, outcome="refused", reasons="Evidence of work is missing.", by=make_officer())

    row = Letter.objects.get(key__startswith="application.decided")
    assert str(application.uuid) in row.body
    assert "Evidence of work" not in row.body


def test_a_suspension_is_told_with_its_reason():
    certificate = make_certificate()

    suspend_certificate(certificate, reason="A complaint is looked into.", by=certificate.decision.decided_by)

    row = Letter.objects.get(key__startswith="certificate.moved")
    assert certificate.serial in row.subject and "A complaint is looked into." in row.body


def test_a_released_result_is_told_and_its_score_is_not():
    result = make_result(UserFactory(), make_application().scheme.requirements.get(exam__isnull=False).exam, score=613)

    row = write_letter(
        result.attempt.registration.candidate, key="x", template="exams/mail/result", link=f"/exams/results/{result.uuid}/"
    )

    assert row is not None and "613" not in row.body and str(result.uuid) in row.body


def test_an_act_undone_takes_its_letter_with_it():
    with pytest.raises(RuntimeError), transaction.atomic():
        decide_application(make_application(), outcome="granted", reasons="All met.", by=make_officer())
        raise RuntimeError
    assert not Letter.objects.exists()


def test_nobody_is_written_to_twice_or_about_old_news_or_a_rehearsal():
    ada = UserFactory()
    told = {"template": "exams/mail/result", "link": "/exams/"}

    assert write_letter(ada, key="one", **told) is not None
    assert write_letter(ada, key="one", **told) is None
    assert write_letter(ada, key="old", at=timezone.now() - timedelta(days=2), **told) is None
    assert write_letter(UserFactory(is_synthetic=True), key="synthetic", **told) is None
    assert write_letter(UserFactory(is_active=False), key="gone", **told) is None


def test_a_letter_leaves_once():
    row = letter()

    assert send_letter(row.pk) is True
    assert send_letter(row.pk) is False

    row.refresh_from_db()
    assert (row.sent_at is not None, row.next_try_at) == (True, None)
    assert len(mail.outbox) == 1


def test_a_mail_server_that_is_away_is_tried_again_and_given_up_at_last():
    row = letter()
    moment = timezone.now()

    assert send_letter(row.pk, connection=Broken()) is False
    row.refresh_from_db()
    assert row.error == "ConnectionRefusedError: no mail server"
    assert row.next_try_at is not None and row.next_try_at > moment

    for _again in range(MOST_TRIES - 1):
        moment += timedelta(hours=2)
        assert send_letter(row.pk, at=moment, connection=Broken()) is False
    row.refresh_from_db()
    assert (row.tries, row.next_try_at) == (MOST_TRIES, None)


def test_a_worker_that_died_after_its_claim_costs_minutes_not_the_letter():
    moment = timezone.now()
    row = letter(next_try_at=moment + timedelta(minutes=3))  # claimed just now by somebody who is gone

    assert sweep_letters(at=moment) == 0
    assert sweep_letters(at=moment + timedelta(minutes=4)) == 1
    row.refresh_from_db()
    assert row.sent_at is not None


def test_a_forgotten_letter_is_a_violation():
    letter(next_try_at=timezone.now() - timedelta(hours=3))

    assert [each.problem for each in letters_leave()] == ["it has been due for two hours and nobody tried to send it"]
