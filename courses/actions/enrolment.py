"""Taking a place in a course, and giving it up."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from courses.errors import CourseNotOpen, PrerequisitesMissing
from courses.models import Course, Enrolment
from courses.queries import Prerequisite, is_open, missing_prerequisites
from partners.models import CohortPlace


@transaction.atomic
def enrol_learner(learner: User, course: Course, *, place: CohortPlace | None = None, at: datetime | None = None) -> Enrolment:
    """Give a learner a place in an open course, or back into it; progress made before still counts.

    A cohort's place is given whatever the learner has finished before: the prerequisites then stand before its first
    lesson instead (`open_lesson`), so that a partner may enrol a whole class in a row of courses at once.
    """
    enrolment = Enrolment.objects.select_for_update().filter(learner=learner, course=course).first()
    if enrolment is None or enrolment.status == Enrolment.Status.LEFT:
        if not is_open(course):
            raise CourseNotOpen
        if place is None:
            require_prerequisites(learner, course)
    if enrolment is None:
        # Two clicks may race here: the constraint lets one place exist, and both get it.
        enrolment, _created = Enrolment.objects.get_or_create(
            learner=learner, course=course, defaults={"place": place, "enrolled_at": at or timezone.now()}
        )
    if enrolment.status == Enrolment.Status.LEFT:
        enrolment.status = Enrolment.Status.ACTIVE
        enrolment.save(update_fields=["status"])
    if place is not None and enrolment.place_id is None:
        enrolment.place = place
        enrolment.save(update_fields=["place"])
    return enrolment


@transaction.atomic
def leave_course(enrolment: Enrolment, *, at: datetime | None = None) -> Enrolment:
    """Give up a place that is not completed. What was read and answered is kept for a return."""
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if enrolment.status == Enrolment.Status.ACTIVE:
        enrolment.status = Enrolment.Status.LEFT
        enrolment.last_seen_at = at or timezone.now()
        enrolment.save(update_fields=["status", "last_seen_at"])
    return enrolment


def require_prerequisites(learner: User, course: Course) -> None:
    """Refuse, in words, while a course that comes before this one is not finished."""
    missing = missing_prerequisites(learner, course)
    if missing:
        raise PrerequisitesMissing(" ".join(in_words(one) for one in missing), courses=[one.course.code for one in missing])


def in_words(missing: Prerequisite) -> str:
    """One missing prerequisite as a sentence."""
    values = {"course": missing.course.name, "done": missing.progress.done, "total": missing.progress.total}
    if missing.is_enrolled:
        return (
            ngettext(
                "Finish “%(course)s” first; you are at %(done)s of %(total)s lesson.",
                "Finish “%(course)s” first; you are at %(done)s of %(total)s lessons.",
                missing.progress.total,
            )
            % values
        )
    return _("Finish “%(course)s” first; you are not enrolled in it yet.") % values
