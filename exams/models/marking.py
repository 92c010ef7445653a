from __future__ import annotations

import secrets
import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exams.models.attempts import Attempt
from exams.models.items import ItemVersion


def script_number() -> str:
    """Eight digits at random: what a marker knows an answer by. Two answers of one person have nothing in common."""
    return f"{secrets.randbelow(10**8):08}"


class MarkingTask(models.Model):
    """One stored answer that people mark: waiting → assigned → (apart → assigned …) → settled.

    Waiting: fewer markers are named than marks are wanted. Assigned: every wanted mark has its marker. Apart: the two
    marks lie further apart than allowed and a third marker is still to be named. Settled: the points stand for good
    (triggers) and scoring reads them. The rule of the exam is written down here when the answer comes in.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting for a marker")
        ASSIGNED = "assigned", _("being marked")
        APART = "apart", _("marks too far apart")
        SETTLED = "settled", _("points settled")

    class Way(models.TextChoices):
        """How the points came about."""

        SINGLE = "single", _("one mark")
        MEAN = "mean", _("mean of two marks")
        THIRD = "third", _("third mark")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="marking_tasks", db_index=False)
    position = models.PositiveSmallIntegerField()
    version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="marking_tasks")
    script = models.CharField(_("script"), max_length=8, unique=True, default=script_number)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    is_double = models.BooleanField(_("marked by two"))
    # In points of the item: two marks further apart than this go to a third marker.
    third_above = models.DecimalField(max_digits=7, decimal_places=3)
    opened_at = models.DateTimeField()
    points = models.DecimalField(_("points"), max_digits=7, decimal_places=3, null=True, blank=True)
    way = models.CharField(max_length=10, choices=Way, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("answer to mark")
        verbose_name_plural = _("answers to mark")
        ordering = ["version", "script"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="one_marking_task_per_position"),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "assigned", "apart"], points__isnull=True, way="", settled_at__isnull=True)
                | Q(
                    status="settled",
                    points__isnull=False,
                    points__gte=0,
                    way__in=["single", "mean", "third"],
                    settled_at__isnull=False,
                ),
                name="settled_answer_has_its_points",
            ),
            models.CheckConstraint(condition=Q(is_double=True) | ~Q(status="apart"), name="one_mark_is_never_apart"),
            models.CheckConstraint(
                condition=Q(is_double=True, way__in=["", "mean", "third"]) | Q(is_double=False, way__in=["", "single"]),
                name="points_came_about_by_the_rule",
            ),
        ]

    if TYPE_CHECKING:
        attempt_id: int
        version_id: int

    def __str__(self) -> str:
        return self.script

    @property
    def wanted(self) -> int:
        """How many marks this answer needs so far."""
        return 2 if self.is_double else 1


class MarkQuerySet(models.QuerySet["Mark"]):
    def visible_to(self, user: object) -> MarkQuerySet:
        """A marker's own, and nobody else's: the others' marks are what they must not see."""
        return self.filter(marker=user) if getattr(user, "is_authenticated", False) else self.none()


class Mark(models.Model):
    """One marker's judgement of one answer: assigned → handed in. Until then it is the marker's draft; then it never
    changes (triggers). Nobody marks a person they instructed or watched, or themselves (triggers)."""

    task = models.ForeignKey(MarkingTask, models.PROTECT, related_name="marks", db_index=False)
    marker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="marks")
    # 1 and 2 are the first two, in no order of weight; 3 decides.
    round = models.PositiveSmallIntegerField()
    # By which the marker's pile is ordered: drawn, so that no candidate is always read first.
    place = models.PositiveIntegerField()
    # {"c1": "2", "c2": "0.5"}: points by criterion, as text so that no decimal is lost.
    points = models.JSONField(default=dict)
    total = models.DecimalField(_("points"), max_digits=7, decimal_places=3, null=True, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    assigned_at = models.DateTimeField()
    marked_at = models.DateTimeField(_("marked at"), null=True, blank=True)

    objects = MarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        ordering = ["task", "round"]
        constraints = [
            models.UniqueConstraint(fields=["task", "marker"], name="one_mark_per_marker_and_answer"),
            models.UniqueConstraint(fields=["task", "round"], name="one_mark_per_round"),
            models.CheckConstraint(condition=Q(round__in=[1, 2, 3]), name="three_marks_at_most"),
            models.CheckConstraint(
                condition=Q(marked_at__isnull=True, total__isnull=True)
                | Q(marked_at__isnull=False, total__isnull=False, total__gte=0),
                name="handed_in_mark_has_its_total",
            ),
        ]

    if TYPE_CHECKING:
        task_id: int
        marker_id: int

    def __str__(self) -> str:
        return f"{self.task} {self.round}"
