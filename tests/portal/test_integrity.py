"""A planted violation of each invariant of partners and portal is found; a clean world has none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from certificates.models import Application
from courses.models import Enrolment
from exams.models import CohortSitting
from partners import integrity as partner_checks
from partners.models import Cohort, CohortPlace, Invitation, RosterImport
from partners.rosters.applying import apply_roster
from portal import integrity as portal_checks
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_course
from tests.factories.exams import make_registration, make_sitting
from tests.factories.partners import CohortFactory

pytestmark = pytest.mark.django_db

CHECKS = [
    partner_checks.wandering_invitations,
    partner_checks.places_without_acceptance,
    partner_checks.foreign_instructors,
    partner_checks.forgotten_mails,
    partner_checks.untrue_reports,
    portal_checks.borrowed_places,
    portal_checks.foreign_candidates,
    portal_checks.divided_certificates,
]


def broken() -> set[str]:
    return {check.__name__ for check in CHECKS if list(check())}


def test_a_clean_world_is_clean(world):
    apply_roster(world.roster, by=world.mia)
    assert broken() == set()


def test_planted_faults_are_found(world, without_triggers):
    foreign_cohort = CohortFactory(partner=world.other)
    Invitation.objects.filter(pk=world.offer.pk).update(partner=world.other)
    assert broken() == {"wandering_invitations"}
    Invitation.objects.filter(pk=world.offer.pk).update(partner=world.home, status="accepted", accepted_at=timezone.now())
    assert broken() == {"places_without_acceptance"}
    Invitation.objects.filter(pk=world.offer.pk).update(status="pending", next_try_at=timezone.now() - timedelta(hours=2))
    assert broken() == {"forgotten_mails"}
    Invitation.objects.filter(pk=world.offer.pk).update(next_try_at=timezone.now())
    Cohort.objects.filter(pk=world.cohort.pk).update(instructor=world.otto)
    assert broken() == {"foreign_instructors"}
    Cohort.objects.filter(pk=world.cohort.pk).update(instructor=None)
    stranger = Enrolment.objects.create(
        learner=UserFactory(), course=make_course(), place=world.place, enrolled_at=timezone.now()
    )
    assert broken() == {"borrowed_places"}
    stranger.delete()
    registration = make_registration(make_sitting(partner=world.other), world.ada, place=world.place)
    assert broken() == {"foreign_candidates"}
    registration.delete()
    tie = CohortSitting.objects.create(cohort=foreign_cohort, sitting=make_sitting(partner=world.home))
    assert broken() == {"foreign_candidates"}
    tie.delete()
    with without_triggers("certificates_application"):
        Application.objects.filter(applicant=world.ada).update(partner=world.other)
    assert broken() == {"divided_certificates"}


def test_reports_that_are_not_true_are_found(world):
    apply_roster(world.roster, by=world.mia)
    RosterImport.objects.update(added_count=5)
    assert broken() == {"untrue_reports"}
    RosterImport.objects.update(added_count=1)
    assert broken() == set()
    CohortPlace.objects.filter(email="grace@uni.example").delete()
    assert broken() == {"untrue_reports"}
