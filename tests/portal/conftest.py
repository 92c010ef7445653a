"""One partner with people at every stage, and another partner whose manager must see nothing of it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from certificates.models import RegisterExport
from courses.models import CohortCourse
from partners.actions.invitations import invite_member, invite_to_cohort
from partners.rosters.applying import preview_roster
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_certificate, make_course
from tests.factories.partners import CohortFactory, PlaceFactory, make_instructor, make_manager, make_partner

ROSTER = "Name,Email,Student number\nGrace Hopper,grace@uni.example,007\n"


@pytest.fixture
def world(db):
    """Everything of partner `home`: mia manages, ines instructs `cohort`, ada learns. `otto` manages the other one."""
    home = make_partner(partner__slug="northern", partner__name="Northern University", seats=20, exam_quota=10)
    mia = make_manager(home)
    ines = make_instructor(home)
    ada = UserFactory(full_name="Ada Lovelace", family_name="Lovelace")
    cohort = CohortFactory(partner=home, name="Security 2026", instructor=ines)
    elsewhere = CohortFactory(partner=home, name="Security 2027")
    place = PlaceFactory(cohort=cohort, user=ada)
    CohortCourse.objects.create(cohort=cohort, course=make_course())
    certificate = make_certificate(ada, place=place)
    offer = invite_to_cohort(cohort, email="li@uni.example", full_name="李明", by=mia)
    member_offer = invite_member(home, email="new@uni.example", role="instructor", by=mia)
    roster = preview_roster(cohort, content=ROSTER.encode(), file_name="list.csv", by=mia)
    export = RegisterExport.objects.create(partner=home, asked_by=mia)
    other = make_partner(partner__slug="southern", partner__name="Southern Institute")
    return SimpleNamespace(
        home=home, mia=mia, ines=ines, ada=ada, cohort=cohort, elsewhere=elsewhere, place=place, certificate=certificate,
        offer=offer, member_offer=member_offer, roster=roster, export=export,
        membership=home.memberships.get(user=ines), other=other, otto=make_manager(other, "Otto Other"),
    )  # fmt: skip
