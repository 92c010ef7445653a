from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.models.blueprints import Blueprint, Exam, Paper
from exams.models.items import ItemVersion
from exams.models.sittings import Sitting
from exams.models.solver_runs import SolverRun


class PaperSet(SolverRun):
    """Parallel papers of one exam, assembled and sealed together. Sealed, it never changes (triggers)."""

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="paper_sets", verbose_name=_("exam"))
    code = models.CharField(_("code"), max_length=16)
    paper_count = models.PositiveSmallIntegerField(_("papers"))
    has_spare = models.BooleanField(_("with a spare"), default=True)
    # exams.assembly.plan.Specification as it was when the papers were assembled: a blueprint may change later.
    plan = models.JSONField(default=dict, blank=True)
    limits = models.JSONField(default=dict, blank=True)
    # Per chosen version what may change later and decided then: level, minutes, estimate, how often seen; and the enemies.
    facts = models.JSONField(default=dict, blank=True)
    # SHA-256 over the papers' digests, the plan and the facts.
    digest = models.CharField(max_length=64, blank=True)
    sealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    sealed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("paper set")
        verbose_name_plural = _("paper sets")
        ordering = ["-asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["exam", "code"], name="paper_set_code_once_per_exam"),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "solving", "done", "infeasible", "failed", "sealed"]),
                name="paper_set_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="sealed") | (~Q(digest="") & Q(sealed_by__isnull=False, sealed_at__isnull=False)),
                name="sealed_paper_set_has_a_digest",
            ),
            models.CheckConstraint(condition=Q(paper_count__gte=1, paper_count__lte=5), name="paper_set_of_one_to_five"),
        ]

    def __str__(self) -> str:
        return f"{self.exam.code} {self.code}"


class GapReport(SolverRun):
    """What a blueprint's bank lacks for one, two, … parallel papers: the standing answer, worked out anew now and then."""

    blueprint = models.OneToOneField(Blueprint, models.CASCADE, related_name="gap_report")
    paper_count = models.PositiveSmallIntegerField(_("papers"), default=4)

    class Meta:
        verbose_name = _("gap report")
        verbose_name_plural = _("gap reports")
        constraints = [
            models.CheckConstraint(condition=Q(paper_count__gte=1, paper_count__lte=6), name="gap_report_of_one_to_six"),
        ]

    def __str__(self) -> str:
        return self.blueprint.code


class ItemEstimate(models.Model):
    """How hard a version is held to be, and who says so. The best source counts: judged, then observed, then calibrated."""

    class Source(models.TextChoices):
        JUDGED = "judged", _("judged")
        OBSERVED = "observed", _("observed")
        CALIBRATED = "calibrated", _("calibrated")

    version = models.ForeignKey(ItemVersion, models.CASCADE, related_name="estimates")
    source = models.CharField(_("source"), max_length=20, choices=Source)
    # Chance that a borderline candidate earns the item's points.
    borderline = models.DecimalField(_("borderline estimate"), max_digits=5, decimal_places=4, null=True, blank=True)
    # Two-parameter logistic model: discrimination and difficulty, in logits.
    discrimination = models.DecimalField(_("discrimination"), max_digits=6, decimal_places=3, null=True, blank=True)
    difficulty = models.DecimalField(_("difficulty"), max_digits=6, decimal_places=3, null=True, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        verbose_name = _("estimate")
        verbose_name_plural = _("estimates")
        ordering = ["version", "source"]
        constraints = [
            models.UniqueConstraint(fields=["version", "source"], name="one_estimate_per_source"),
            models.CheckConstraint(
                condition=Q(borderline__isnull=True) | Q(borderline__gte=0, borderline__lte=1), name="borderline_is_a_chance"
            ),
            models.CheckConstraint(
                condition=Q(discrimination__isnull=True, difficulty__isnull=True)
                | Q(discrimination__gt=0, difficulty__isnull=False),
                name="calibration_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(borderline__isnull=False) | Q(discrimination__isnull=False), name="estimate_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.source}"


class SpareSwap(models.Model):
    """The spare in place of a sitting's paper: proposed by one person, confirmed by another, or withdrawn."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        CONFIRMED = "confirmed", _("confirmed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="spare_swaps")
    paper_before = models.ForeignKey(Paper, models.PROTECT, related_name="+")
    paper_after = models.ForeignKey(Paper, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=240)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("spare swap")
        verbose_name_plural = _("spare swaps")
        ordering = ["-proposed_at"]
        constraints = [
            models.UniqueConstraint(fields=["sitting"], name="one_open_swap_per_sitting", condition=Q(status="proposed")),
            models.CheckConstraint(
                condition=~Q(status="confirmed")
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="swap_takes_two_people",
            ),
            models.CheckConstraint(condition=Q(status__in=["proposed", "confirmed", "withdrawn"]), name="swap_status_known"),
            models.CheckConstraint(condition=~Q(paper_before=F("paper_after")), name="swap_changes_the_paper"),
        ]

    def __str__(self) -> str:
        return f"{self.sitting}: {self.paper_before.code} → {self.paper_after.code}"
