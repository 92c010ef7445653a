"""What courses refuses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class CourseNotOpen(DomainError):
    code = "course_not_open"
    message = _("This course cannot be taken yet: its lessons are still being written. Its outline shows what it will teach.")


class PrerequisitesMissing(DomainError):
    """Carries its own text: which course to finish first, and how far the learner is in it."""

    code = "prerequisites_missing"


class NotEnrolled(DomainError):
    code = "not_enrolled"
    status = 403
    message = _("Enrol in the course first; then its lessons are open to you and your progress is kept.")


class LessonNotOpen(DomainError):
    code = "lesson_not_open"
    status = 404
    message = _("This lesson is not published at the moment. Choose another one from the course page.")


class AnswerMissing(DomainError):
    code = "answer_missing"
    status = 400
    message = _("Choose an answer, or type a number with digits, and then check it.")
