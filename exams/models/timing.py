from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.models.attempts import Attempt
from exams.models.sittings import Sitting


class AttemptBreak(models.Model):
    """A break the candidate takes: begun → ended, by them, by an invigilator, or at `ends_by`, when their minutes are
    used. Meanwhile the attempt is `paused`. Ended, it never changes (trigger)."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="breaks")
    started_at = models.DateTimeField(_("started at"))
    ends_by = models.DateTimeField()
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("break")
        verbose_name_plural = _("breaks")
        ordering = ["attempt", "started_at"]
        indexes = [models.Index(fields=["ends_by"], name="break_due", condition=Q(ended_at__isnull=True))]
        constraints = [
            models.UniqueConstraint(fields=["attempt"], condition=Q(ended_at__isnull=True), name="one_break_at_a_time"),
            models.CheckConstraint(condition=Q(ends_by__gt=F("started_at")), name="break_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at"), ended_at__lte=F("ends_by")),
                name="break_keeps_within_its_minutes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.started_at}"

    if TYPE_CHECKING:
        attempt_id: int


class TimeGrant(models.Model):
    """Time given to one candidate or to all of a sitting while it runs, or taken back (`undoes`). Never changes
    (trigger). What each attempt got is in its `AddedTime`."""

    class Category(models.TextChoices):
        ENVIRONMENT = "environment", _("environment (noise, alarm, light)")
        CANDIDATE = "candidate", _("candidate (unwell)")
        STAFF = "staff", _("staff")
        TECHNICAL = "technical", _("technical")
        OTHER = "other", _("other")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="time_grants")
    is_for_all = models.BooleanField(default=False)
    # By how much; for all also the sitting's end moved by that. Negative when it takes an earlier one back.
    seconds = models.IntegerField()
    category = models.CharField(_("category"), max_length=12, choices=Category)
    note = models.CharField(_("note"), max_length=240, blank=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    undoes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="undone_by")

    class Meta:
        verbose_name = _("added time")
        verbose_name_plural = _("added times")
        ordering = ["-granted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(undoes__isnull=True, seconds__gt=0) | Q(undoes__isnull=False, seconds__lte=0),
                name="only_an_undoing_takes_time",
            ),
            models.CheckConstraint(
                condition=Q(category__in=["environment", "candidate", "staff", "technical", "other"]),
                name="added_time_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id} {self.seconds:+} s"

    if TYPE_CHECKING:
        sitting_id: int


class AddedTime(models.Model):
    """By how much one grant moved one attempt's deadlines. Taken back, it is as much as was still there to take."""

    grant = models.ForeignKey(TimeGrant, models.PROTECT, related_name="parts")
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="added_times")
    seconds = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["grant", "attempt"], name="added_once_per_attempt")]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.seconds:+} s"

    if TYPE_CHECKING:
        attempt_id: int
