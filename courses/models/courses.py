from __future__ import annotations

import uuid

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partners.models import Cohort
from standards.models import Competence, Level, Standard, Track
from standards.models.competences import Named


class Course(Named):
    """A unit of teaching one can finish, without a language: its pages present it, one per locale."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=20, unique=True)
    track = models.ForeignKey(Track, models.PROTECT, null=True, blank=True, related_name="courses", verbose_name=_("track"))
    level = models.ForeignKey(Level, models.PROTECT, related_name="courses", verbose_name=_("level"))
    hours = models.PositiveSmallIntegerField(_("learner hours"))
    prerequisites = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="unlocks", verbose_name=_("prerequisites")
    )
    competences = models.ManyToManyField(Competence, blank=True, related_name="courses", verbose_name=_("competences"))

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["track__position", "level__position", "code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    def get_absolute_url(self) -> str:
        """Leads to the course's page in the reader's language; costs no query here."""
        return reverse("courses:course", args=[self.code])


class Lesson(Named):
    """The smallest unit one opens, without a language. `LessonPage`s present it; a lesson without a live page
    is still outline and does not count towards finishing."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="lessons", verbose_name=_("course"))
    code = models.CharField(_("code"), max_length=20, unique=True)
    position = models.PositiveSmallIntegerField(_("position"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=45)
    # {"en": [...], "zh": [...]}
    objectives = models.JSONField(_("objectives"), default=dict, blank=True)
    standards = models.ManyToManyField(Standard, blank=True, related_name="lessons", verbose_name=_("standards"))
    competences = models.ManyToManyField(Competence, blank=True, related_name="lessons", verbose_name=_("competences"))

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        ordering = ["course", "position"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def goals(self) -> list[str]:
        """The objectives in the reader's language."""
        language = "zh" if (get_language() or "").startswith("zh") else "en"
        return self.objectives.get(language) or self.objectives.get("en", [])

    def get_absolute_url(self) -> str:
        """Leads to the lesson's page in the reader's language; costs no query here."""
        return reverse("courses:lesson", args=[self.code])


class CohortCourse(models.Model):
    """That a cohort takes a course."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="courses")
    course = models.ForeignKey(Course, models.PROTECT, related_name="cohorts")
    due_on = models.DateField(_("due on"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "course"], name="course_once_per_cohort")]

    def __str__(self) -> str:
        return f"{self.cohort} – {self.course}"
