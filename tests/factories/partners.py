"""Institutions, their people and cohorts."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import factory
from django.utils import timezone
from openpyxl import Workbook

from accounts.models import User
from partners.models import Agreement, Cohort, CohortPlace, Membership, Partner
from tests.factories.accounts import UserFactory


class PartnerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Partner

    slug = factory.Sequence(lambda number: f"partner-{number}")
    name = factory.Sequence(lambda number: f"University {number}")
    kind = Partner.Kind.UNIVERSITY
    contact_email = "office@partner.example"


class AgreementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Agreement

    partner = factory.SubFactory(PartnerFactory)
    reference = factory.Sequence(lambda number: f"AG-{number}")
    starts_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))
    ends_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=335))
    seats = 100
    exam_quota = 50


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    partner = factory.SubFactory(PartnerFactory)
    user = factory.SubFactory(UserFactory)
    role = Membership.Role.MANAGER


class CohortFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cohort

    partner = factory.SubFactory(PartnerFactory)
    code = factory.Sequence(lambda number: f"cohort-{number}")
    name = factory.Sequence(lambda number: f"Cohort {number}")
    starts_on = date(2026, 9, 1)
    ends_on = date(2027, 6, 30)
    status = Cohort.Status.RUNNING


class PlaceFactory(factory.django.DjangoModelFactory):
    """An active place; `PlaceFactory(invited=True)` has nobody in it yet."""

    class Meta:
        model = CohortPlace

    class Params:
        invited = factory.Trait(user=None, status=CohortPlace.Status.INVITED, joined_at=None)

    cohort = factory.SubFactory(CohortFactory)
    user = factory.SubFactory(UserFactory)
    email = factory.LazyAttributeSequence(lambda place, number: place.user.email if place.user else f"new{number}@example.org")
    full_name = factory.LazyAttributeSequence(
        lambda place, number: place.user.full_name if place.user else f"Newcomer {number:03}"
    )
    family_name = "Person"
    status = CohortPlace.Status.ACTIVE
    joined_at = factory.LazyFunction(timezone.now)


def make_partner(**agreement: Any) -> Partner:
    """A partner with an agreement in force."""
    return AgreementFactory(**agreement).partner


def make_manager(partner: Partner, name: str = "Mia Manager", **fields: Any) -> User:
    """A manager at the exempt demo domain, so that tests of other things need no second factor."""
    fields.setdefault("email", f"{name.lower().replace(' ', '.')}.{partner.slug}@demo.touchstone.example")
    return MembershipFactory(partner=partner, user=UserFactory(full_name=name, **fields)).user


def make_instructor(partner: Partner, name: str = "Ines Instructor", **fields: Any) -> User:
    return MembershipFactory(partner=partner, user=UserFactory(full_name=name, **fields), role=Membership.Role.INSTRUCTOR).user


def xlsx(*rows: list[Any], **more_sheets: list[list[Any]]) -> bytes:
    """A workbook with these rows in its first sheet."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for name, lines in more_sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
