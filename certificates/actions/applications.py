"""How an application comes to be: the requirements are met, and it opens by itself, once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions.audit import record
from accounts.models import User
from certificates.errors import ApplicationClosed, NotEligible
from certificates.models import Application, CertificationScheme, SchemeRequirement
from certificates.queries import schemes_asking_for_course, schemes_asking_for_exam
from certificates.rules import can_withdraw_application
from certificates.signals import application_opened
from common.errors import NotPermitted
from common.events import announce
from courses.models import Enrolment
from exams.models import Result
from partners.models import CohortPlace


def open_application_if_eligible(
    user: User, scheme: CertificationScheme, *, asked: bool = False, at: datetime | None = None
) -> Application | None:
    """The application of this person under this scheme, opened now if every requirement is met; None while one is not.

    Safe to call again and from many places at once: there is one application per person, scheme and cycle.
    One that its owner withdrew, or that was refused, stays so until the owner asks again (`asked`).
    """
    if user.is_synthetic or scheme.status != CertificationScheme.Status.ACTIVE:
        return None
    existing = _existing(user, scheme)
    if existing is not None and not (asked and existing.may_be_asked_again):
        return existing
    met = [met_by(user, requirement) for requirement in scheme.requirements.select_related("course", "exam")]
    if not met or None in met:
        return None
    place = _place_of([fulfilment for fulfilment in met if fulfilment])
    try:
        with transaction.atomic():
            application = Application.objects.create(
                scheme=scheme,
                applicant=user,
                # A decided application keeps its cycle; a withdrawn one frees it.
                cycle=existing.cycle + (existing.status == Application.Status.DECIDED) if existing else 1,
                evidence=[_as_evidence(fulfilment) for fulfilment in met if fulfilment],
                partner=place.cohort.partner if place else None,
                cohort=place.cohort if place else None,
                opened_at=at or timezone.now(),
            )
            announce(application_opened, application_id=application.pk)
    except IntegrityError:
        # Two signals, or a signal and the sweeper, raced here: the constraint let one through.
        return _existing(user, scheme)
    return application


def _existing(user: User, scheme: CertificationScheme) -> Application | None:
    """Any version of the scheme counts: a new version does not certify everybody again."""
    applications = Application.objects.filter(applicant=user, scheme__code=scheme.code).select_related("decision")
    return applications.order_by("cycle", "pk").last()


def met_by(user: User, requirement: SchemeRequirement) -> Enrolment | Result | None:
    """What of this person's meets the requirement: the completed course, or the best released pass."""
    if requirement.kind == SchemeRequirement.Kind.COURSE_COMPLETED:
        completed = Enrolment.objects.filter(learner=user, course=requirement.course, status=Enrolment.Status.COMPLETED)
        return completed.select_related("course", "place__cohort__partner").first()
    passed = Result.objects.filter(
        attempt__registration__candidate=user,
        attempt__registration__sitting__exam=requirement.exam,
        attempt__registration__sitting__is_rehearsal=False,
        status=Result.Status.RELEASED,
        outcome=Result.Outcome.PASSED,
    )
    registration = "attempt__registration"
    return (
        passed.select_related(f"{registration}__place__cohort__partner", f"{registration}__sitting__exam")
        .order_by("-scaled_score", "released_at")
        .first()
    )


def _as_evidence(fulfilment: Enrolment | Result) -> dict[str, Any]:
    """The fact as it stood, so that the decision can be understood when the rows behind it have moved on."""
    if isinstance(fulfilment, Enrolment):
        course = fulfilment.course
        return {
            "kind": SchemeRequirement.Kind.COURSE_COMPLETED.value,
            "code": course.code,
            "title": course.title,
            "title_zh": course.title_zh,
            "achieved_at": fulfilment.completed_at.isoformat() if fulfilment.completed_at else "",
            "reference": str(fulfilment.uuid),
            "hours": course.hours,
        }
    sitting = fulfilment.attempt.registration.sitting
    return {
        "kind": SchemeRequirement.Kind.EXAM_PASSED.value,
        "code": sitting.exam.code,
        "title": sitting.exam.title,
        "title_zh": sitting.exam.title_zh,
        "achieved_at": fulfilment.released_at.isoformat() if fulfilment.released_at else "",
        "reference": str(fulfilment.uuid),
        "sitting": sitting.code,
        "scaled_score": fulfilment.scaled_score,
        "is_provisional": fulfilment.is_provisional,
        "areas": fulfilment.areas,
    }


def _place_of(fulfilments: list[Enrolment | Result]) -> CohortPlace | None:
    """The cohort place the evidence came through: the registration's before the enrolment's."""
    by_exam = [each.attempt.registration.place for each in fulfilments if isinstance(each, Result)]
    by_course = [each.place for each in fulfilments if isinstance(each, Enrolment)]
    return next((place for place in [*by_exam, *by_course] if place is not None), None)


def open_applications_after_course(enrolment_id: int) -> list[Application]:
    """What a finished course may have made possible."""
    enrolment = Enrolment.objects.select_related("learner").filter(pk=enrolment_id).first()
    if enrolment is None:
        return []
    return _open_all(enrolment.learner, list(schemes_asking_for_course(enrolment.course_id)))


def open_applications_after_result(result_id: int) -> list[Application]:
    """What a released result may have made possible."""
    result = Result.objects.select_related("attempt__registration__candidate", "attempt__registration__sitting")
    released = result.filter(pk=result_id, status=Result.Status.RELEASED, outcome=Result.Outcome.PASSED).first()
    if released is None:
        return []
    registration = released.attempt.registration
    return _open_all(registration.candidate, list(schemes_asking_for_exam(registration.sitting.exam_id)))


def _open_all(user: User, schemes: list[CertificationScheme]) -> list[Application]:
    return [application for scheme in schemes if (application := open_application_if_eligible(user, scheme))]


@transaction.atomic
def apply_for_certification(scheme: CertificationScheme, *, by: User, at: datetime | None = None) -> Application:
    """What the button on the scheme's page does: the same as the signals, but refusing in words."""
    application = open_application_if_eligible(by, scheme, asked=True, at=at)
    if application is None:
        raise NotEligible
    return application


@transaction.atomic
def withdraw_application(application: Application, *, by: User, at: datetime | None = None) -> Application:
    """The applicant takes the request back; nothing was decided, nothing is held against them."""
    application = Application.objects.select_for_update().get(pk=application.pk)
    if application.applicant_id != by.pk:
        raise NotPermitted
    if not can_withdraw_application(by, application):
        raise ApplicationClosed
    application.status = Application.Status.WITHDRAWN
    application.save(update_fields=["status"])
    record("application.withdraw", application, by=by, partner=application.partner, at=at)
    return application
