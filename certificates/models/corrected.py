from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates.models.applications import Application
from exams.models import ResultChange


class CorrectedResult(models.Model):
    """Officers' work: a result that an application rests on was passed and, marked again, no longer is. Nothing follows by
    itself; an officer looks, acts where it is needed on the page of the certificate or application, and says what was done.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="corrected_results")
    change = models.ForeignKey(ResultChange, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(_("noted at"))
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settlement = models.TextField(_("what was done"), blank=True)

    class Meta:
        verbose_name = _("corrected result")
        verbose_name_plural = _("corrected results")
        ordering = ["noted_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "change"], name="corrected_result_noted_once"),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True, settled_at__isnull=True, settlement="")
                | Q(settled_by__isnull=False, settled_at__isnull=False) & ~Q(settlement=""),
                name="settled_correction_says_what_was_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.change}"
