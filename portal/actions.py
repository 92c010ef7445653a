"""What a partner does that touches training and examining at once; the parts are the lower packages' own actions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from common.errors import DomainError
from courses.actions.cohorts import assign_course
from courses.models import CohortCourse, Course
from exams.actions.registering import register_candidate
from exams.models import CohortSitting, Registration, Sitting
from partners.errors import CohortFinished
from partners.models import Cohort, CohortPlace, Partner
from partners.queries import agreement_in_force
from partners.rules import must_manage
from portal.errors import ExamQuotaUsedUp, SittingNotOffered
from portal.queries.overview import exam_places_used, sittings_for


@dataclass(frozen=True)
class Outcome:
    """What registering did for one person: registered, already (was so before) or refused, with the reason."""

    place: CohortPlace
    kind: str
    text: str

    @property
    def tone(self) -> str:
        return {"registered": "success", "already": "neutral", "refused": "danger"}[self.kind]


@transaction.atomic
def plan_cohort(cohort: Cohort, *, courses: Iterable[Course], sittings: Iterable[Sitting], by: User | None) -> Cohort:
    """Tie a cohort to the courses it takes and the sittings it is meant for. Its people are enrolled in what is new;
    taking a course off the plan takes no progress away."""
    must_manage(by, cohort.partner)
    if cohort.status == Cohort.Status.FINISHED:
        raise CohortFinished
    wanted_courses, wanted_sittings = set(courses), set(sittings)
    _must_be_offered(cohort, wanted_sittings)
    before = _plan(cohort)
    CohortCourse.objects.filter(cohort=cohort).exclude(course__in=wanted_courses).delete()
    CohortSitting.objects.filter(cohort=cohort).exclude(sitting__in=wanted_sittings).delete()
    taken = set(CohortCourse.objects.filter(cohort=cohort).values_list("course", flat=True))
    for course in sorted(wanted_courses, key=lambda course: course.code):
        if course.pk not in taken:
            assign_course(cohort, course, by=by)
    for sitting in wanted_sittings:
        CohortSitting.objects.get_or_create(cohort=cohort, sitting=sitting)
    after = _plan(cohort)
    if after != before:
        record("cohort.planned", cohort, by=by, partner=cohort.partner, summary=cohort.name, details=after)
    return cohort


@transaction.atomic
def register_cohort(
    cohort: Cohort, sitting: Sitting, *, by: User | None, language: str = "", at: datetime | None = None
) -> list[Outcome]:
    """Register every active person of a cohort for a sitting, as far as the agreement pays; a report per person.

    One person's refusal stops no other. `language` is the paper's; empty = each person's own.
    """
    must_manage(by, cohort.partner)
    if cohort.status == Cohort.Status.FINISHED:
        raise CohortFinished
    if not sittings_for(cohort.partner, at).filter(pk=sitting.pk).exists():
        raise SittingNotOffered
    # Two managers at once would both count the same free places: the partner's row makes the second wait.
    partner = Partner.objects.select_for_update().get(pk=cohort.partner_id)
    agreement = agreement_in_force(partner)
    left = agreement.exam_quota - exam_places_used(partner, agreement)
    places = list(cohort.places.filter(status=CohortPlace.Status.ACTIVE).select_related("user").order_by("full_name", "pk"))
    registered = set(
        Registration.objects.filter(
            sitting=sitting, candidate__in=[place.user_id for place in places], status=Registration.Status.REGISTERED
        ).values_list("candidate", flat=True)
    )
    report = []
    for place in places:
        if place.user_id in registered:
            report.append(Outcome(place, "already", _("Was registered before.")))
            continue
        outcome = _register(place, sitting, language, at) if left > 0 else _refused(place, ExamQuotaUsedUp())
        left -= outcome.kind == "registered"
        report.append(outcome)
    new = sum(outcome.kind == "registered" for outcome in report)
    if new:
        CohortSitting.objects.get_or_create(cohort=cohort, sitting=sitting)
        record(
            "cohort.registered",
            cohort,
            by=by,
            partner=partner,
            summary=f"{cohort.name} – {sitting.name}",
            details={"sitting": sitting.code, "registered": new},
        )
    return report


def _register(place: CohortPlace, sitting: Sitting, language: str, at: datetime | None) -> Outcome:
    if place.user is None:  # the constraint active_place_has_a_user says this cannot be
        raise ValueError(f"place {place.pk} is active without a user")
    try:
        with transaction.atomic():
            register_candidate(sitting, candidate=place.user, place=place, language=language, at=at)
    except DomainError as refusal:
        return _refused(place, refusal)
    return Outcome(place, "registered", _("Registered."))


def _refused(place: CohortPlace, refusal: DomainError) -> Outcome:
    return Outcome(place, "refused", str(refusal.text))


def _must_be_offered(cohort: Cohort, sittings: set[Sitting]) -> None:
    """New ties only to what the partner may use; old ties may stay when a sitting has closed."""
    tied = set(CohortSitting.objects.filter(cohort=cohort).values_list("sitting", flat=True))
    offered = set(sittings_for(cohort.partner).values_list("pk", flat=True))
    if not {sitting.pk for sitting in sittings} <= offered | tied:
        raise SittingNotOffered


def _plan(cohort: Cohort) -> dict[str, list[str]]:
    return {
        "courses": sorted(CohortCourse.objects.filter(cohort=cohort).values_list("course__code", flat=True)),
        "sittings": sorted(CohortSitting.objects.filter(cohort=cohort).values_list("sitting__code", flat=True)),
    }
