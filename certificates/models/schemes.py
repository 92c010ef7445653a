from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from exams.models import Exam
from standards.models import Level, Track
from standards.models.competences import Named, in_language


class CertificationScheme(Named):
    """Requirements for one category of certified persons, in one version: draft → active → retired.
    Active, it never changes what it demands; a change is the next version."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        ACTIVE = "active", _("active")
        RETIRED = "retired", _("retired")

    code = models.CharField(_("code"), max_length=30)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)
    track = models.ForeignKey(Track, models.PROTECT, related_name="schemes", verbose_name=_("track"))
    level = models.ForeignKey(Level, models.PROTECT, related_name="schemes", verbose_name=_("level"))
    scope = models.TextField(_("scope"))
    scope_zh = models.TextField(_("scope in Chinese"))
    validity_months = models.PositiveSmallIntegerField(_("validity in months"), default=36)
    activated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("certification scheme")
        verbose_name_plural = _("certification schemes")
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="scheme_version_once"),
            models.UniqueConstraint(fields=["code"], name="one_active_scheme_version", condition=Q(status="active")),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version} {self.name}"

    @property
    def scope_text(self) -> str:
        return in_language(self.scope, self.scope_zh)


class SchemeRequirement(models.Model):
    """One thing a scheme demands: a course completed or an exam passed."""

    class Kind(models.TextChoices):
        COURSE_COMPLETED = "course_completed", _("course completed")
        EXAM_PASSED = "exam_passed", _("exam passed")

    scheme = models.ForeignKey(CertificationScheme, models.CASCADE, related_name="requirements")
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    course = models.ForeignKey(Course, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("course"))
    exam = models.ForeignKey(Exam, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("exam"))

    class Meta:
        ordering = ["kind", "pk"]  # evidence is read in the order of what was demanded: courses first
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="course_completed", course__isnull=False, exam__isnull=True)
                | Q(kind="exam_passed", exam__isnull=False, course__isnull=True),
                name="requirement_names_what_it_demands",
            ),
            models.UniqueConstraint(
                fields=["scheme", "course"], name="course_demanded_once", condition=Q(course__isnull=False)
            ),
            models.UniqueConstraint(fields=["scheme", "exam"], name="exam_demanded_once", condition=Q(exam__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.course or self.exam}"
