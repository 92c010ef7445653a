"""Invariant 7 across the packages that only the portal sees together: nothing joins two partners."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Q

from certificates.models import Application, Certificate
from common.integrity import Violation, invariant
from courses.models import Enrolment
from exams.models import CohortSitting, Registration


@invariant(7, "a cohort place is used by its own person")
def borrowed_places() -> Iterator[Violation]:
    held = Q(place__isnull=False, place__user__isnull=False)
    for enrolment in Enrolment.objects.filter(held).exclude(place__user=F("learner")).iterator():
        yield Violation(f"enrolment {enrolment.pk}", "came through a place of another person")
    for registration in Registration.objects.filter(held).exclude(place__user=F("candidate")).iterator():
        yield Violation(f"registration {registration.pk}", "came through a place of another person")


@invariant(7, "a partner's sitting has only that partner's people")
def foreign_candidates() -> Iterator[Violation]:
    rows = Registration.objects.filter(
        sitting__partner__isnull=False, place__isnull=False, status=Registration.Status.REGISTERED
    ).exclude(place__cohort__partner=F("sitting__partner"))
    for registration in rows.iterator():
        yield Violation(f"registration {registration.pk}", "is in a sitting of another partner than its cohort's")
    for tie in CohortSitting.objects.filter(sitting__partner__isnull=False).exclude(sitting__partner=F("cohort__partner")):
        yield Violation(f"cohort sitting {tie.pk}", "ties a cohort to a sitting of another partner")


@invariant(7, "a certificate names the partner of its cohort")
def divided_certificates() -> Iterator[Violation]:
    for certificate in Certificate.objects.filter(cohort__isnull=False).exclude(partner=F("cohort__partner")).iterator():
        yield Violation(f"certificate {certificate.serial}", "names another partner than its cohort's")
    for application in Application.objects.filter(cohort__isnull=False).exclude(partner=F("cohort__partner")).iterator():
        yield Violation(f"application {application.pk}", "names another partner than its cohort's")
    for certificate in Certificate.objects.exclude(
        Q(partner=F("decision__application__partner")) | Q(partner__isnull=True, decision__application__partner__isnull=True)
    ).iterator():
        yield Violation(f"certificate {certificate.serial}", "names another partner than the application it rests on")
