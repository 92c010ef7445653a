"""Administrators keep partners and agreements in the Wagtail admin; nobody else gets in."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Role
from partners.models import Agreement, Invitation, Partner
from tests.factories.accounts import UserFactory, staff
from tests.factories.partners import AgreementFactory, PartnerFactory, PlaceFactory, make_manager

pytestmark = pytest.mark.django_db

NEW = {
    "name": "Northern University",
    "name_zh": "北方大学",
    "slug": "northern",
    "kind": "university",
    "contact_email": "office@northern.example",
    "manager_email": "mia@northern.example",
    "manager_language": "zh-hans",
}


@pytest.fixture
def administrator(client):
    person = staff(Role.ADMINISTRATOR)
    client.force_login(person)
    return person


def test_a_partner_is_created_through_the_action_and_its_manager_invited(client, administrator):
    answer = client.post(reverse("partner:add"), NEW)

    assert answer.status_code == 302
    partner = Partner.objects.get(slug="northern")
    assert (partner.name_zh, partner.status) == ("北方大学", "active")
    assert AuditEntry.objects.get(act="partner.created").actor_id == administrator.pk
    offer = Invitation.objects.get(partner=partner)
    assert (offer.email, offer.membership_role, offer.language) == ("mia@northern.example", "manager", "zh-hans")


def test_a_partner_is_changed_and_closed_but_keeps_its_address(client, administrator):
    partner = PartnerFactory(name="Old name")
    answer = client.post(
        reverse("partner:edit", args=[partner.pk]),
        {"name": "New name", "slug": "other", "kind": "institute", "status": "closed", "contact_email": ""},
    )

    assert answer.status_code == 302
    slug = partner.slug
    partner.refresh_from_db()
    assert (partner.name, partner.slug, partner.status) == ("New name", slug, "closed")
    assert AuditEntry.objects.get(act="partner.changed").details["changes"]["status"] == ["active", "closed"]


def test_an_agreement_is_signed_and_amended_through_actions(client, administrator):
    partner = PartnerFactory()
    fields = {"partner": partner.pk, "reference": "AG-1", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    assert client.post(reverse("agreement:add"), {**fields, "seats": 10, "exam_quota": 5}).status_code == 302
    agreement = Agreement.objects.get()
    assert AuditEntry.objects.get(act="agreement.signed").partner_id == partner.pk

    client.post(reverse("agreement:edit", args=[agreement.pk]), {**fields, "reference": "AG-2", "seats": 20, "exam_quota": 6})
    agreement.refresh_from_db()
    assert (agreement.reference, agreement.seats, agreement.exam_quota) == ("AG-1", 20, 6)
    assert AuditEntry.objects.filter(act="agreement.amended").count() == 1


def test_a_refusal_is_shown_beside_the_form(client, administrator):
    agreement = AgreementFactory(seats=5)
    for number in range(3):
        PlaceFactory(cohort__partner=agreement.partner, invited=True, email=f"p{number}@uni.example")
    answer = client.post(
        reverse("agreement:edit", args=[agreement.pk]), {"ends_on": agreement.ends_on, "seats": 2, "exam_quota": 5}
    )

    assert answer.status_code == 200
    assert "3 people hold seats today" in answer.content.decode()
    agreement.refresh_from_db()
    assert agreement.seats == 5


def test_pages_of_the_back_office_open(client, administrator):
    agreement = AgreementFactory()
    for name, args in (
        ("partner:index", []),
        ("partner:add", []),
        ("partner:edit", [agreement.partner.pk]),
        ("partner:inspect", [agreement.partner.pk]),
        ("agreement:index", []),
        ("agreement:add", []),
        ("agreement:edit", [agreement.pk]),
        ("agreement:inspect", [agreement.pk]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 200, name


def test_nothing_is_deleted(client, administrator):
    agreement = AgreementFactory()
    for name, thing in (("partner:delete", agreement.partner), ("agreement:delete", agreement)):
        assert client.post(reverse(name, args=[thing.pk])).status_code in (302, 403)
    assert (Partner.objects.count(), Agreement.objects.count()) == (1, 1)


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.AUDITOR)])
def test_other_staff_see_and_change_nothing(client, role):
    agreement = AgreementFactory()
    client.force_login(staff(role))
    for name, args in (
        ("partner:index", []),
        ("partner:add", []),
        ("partner:edit", [agreement.partner.pk]),
        ("agreement:index", []),
        ("agreement:edit", [agreement.pk]),
    ):
        assert client.get(reverse(name, args=args)).status_code in (302, 403, 404), name
    client.post(reverse("partner:add"), NEW)
    assert Partner.objects.count() == 1


def test_partner_managers_and_superusers_without_the_role_stay_out(client):
    partner = PartnerFactory()
    for person in (make_manager(partner), UserFactory(is_superuser=True, email="root@demo.touchstone.example")):
        client.force_login(person)
        assert client.get(reverse("partner:edit", args=[partner.pk])).status_code in (302, 403, 404)
        client.post(reverse("partner:add"), NEW)
    assert Partner.objects.count() == 1


def test_auditors_look_and_change_nothing(client):
    partner = PartnerFactory(name="Old name")
    client.force_login(staff(Role.AUDITOR))
    assert client.get(reverse("partner:inspect", args=[partner.pk])).status_code == 200
    client.post(reverse("partner:edit", args=[partner.pk]), {**NEW, "status": "closed"})
    partner.refresh_from_db()
    assert (partner.name, partner.status) == ("Old name", "active")
