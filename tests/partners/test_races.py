"""Many at once: the last seat is given once, an offer is taken once, a roster is applied once, a mail sent once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from accounts.integrity import broken_links
from accounts.models import AuditEntry
from partners.actions.invitations import accept_offer, invite_to_cohort
from partners.actions.mailing import send_invitation
from partners.errors import NoSeatsLeft
from partners.models import Invitation
from partners.queries import seats_used
from partners.rosters.applying import apply_roster, preview_roster
from tests.factories.accounts import UserFactory
from tests.factories.partners import CohortFactory, make_manager, make_partner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
TOGETHER = 8


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Run each in a thread of its own from one starting line; returns what each returned or raised."""
    line, answers = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        line.wait()
        try:
            answers.append(act())
        except Exception as error:
            answers.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_the_last_seat_is_given_once():
    partner = make_partner(seats=1)
    mia, cohorts = make_manager(partner), [CohortFactory(partner=partner) for _ in range(TOGETHER)]
    answers = at_once(
        [
            lambda number=number, cohort=cohort: invite_to_cohort(cohort, email=f"p{number}@uni.example", full_name="P", by=mia)
            for number, cohort in enumerate(cohorts)
        ]
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["Invitation"] + ["NoSeatsLeft"] * (TOGETHER - 1)
    assert seats_used(partner) == 1
    assert list(broken_links()) == []


def test_an_offer_is_taken_once_however_often_it_is_clicked():
    cohort = CohortFactory(partner=make_partner())
    offer = invite_to_cohort(cohort, email="ada@uni.example", full_name="Ada", by=None)
    ada = UserFactory(email="ada@uni.example")
    answers = at_once([lambda: accept_offer(offer, by=ada)] * TOGETHER)

    assert {answer.status for answer in answers} == {"accepted"}
    assert cohort.places.get().user == ada


def test_a_roster_is_applied_once_and_two_rosters_do_not_share_a_seat():
    partner = make_partner(seats=3)
    mia, first, second = make_manager(partner), CohortFactory(partner=partner), CohortFactory(partner=partner)
    imports = [
        preview_roster(cohort, content=f"Name,Email\nA,a{n}@x.example\nB,b{n}@x.example\n".encode(), file_name="f", by=mia)
        for n, cohort in enumerate((first, second))
    ]
    answers = at_once([lambda roster=roster: apply_roster(roster, by=mia) for roster in imports * (TOGETHER // 2)])

    refused = [answer for answer in answers if isinstance(answer, NoSeatsLeft)]
    assert len(refused) == TOGETHER // 2
    assert seats_used(partner) == 2
    assert AuditEntry.objects.filter(act="roster.applied").count() == 1


def test_eight_workers_send_one_mail():
    offer = invite_to_cohort(CohortFactory(partner=make_partner()), email="ada@uni.example", full_name="Ada", by=None)
    answers = at_once([lambda: send_invitation(offer.pk)] * TOGETHER)

    assert sorted(answers) == [False] * (TOGETHER - 1) + [True]
    assert len(mail.outbox) == 1
    assert Invitation.objects.get().send_attempts == 1
