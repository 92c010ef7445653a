"""Cohorts in courses: what a cohort takes, and the places its people get."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from accounts.actions.audit import record
from accounts.models import User
from courses.actions.enrolment import enrol_learner
from courses.models import CohortCourse, Course, Enrolment
from courses.queries import open_courses
from partners.models import Cohort, CohortPlace


@transaction.atomic
def assign_course(cohort: Cohort, course: Course, *, by: User | None, due_on: date | None = None) -> CohortCourse:
    """Let a cohort take a course; its active people get their places at once, later ones as they join."""
    row, created = CohortCourse.objects.get_or_create(cohort=cohort, course=course, defaults={"due_on": due_on})
    if not created and row.due_on != due_on:
        row.due_on = due_on
        row.save(update_fields=["due_on"])
    record("cohort_course_assigned", row, by=by, partner=cohort.partner, details={"cohort": cohort.code, "course": course.code})
    enrol_cohort(cohort)
    return row


@transaction.atomic
def enrol_cohort(cohort: Cohort, *, at: datetime | None = None) -> list[Enrolment]:
    """Give every active person of a cohort the places that are still missing. May be called as often as one likes."""
    places = cohort.places.filter(status=CohortPlace.Status.ACTIVE).select_related("user", "cohort")
    return [enrolment for place in places for enrolment in enrol_place(place, at=at)]


@transaction.atomic
def enrol_place(place: CohortPlace, *, at: datetime | None = None) -> list[Enrolment]:
    """Enrol one person in the open courses of the cohort. Whoever left a course stays out of it; a place the person
    took alone now names the cohort."""
    if place.status != CohortPlace.Status.ACTIVE or place.user is None:
        return []
    courses = list(open_courses().filter(cohorts__cohort=place.cohort_id).order_by("level__position", "code"))
    left = set(
        Enrolment.objects.filter(learner=place.user, course__in=courses, status=Enrolment.Status.LEFT).values_list(
            "course_id", flat=True
        )
    )
    return [enrol_learner(place.user, course, place=place, at=at) for course in courses if course.pk not in left]
