from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.storage import private_storage
from exams.models.blueprints import Paper
from exams.models.items import ItemVersion


class TechnicalReportQuerySet(models.QuerySet["TechnicalReport"]):
    def visible_to(self, user: object) -> TechnicalReportQuerySet:
        """Those who administer papers, and auditors."""
        from accounts.models import Role

        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self if user.has_role(Role.ADMINISTRATOR, Role.AUDITOR) else self.none()  # type: ignore[attr-defined]


class TechnicalReport(models.Model):
    """What the answers given so far say about a paper: waiting → running → ready; failing → waiting again, at last failed.

    The row is the truth of the pending work (invariant 11): a worker claims it by moving it to `running` until
    `claimed_until`; the sweeper rings again. A later report does not change an earlier one.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="technical_reports")
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked for at"))
    claimed_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(_("progress in percent"), default=0)
    failure = models.CharField(max_length=300, blank=True)
    # exams.statistics.report.analyse_paper: figures, codes and names of options; no stem, no text, no person.
    figures = models.JSONField(null=True, blank=True)
    ready_at = models.DateTimeField(_("ready at"), null=True, blank=True)

    objects = TechnicalReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("technical report")
        verbose_name_plural = _("technical reports")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper"], name="one_report_at_work_per_paper", condition=Q(status__in=["waiting", "running"])
            ),
            models.CheckConstraint(
                condition=~Q(status="ready") | Q(figures__isnull=False, ready_at__isnull=False),
                name="ready_report_has_its_figures",
            ),
            models.CheckConstraint(condition=Q(progress__lte=100), name="report_progress_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return f"{self.paper} {self.asked_at:%Y-%m-%d}"

    @property
    def is_working(self) -> bool:
        return self.status in (self.Status.WAITING, self.Status.RUNNING)


class ReportDocument(models.Model):
    """A technical report printed as PDF in one language: no key stands in it."""

    report = models.ForeignKey(TechnicalReport, models.CASCADE, related_name="documents")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    file = models.FileField(storage=private_storage, upload_to="technical-reports/")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "language"], name="one_report_document_per_language")]

    def __str__(self) -> str:
        return f"{self.report} {self.language}"


class ItemStatistics(models.Model):
    """How one version did on one paper, as its last technical report found it; empty where nothing is claimed."""

    class Verdict(models.TextChoices):
        FIT = "fit", _("fit for use")
        WATCH = "watch", _("to be watched")
        UNFIT = "unfit", _("unfit until reviewed")
        UNKNOWN = "unknown", _("too few answers")

    version = models.ForeignKey(ItemVersion, models.CASCADE, related_name="statistics")
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="item_statistics")
    report = models.ForeignKey(TechnicalReport, models.CASCADE, related_name="items")
    # How many candidates have seen this version on this paper.
    exposure = models.PositiveIntegerField(_("exposure"))
    facility = models.FloatField(_("facility"), null=True, blank=True)
    discrimination = models.FloatField(_("discrimination"), null=True, blank=True)
    # Two-parameter logistic model, θ standard normal, no 1.7.
    slope = models.FloatField(null=True, blank=True)
    slope_error = models.FloatField(null=True, blank=True)
    place = models.FloatField(null=True, blank=True)
    place_error = models.FloatField(null=True, blank=True)
    median_seconds = models.FloatField(null=True, blank=True)
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    # Codes of exams.statistics.flags.RULES.
    flags = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = _("item statistics")
        verbose_name_plural = _("item statistics")
        constraints = [
            models.UniqueConstraint(fields=["version", "paper"], name="statistics_once_per_version_and_paper"),
            models.CheckConstraint(
                condition=Q(facility__isnull=True) | Q(facility__gte=0, facility__lte=1), name="facility_is_a_share"
            ),
            models.CheckConstraint(
                condition=Q(discrimination__isnull=True) | Q(discrimination__gte=-1, discrimination__lte=1),
                name="discrimination_is_a_correlation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.paper}"
