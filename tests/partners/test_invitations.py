"""Inviting, mailing and answering."""

from __future__ import annotations

import re
import smtplib
from datetime import timedelta
from unittest import mock

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from common.errors import InvalidInput
from partners.actions.cohorts import finish_cohort
from partners.actions.invitations import (
    accept_invitation,
    accept_offer,
    invite_member,
    invite_to_cohort,
    resend_invitation,
    token_hash,
    withdraw_invitation,
)
from partners.actions.mailing import MOST_TRIES, send_invitation, send_invitations, sweep_invitations
from partners.errors import (
    AlreadyInCohort,
    AlreadyMember,
    CohortFinished,
    InvitationClosed,
    InvitationExpired,
    InvitationForAnotherAddress,
    InvitationNotFound,
    NoSeatsLeft,
    NotYourPartner,
    PartnerClosed,
)
from partners.models import CohortPlace, Invitation, Membership
from partners.queries import pending_invitations, seats_used
from partners.signals import cohort_place_activated
from tests.factories.accounts import UserFactory
from tests.factories.partners import CohortFactory, PlaceFactory, make_instructor, make_manager, make_partner

pytestmark = [pytest.mark.django_db, pytest.mark.smoke]


@pytest.fixture
def cohort():
    return CohortFactory(partner=make_partner(seats=2), name="Security engineering 2026")


@pytest.fixture
def mia(cohort):
    return make_manager(cohort.partner)


@pytest.fixture
def offer(cohort, mia):
    return invite_to_cohort(
        cohort, email=" Ada@Uni.Example ", full_name="Ada Lovelace", family_name="Lovelace", by=mia, language="en"
    )


@pytest.fixture
def ada():
    return UserFactory(email="ada@uni.example", full_name="Ada Lovelace")


def mailed_token(message=None) -> str:
    body = (message or mail.outbox[-1]).body
    return re.search(rf"{re.escape(settings.SITE_URL)}/(?:[a-z-]+/)?invitations/(\w+)/", body).group(1)


def test_an_invitation_takes_a_seat_and_waits_to_be_mailed(offer, cohort, mia):
    place = cohort.places.get()
    assert (place.email, place.status, place.user) == ("ada@uni.example", "invited", None)
    assert (offer.status, offer.sent_at, offer.token_sha256) == ("pending", None, None)
    assert offer.expires_at - offer.next_try_at == timedelta(days=7)
    assert seats_used(cohort.partner) == 1
    assert AuditEntry.objects.get(act="cohort_place.invited").actor_id == mia.pk


def test_the_mail_carries_a_link_whose_hash_alone_is_stored(offer, cohort):
    assert send_invitation(offer.pk) is True

    message = mail.outbox[0]
    token = mailed_token()
    offer.refresh_from_db()
    assert message.to == ["ada@uni.example"]
    assert message.subject == f"{cohort.partner.name} invites you to the cohort “Security engineering 2026”"
    assert "Dear Ada Lovelace," in message.body
    assert message.reply_to == ["office@partner.example"]
    assert offer.token_sha256 == token_hash(token)
    assert token not in str(Invitation.objects.values().get())
    assert (offer.sent_at is not None, offer.next_try_at, offer.send_attempts) == (True, None, 1)


def test_the_mail_is_in_the_invited_persons_language(cohort, mia):
    cohort.partner.name_zh = "测试大学"
    cohort.partner.save()
    offer = invite_to_cohort(cohort, email="li@uni.example", full_name="李明", by=mia, language="zh-hans")
    send_invitation(offer.pk)

    assert "测试大学" in mail.outbox[0].subject
    assert "李明" in mail.outbox[0].body
    assert "Accept the invitation" not in mail.outbox[0].body


def test_two_workers_send_one_mail(offer):
    assert [send_invitation(offer.pk), send_invitation(offer.pk)] == [True, False]
    assert len(mail.outbox) == 1


