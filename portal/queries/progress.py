"""How the people of a cohort progress. Only what came through this cohort: what a person does elsewhere is theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.models import Certificate
from courses.models import CohortCourse, Course, Enrolment, LessonCompletion
from courses.queries import lessons_with_pages
from exams.models import Attempt, Registration, Result, Sitting
from exams.rules.deadlines import times_for
from partners.models import Cohort, CohortPlace


@dataclass(frozen=True)
class CourseProgress:
    """How far a person is in one course of the cohort."""

    course: Course
    enrolment: Enrolment | None
    done: int
    total: int

    @property
    def percent(self) -> int:
        if self.enrolment and self.enrolment.status == Enrolment.Status.COMPLETED:
            return 100
        return round(100 * self.done / self.total) if self.total else 0


@dataclass(frozen=True)
class ExamState:
    """Where a person stands with one sitting, in words and a tone."""

    registration: Registration
    label: str
    tone: str
    detail: str = ""


@dataclass
class PersonProgress:
    """One row of a cohort's page."""

    place: CohortPlace
    courses: list[CourseProgress]
    exams: list[ExamState] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)


def courses_of(cohort: Cohort) -> list[Course]:
    """The courses a cohort takes, in their order."""
    return [
        link.course
        for link in CohortCourse.objects.filter(cohort=cohort)
        .select_related("course")
        .order_by("course__track__position", "course__level__position", "course__code")
    ]


def lesson_totals(courses: Sequence[Course]) -> dict[int, int]:
    """How many lessons of each course are there to be done: those with a live page."""
    return dict(
        lessons_with_pages()
        .filter(course__in=courses)
        .values("course")
        .annotate(number=Count("pk"))
        .order_by()
        .values_list("course", "number")
    )


def cohort_progress(cohort: Cohort, places: Sequence[CohortPlace]) -> list[PersonProgress]:
    """The rows for these places of one cohort: seven queries, however many people and courses."""
    courses = courses_of(cohort)
    totals = lesson_totals(courses)
    people = [place.user_id for place in places if place.user_id and place.status == CohortPlace.Status.ACTIVE]
    enrolments = {
        (enrolment.learner_id, enrolment.course_id): enrolment
        for enrolment in Enrolment.objects.filter(learner__in=people, course__in=courses).filter(
            # One course is taken once. A person who came with it themselves shares it by accepting the place;
            # an enrolment through another cohort is that cohort's to see.
            Q(place__cohort=cohort) | Q(place=None)
        )
    }
    done = _lessons_done([enrolment.pk for enrolment in enrolments.values()])
    exams = _exam_states(cohort, places)
    certificates = _certificates(cohort, people)
    rows = []
    for place in places:
        is_active = place.status == CohortPlace.Status.ACTIVE
        row = PersonProgress(place, [])
        for course in courses:
            enrolment = enrolments.get((place.user_id, course.pk)) if is_active and place.user_id else None
            row.courses.append(
                CourseProgress(course, enrolment, done.get(enrolment.pk, 0) if enrolment else 0, totals.get(course.pk, 0))
            )
        row.exams = exams.get(place.pk, [])
        row.certificates = certificates.get(place.user_id, []) if place.user_id else []
        rows.append(row)
    return rows


def registrations_of(cohort: Cohort) -> QuerySet[Registration]:
    """Registrations that came through this cohort."""
    return Registration.objects.filter(place__cohort=cohort, status=Registration.Status.REGISTERED, sitting__is_rehearsal=False)


def _lessons_done(enrolment_ids: list[int]) -> dict[int, int]:
    return dict(
        LessonCompletion.objects.filter(
            enrolment__in=enrolment_ids, completed_at__isnull=False, lesson__in=lessons_with_pages()
        )
        .values("enrolment")
        .annotate(number=Count("lesson"))
        .values_list("enrolment", "number")
    )


def _exam_states(cohort: Cohort, places: Sequence[CohortPlace]) -> dict[int, list[ExamState]]:
    states: dict[int, list[ExamState]] = defaultdict(list)
    registrations = (
        registrations_of(cohort)
        .filter(place__in=[place.pk for place in places])
        .select_related("sitting__exam")
        .prefetch_related("candidate__accommodations")
        .order_by("sitting__opens_at")
    )
    found = list(registrations)
    attempts = {
        attempt.registration_id: attempt
        for attempt in Attempt.objects.filter(registration__in=found).only("registration_id", "status", "submitted_at")
    }
    # Held results are not even read: nothing of this page may depend on them before release.
    results = {
        result.attempt_id: result
        for result in Result.objects.filter(attempt__in=list(attempts.values()), status=Result.Status.RELEASED).only(
            "attempt_id", "outcome", "scaled_score"
        )
    }
    for registration in found:
        attempt = attempts.get(registration.pk)
        result = results.get(attempt.pk) if attempt else None
        states[registration.place_id or 0].append(exam_state(registration, attempt, result))
    return states


def exam_state(registration: Registration, attempt: Attempt | None, result: Result | None) -> ExamState:
    """One registration in words."""
    if result is not None:
        passed = result.outcome == Result.Outcome.PASSED
        return ExamState(
            registration,
            _("passed") if passed else _("not passed"),
            "success" if passed else "danger",
            _("%(score)s of 800") % {"score": result.scaled_score},
        )
    if attempt is not None and attempt.is_open:
        return ExamState(registration, _("in the exam"), "info")
    if attempt is not None:
        return ExamState(registration, _("handed in"), "neutral", _("result not released yet"))
    sitting = registration.sitting
    if sitting.status == Sitting.Status.CANCELLED:
        return ExamState(registration, _("sitting cancelled"), "warning")
    now = timezone.now()
    if times_for(registration.candidate, sitting, at=now).start_by <= now:
        return ExamState(registration, _("did not sit"), "warning")
    return ExamState(registration, _("registered"), "info")


def _certificates(cohort: Cohort, people: list[Any]) -> dict[int, list[Certificate]]:
    found: dict[int, list[Certificate]] = defaultdict(list)
    certificates = (
        Certificate.objects.filter(cohort=cohort, partner_id=cohort.partner_id, holder__in=people)
        .exclude(status=Certificate.Status.SUPERSEDED)
        .order_by("-issued_on", "-pk")
    )
    for certificate in certificates:
        found[certificate.holder_id].append(certificate)
    return found
