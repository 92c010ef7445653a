from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from exams.models.blueprints import Exam
from exams.models.sittings import Registration


class RetakeException(models.Model):
    """Leave for one person to sit one exam once more whatever its retake rules say: granted → used by a registration."""

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="retake_exceptions", verbose_name=_("exam"))
    candidate = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="retake_exceptions", verbose_name=_("candidate")
    )
    reason = models.CharField(_("reason"), max_length=240)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    registration = models.OneToOneField(Registration, models.PROTECT, null=True, blank=True, related_name="retake_exception")

    class Meta:
        verbose_name = _("exception from the retake rules")
        verbose_name_plural = _("exceptions from the retake rules")
        ordering = ["-granted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["exam", "candidate"],
                condition=models.Q(registration__isnull=True),
                name="one_unused_retake_exception",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="retake_exception_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.candidate} {self.exam}"

    if TYPE_CHECKING:
        candidate_id: int
        registration_id: int | None
