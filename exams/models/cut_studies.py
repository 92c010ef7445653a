from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.models.blueprints import Paper, PaperItem


class CutStudyQuerySet(models.QuerySet["CutStudy"]):
    def visible_to(self, user: object) -> CutStudyQuerySet:
        """All to administrators, officers and auditors; to others the ones they judge in."""
        from accounts.models import Role

        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.has_role(Role.ADMINISTRATOR, Role.CERTIFICATION_OFFICER, Role.AUDITOR):  # type: ignore[attr-defined]
            return self
        return self.filter(judges__user=user, judges__excused="").distinct()


class CutStudy(models.Model):
    """How the cut of one sealed paper was found: setup → round 1 (blind) → round 2 → proposed → decided.

    A proposal may be sent back to round 2. Decided, nothing of it changes (triggers on ratings and decision).
    """

    class Status(models.TextChoices):
        SETUP = "setup", _("being prepared")
        ROUND_1 = "round_1", _("round 1, blind")
        ROUND_2 = "round_2", _("round 2, after discussion")
        PROPOSED = "proposed", _("proposed to the board")
        DECIDED = "decided", _("decided")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="cut_studies", verbose_name=_("paper"))
    borderline = models.TextField(_("the borderline candidate"))
    borderline_zh = models.TextField(_("the borderline candidate (Chinese)"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.SETUP)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    proposed_percent = models.DecimalField(_("proposed cut in percent"), max_digits=5, decimal_places=2, null=True, blank=True)
    proposed_reason = models.TextField(_("reason"), blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = CutStudyQuerySet.as_manager()

    class Meta:
        verbose_name = _("cut-score study")
        verbose_name_plural = _("cut-score studies")
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(fields=["paper"], name="one_running_study_per_paper", condition=~Q(status="decided")),
            models.CheckConstraint(
                condition=~Q(status__in=["proposed", "decided"])
                | Q(proposed_percent__gt=0, proposed_percent__lte=100, proposed_by__isnull=False) & ~Q(proposed_reason=""),
                name="proposed_cut_has_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper}"


class CutJudge(models.Model):
    """One judge of a study. The limits are asked once, for the two compromises: percent of the highest raw score, and
    percent of candidates."""

    study = models.ForeignKey(CutStudy, models.CASCADE, related_name="judges")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cut_judgements")
    # Why somebody who began does not count; empty for everybody who does.
    excused = models.CharField(_("excused because"), max_length=240, blank=True)
    least_cut = models.PositiveSmallIntegerField(_("lowest acceptable cut in percent"), null=True, blank=True)
    most_cut = models.PositiveSmallIntegerField(_("highest acceptable cut in percent"), null=True, blank=True)
    least_fail = models.PositiveSmallIntegerField(_("lowest acceptable rate of failure in percent"), null=True, blank=True)
    most_fail = models.PositiveSmallIntegerField(_("highest acceptable rate of failure in percent"), null=True, blank=True)
    right_cut = models.PositiveSmallIntegerField(_("the cut that seems right in percent"), null=True, blank=True)
    expected_passes = models.PositiveSmallIntegerField(_("passes expected from it in percent"), null=True, blank=True)

    class Meta:
        verbose_name = _("judge")
        verbose_name_plural = _("judges")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["study", "user"], name="judge_once_per_study"),
            models.CheckConstraint(
                condition=Q(least_cut__isnull=True) | Q(most_cut__gte=F("least_cut"), most_cut__lte=100), name="cuts_in_order"
            ),
            models.CheckConstraint(
                condition=Q(least_fail__isnull=True) | Q(most_fail__gte=F("least_fail"), most_fail__lte=100),
                name="fail_rates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}"


class CutRating(models.Model):
    """How many of 100 borderline candidates one judge expects to solve one item, in one round."""

    judge = models.ForeignKey(CutJudge, models.CASCADE, related_name="ratings")
    item = models.ForeignKey(PaperItem, models.PROTECT, related_name="cut_ratings")
    round = models.PositiveSmallIntegerField()
    percent = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["judge", "item", "round"], name="one_rating_per_round"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="rating_is_a_percentage"),
            models.CheckConstraint(condition=Q(round__in=[1, 2]), name="two_rounds"),
        ]

    def __str__(self) -> str:
        return f"{self.judge} {self.item} {self.round}"


class CutDecision(models.Model):
    """The board's cut of a paper: proposed by one person, confirmed by another, before any result was visible. Never
    changed (triggers); scoring uses it in place of the paper's own cut."""

    paper = models.OneToOneField(Paper, models.PROTECT, related_name="cut_decision")
    study = models.OneToOneField(CutStudy, models.PROTECT, related_name="decision")
    cut_percent = models.DecimalField(max_digits=5, decimal_places=2)
    reason = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("decision on a cut")
        verbose_name_plural = _("decisions on cuts")
        constraints = [
            models.CheckConstraint(condition=~Q(proposed_by=F("confirmed_by")), name="two_people_decide_a_cut"),
            models.CheckConstraint(condition=Q(cut_percent__gt=0, cut_percent__lte=100), name="cut_between_0_and_100"),
        ]

    def __str__(self) -> str:
        return f"{self.paper} {self.cut_percent} %"
