from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.models.attempts import Result
from exams.models.items import ItemVersion


class RemarkQuerySet(models.QuerySet["Remark"]):
    def visible_to(self, user: object) -> RemarkQuerySet:
        """The board: administrators and certification officers; auditors look on."""
        from accounts.models import Role

        if not getattr(user, "is_authenticated", False):
            return self.none()
        board = (Role.ADMINISTRATOR, Role.CERTIFICATION_OFFICER, Role.AUDITOR)
        return self if user.has_role(*board) else self.none()  # type: ignore[attr-defined]


class Remark(models.Model):
    """How one item version is scored from now on, on every paper that has it: waiting → running → ready → committed.

    Versions are frozen, so the correction is this row, which scoring applies once it is committed; the newest committed one
    of a version is in force. Before a second person commits, there is a dry run that lists every change (`ResultChange`);
    while it waits or runs, the row is the truth of that work (invariant 11). It may also be refused, or fail three times.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        READY = "ready", _("awaiting a second person")
        COMMITTED = "committed", _("committed")
        REFUSED = "refused", _("refused")
        FAILED = "failed", _("failed")

    class Kind(models.TextChoices):
        KEY = "key", _("another key")
        ACCEPT = "accept", _("further keys accepted")
        DROP = "drop", _("item dropped")
        CREDIT = "credit", _("full credit to all")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="remarks", verbose_name=_("item version"))
    kind = models.CharField(_("correction"), max_length=10, choices=Kind)
    # The new or further keys: [{"right": [token…]}] or [{"answer": {…}}]; empty for drop and credit.
    keys = models.JSONField(default=list, blank=True)
    # For colleagues; may speak of the item.
    reason = models.TextField(_("reason, for colleagues"))
    # For candidates; never speaks of the item.
    words = models.TextField(_("reason, as candidates are told"))
    words_zh = models.TextField(_("reason, as candidates are told (Chinese)"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"))
    asked_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(_("progress in percent"), default=0)
    failure = models.CharField(max_length=300, blank=True)
    # What the dry run found: how many results it looked at, how many change, and what rests on those.
    looked_at = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    # [{"kind", "name", "status", "link", "result": uuid}] by the receivers of exams.signals.what_rests_on_results
    touched = models.JSONField(default=list, blank=True)
    # SHA-256 over the correction, every change and everything touched; the commit has to find the same.
    digest = models.CharField(max_length=64, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    refused_because = models.TextField(_("refused because"), blank=True)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("re-mark")
        verbose_name_plural = _("re-marks")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"], name="one_open_remark_per_version", condition=Q(status__in=["waiting", "running", "ready"])
            ),
            models.CheckConstraint(
                condition=~Q(status="committed") | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(digest=""),
                name="committed_remark_was_run_dry",
            ),
            models.CheckConstraint(
                condition=~Q(status="committed") | ~Q(decided_by=F("proposed_by")), name="two_people_commit_a_remark"
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(words=""), name="remark_has_its_reasons"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="remark_progress_is_a_percentage"),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "running", "ready", "committed", "refused", "failed"]),
                name="remark_status_known",
            ),
        ]

    if TYPE_CHECKING:
        version_id: int
        proposed_by_id: int

    def __str__(self) -> str:
        return f"{self.version} {self.get_kind_display()}"

    @property
    def is_pending(self) -> bool:
        return self.status in (self.Status.WAITING, self.Status.RUNNING)


class ResultChange(models.Model):
    """What a re-mark does to one result: by the dry run foreseen, by the commit done, and kept as the result's history.

    Once its re-mark is committed it never changes (triggers), and only what it says can change a released result.
    """

    remark = models.ForeignKey(Remark, models.PROTECT, related_name="changes")
    result = models.ForeignKey(Result, models.PROTECT, related_name="changes")
    raw_before = models.DecimalField(max_digits=7, decimal_places=3)
    max_before = models.DecimalField(max_digits=7, decimal_places=3)
    cut_before = models.DecimalField(max_digits=7, decimal_places=3)
    scaled_before = models.PositiveSmallIntegerField()
    outcome_before = models.CharField(max_length=10, choices=Result.Outcome)
    raw_after = models.DecimalField(max_digits=7, decimal_places=3)
    max_after = models.DecimalField(max_digits=7, decimal_places=3)
    cut_after = models.DecimalField(max_digits=7, decimal_places=3)
    scaled_after = models.PositiveSmallIntegerField()
    outcome_after = models.CharField(max_length=10, choices=Result.Outcome)
    # Released then: its candidate is told. Held: nobody has seen it yet.
    was_released = models.BooleanField()
    # {"areas": […], "positions": {…}, "is_provisional": bool}, each as in Result.
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        verbose_name = _("change of a result")
        verbose_name_plural = _("changes of results")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["remark", "result"], name="one_change_per_remark_and_result")]

    def __str__(self) -> str:
        return f"{self.result_id}: {self.scaled_before} → {self.scaled_after}"

    @property
    def turns(self) -> bool:
        """Whether passed becomes not passed, or the other way round."""
        return self.outcome_before != self.outcome_after