def test_a_mail_server_that_fails_is_tried_again_later_and_later(offer):
    moment = timezone.now()
    waits = []
    with mock.patch("django.core.mail.EmailMessage.send", side_effect=smtplib.SMTPServerDisconnected("gone")):
        for _try in range(MOST_TRIES):
            assert send_invitation(offer.pk, at=moment) is False
            offer.refresh_from_db()
            if offer.next_try_at:
                waits.append((offer.next_try_at - moment).total_seconds() / 60)
                assert send_invitation(offer.pk, at=moment) is False  # not due yet
                moment = offer.next_try_at

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert (offer.send_attempts, offer.next_try_at, offer.send_error) == (10, None, "SMTPServerDisconnected: gone")
    resend_invitation(offer, by=None)
    assert send_invitation(offer.pk) is True


def test_a_worker_that_died_with_its_claim_is_succeeded_by_another(offer):
    moment = timezone.now()
    with (
        mock.patch("django.core.mail.EmailMessage.send", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        send_invitation(offer.pk, at=moment)

    assert send_invitation(offer.pk, at=moment + timedelta(minutes=2)) is False
    assert send_invitation(offer.pk, at=moment + timedelta(minutes=4)) is True


def test_the_sweeper_rings_for_what_is_due_in_chunks_and_marks_what_is_over(cohort, mia, django_capture_on_commit_callbacks):
    cohort.partner.agreements.update(seats=200)
    for number in range(120):
        invite_to_cohort(cohort, email=f"p{number}@uni.example", full_name="P", by=mia)
    late = Invitation.objects.first()
    Invitation.objects.filter(pk=late.pk).update(expires_at=timezone.now(), token_sha256="x")

    with (
        mock.patch("partners.tasks.send_invitations_task.apply_async") as rung,
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert sweep_invitations() == 119

    assert [len(call.kwargs["args"][0]) for call in rung.call_args_list] == [50, 50, 19]
    late.refresh_from_db()
    assert (late.status, late.token_sha256) == ("expired", None)


def test_a_lost_message_costs_nothing(offer):
    """The nudge after the commit never came: the sweeper finds the row."""
    ids = []
    with mock.patch("partners.actions.mailing.ring", side_effect=lambda task, chunk: ids.extend(chunk)):
        sweep_invitations()
    assert send_invitations(ids) == 1
    assert sweep_invitations() == 0


def test_accepting_makes_the_place_active_and_tells(offer, ada, django_capture_on_commit_callbacks):
    told = []
    cohort_place_activated.connect(lambda place_id, **_: told.append(place_id), weak=False, dispatch_uid="test")
    send_invitation(offer.pk)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            accepted = accept_invitation(mailed_token(), by=ada)
    finally:
        cohort_place_activated.disconnect(dispatch_uid="test")

    place = CohortPlace.objects.get()
    assert (place.user, place.status, told) == (ada, "active", [place.pk])
    assert (accepted.status, accepted.token_sha256, accepted.accepted_at) == ("accepted", None, place.joined_at)


def test_a_link_works_once(offer, ada):
    send_invitation(offer.pk)
    token = mailed_token()
    accept_invitation(token, by=ada)

    with pytest.raises(InvitationNotFound):
        accept_invitation(token, by=ada)
    # From the home page the same person may click twice.
    assert accept_offer(offer, by=ada).status == "accepted"


def test_only_the_invited_address_may_accept(offer, ada):
    send_invitation(offer.pk)
    token = mailed_token()
    ben = UserFactory(email="ben@uni.example")
    EmailAddress.objects.create(user=ben, email="ada@uni.example", verified=False)
    with pytest.raises(InvitationForAnotherAddress):
        accept_invitation(token, by=ben)
    assert CohortPlace.objects.get().user is None

    EmailAddress.objects.create(user=ada, email="ADA@other.example", verified=True)
    assert accept_invitation(token, by=ada).status == "accepted"


def test_a_second_confirmed_address_counts_whatever_its_case(cohort, mia, ada):
    EmailAddress.objects.create(user=ada, email="A.Lovelace@Work.Example", verified=True)
    offer = invite_to_cohort(cohort, email="a.lovelace@work.example", full_name="Ada", by=mia)

    assert list(pending_invitations(ada)) == [offer]
    assert accept_offer(offer, by=ada).place.user == ada


def test_seven_days_and_no_longer(offer, ada):
    send_invitation(offer.pk)
    token = mailed_token()
    end = Invitation.objects.get().expires_at
    with pytest.raises(InvitationExpired):
        accept_offer(offer, by=ada, at=end)
    Invitation.objects.update(expires_at=timezone.now())
    with pytest.raises(InvitationExpired):
        accept_invitation(token, by=ada)
    assert list(pending_invitations(ada)) == []


def test_sending_again_renews_and_kills_the_older_link(offer, ada, mia):
    send_invitation(offer.pk)
    old = mailed_token()
    Invitation.objects.update(status="expired")
    resend_invitation(offer, by=mia)
    send_invitation(offer.pk)

    with pytest.raises(InvitationNotFound):
        accept_invitation(old, by=ada)
    assert accept_invitation(mailed_token(), by=ada).status == "accepted"
    assert AuditEntry.objects.filter(act="invitation.resent").count() == 1


def test_withdrawing_frees_the_seat_and_kills_the_link(offer, ada, mia, cohort):
    send_invitation(offer.pk)
    withdraw_invitation(offer, by=mia)

    with pytest.raises(InvitationNotFound):
        accept_invitation(mailed_token(), by=ada)
    assert (seats_used(cohort.partner), cohort.places.get().status) == (0, "left")
    assert withdraw_invitation(offer, by=mia).status == "withdrawn"
    assert AuditEntry.objects.filter(act="invitation.withdrawn").count() == 1


def test_what_is_withdrawn_while_its_mail_is_being_sent_stays_dead(offer, mia, ada):
    def withdraw(message, *_args, **_kwargs):
        withdraw_invitation(offer, by=mia)
        mail.outbox.append(message)

    with mock.patch("django.core.mail.EmailMessage.send", autospec=True, side_effect=withdraw):
        send_invitation(offer.pk)

    with pytest.raises(InvitationNotFound):
        accept_invitation(mailed_token(), by=ada)
    offer.refresh_from_db()
    assert (offer.status, offer.token_sha256) == ("withdrawn", None)


def test_what_is_sent_again_while_its_first_mail_is_being_sent_is_sent_again(offer, mia):
    with mock.patch("django.core.mail.EmailMessage.send", side_effect=lambda *_: resend_invitation(offer, by=mia)):
        send_invitation(offer.pk)

    offer.refresh_from_db()
    assert (offer.sent_at, offer.status) == (None, "pending")
    assert send_invitation(offer.pk) is True


def test_an_accepted_invitation_is_neither_withdrawn_nor_sent_again(offer, ada, mia):
    accept_offer(offer, by=ada)
    for act in (withdraw_invitation, resend_invitation):
        with pytest.raises(InvitationClosed):
            act(offer, by=mia)


def test_a_withdrawn_invitation_sent_again_needs_a_seat(offer, mia, cohort):
    withdraw_invitation(offer, by=mia)
    for number in range(2):
        PlaceFactory(cohort=cohort, invited=True, email=f"p{number}@uni.example")
    with pytest.raises(NoSeatsLeft):
        resend_invitation(offer, by=mia)
    cohort.places.filter(email="p0@uni.example").delete()
    assert resend_invitation(offer, by=mia).place.status in ("left", "invited")
    assert cohort.places.get(email="ada@uni.example").status == "invited"


def test_nobody_is_invited_twice_or_beyond_the_seats(offer, cohort, mia):
    with pytest.raises(AlreadyInCohort):
        invite_to_cohort(cohort, email="ADA@uni.example", full_name="Ada", by=mia)
    invite_to_cohort(cohort, email="ben@uni.example", full_name="Ben", by=mia)
    with pytest.raises(NoSeatsLeft):
        invite_to_cohort(cohort, email="carl@uni.example", full_name="Carl", by=mia)


def test_one_person_with_two_addresses_has_one_place(offer, cohort, mia, ada):
    EmailAddress.objects.create(user=ada, email="a@work.example", verified=True)
    other = invite_to_cohort(cohort, email="a@work.example", full_name="Ada", by=mia)
    accept_offer(offer, by=ada)
    with pytest.raises(AlreadyInCohort):
        accept_offer(other, by=ada)
    other.refresh_from_db()
    assert other.status == "pending"


def test_names_a_person_left_empty_are_filled_from_the_roster_and_others_are_not(offer, cohort, mia):
    nameless = UserFactory(email="ada@uni.example", full_name="", family_name="King")
    accept_offer(offer, by=nameless)
    nameless.refresh_from_db()
    assert (nameless.full_name, nameless.family_name) == ("Ada Lovelace", "King")


def test_finishing_a_cohort_closes_its_offers(offer, cohort, mia, ada):
    send_invitation(offer.pk)
    finish_cohort(cohort, by=mia)
    with pytest.raises(InvitationNotFound):
        accept_invitation(mailed_token(), by=ada)
    with pytest.raises(CohortFinished):
        resend_invitation(offer, by=mia)


def test_membership_by_invitation(cohort, mia, ada):
    offer = invite_member(cohort.partner, email="ada@uni.example", role="instructor", by=mia, language="zh-hans")
    send_invitation(offer.pk)
    accept_invitation(mailed_token(), by=ada)

    assert Membership.objects.get(user=ada).role == "instructor"
    entry = AuditEntry.objects.get(act="membership.granted")
    assert (entry.actor_id, entry.partner_id) == (ada.pk, cohort.partner_id)
    with pytest.raises(AlreadyMember):
        invite_member(cohort.partner, email="ADA@uni.example", role="instructor", by=mia)


def test_inviting_the_same_address_again_is_one_offer(cohort, mia):
    first = invite_member(cohort.partner, email="new@uni.example", role="instructor", by=mia)
    second = invite_member(cohort.partner, email="new@uni.example", role="manager", by=mia)
    assert first.pk == second.pk
    assert Invitation.objects.get().membership_role == "manager"
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            partner=cohort.partner, email="new@uni.example", membership_role="manager", expires_at=timezone.now()
        )


def test_only_managers_of_the_partner_and_administrators_invite(offer, cohort):
    administrator = UserFactory(roles=("administrator",))
    invite_member(cohort.partner, email="x@uni.example", role="manager", by=administrator)
    for stranger in (make_instructor(cohort.partner), make_manager(make_partner(), "Otto Other"), UserFactory()):
        with pytest.raises(NotYourPartner):
            invite_member(cohort.partner, email="y@uni.example", role="manager", by=stranger)
        with pytest.raises(NotYourPartner):
            invite_to_cohort(cohort, email="y@uni.example", full_name="Y", by=stranger)
        for act in (resend_invitation, withdraw_invitation):
            with pytest.raises(NotYourPartner):
                act(offer, by=stranger)


def test_a_closed_partner_neither_invites_nor_takes(offer, cohort, mia, ada):
    cohort.partner.status = "closed"
    cohort.partner.save()
    with pytest.raises(PartnerClosed):
        invite_member(cohort.partner, email="y@uni.example", role="manager", by=mia)
    with pytest.raises(PartnerClosed):
        accept_offer(offer, by=ada)


def test_an_address_that_is_none(cohort, mia):
    with pytest.raises(InvalidInput):
        invite_to_cohort(cohort, email="ada(at)uni", full_name="Ada", by=mia)


def test_a_database_that_is_written_to_past_us_refuses_nonsense(offer):
    for wrong in ({"membership_role": "manager"}, {"status": "accepted"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.filter(pk=offer.pk).update(**wrong)
