from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models.courses import Course, Lesson
from partners.models import CohortPlace


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, user: object) -> EnrolmentQuerySet:
        """A learner's own. What a partner may see of its cohorts is asked in `portal`, through the cohort."""
        return self.filter(learner=user) if getattr(user, "is_authenticated", False) else self.none()


class Enrolment(models.Model):
    """A learner's place in a course: active → completed, or left. Progress survives leaving and coming back."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        COMPLETED = "completed", _("completed")
        LEFT = "left", _("left")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    learner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrolments")
    course = models.ForeignKey(Course, models.PROTECT, related_name="enrolments")
    # The cohort it came through, if any: kept so that a certificate can name it.
    place = models.ForeignKey(CohortPlace, models.SET_NULL, null=True, blank=True, related_name="enrolments")
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.ACTIVE)
    enrolled_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    # Resume where you were, whatever the language: the lesson, not the page.
    last_lesson = models.ForeignKey(Lesson, models.SET_NULL, null=True, blank=True, related_name="+")
    last_seen_at = models.DateTimeField(null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(fields=["learner", "course"], name="one_enrolment_per_course"),
            models.CheckConstraint(
                condition=Q(status="completed", completed_at__isnull=False)
                | (~Q(status="completed") & Q(completed_at__isnull=True)),
                name="completed_enrolment_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner} – {self.course}"


class LessonCompletion(models.Model):
    """How far a learner is in a lesson, whatever the language: read, practice passed, completed (both)."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="completions")
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="completions")
    opened_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    practice_passed_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "lesson"], name="one_completion_per_lesson")]

    def __str__(self) -> str:
        return f"{self.enrolment} – {self.lesson}"


class PracticeAnswer(models.Model):
    """The last answer to one practice question. `question_key` is the block's stable key, the same in each language."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="practice_answers")
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="practice_answers")
    question_key = models.CharField(max_length=60)
    answer = models.JSONField()
    is_right = models.BooleanField()
    # Once right, passed: trying again later takes nothing away.
    first_right_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=1)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson", "question_key"], name="one_answer_per_practice_question")
        ]

    def __str__(self) -> str:
        return f"{self.lesson.code} {self.question_key}"
