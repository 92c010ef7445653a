from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.storage import private_storage
from exams.models.blueprints import Paper
from exams.models.sittings import Registration


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def visible_to(self, user: object) -> AttemptQuerySet:
        """A candidate's own."""
        return self.filter(registration__candidate=user) if getattr(user, "is_authenticated", False) else self.none()


class Attempt(models.Model):
    """One candidate's run through one paper: open ⇄ paused → submitted (by the candidate) or timed_out (by the clock).

    The moments are the server's. `accept_until` = `closes_at` + the sitting's grace: nothing is stored after it.
    `lease` names the one browser page that may write; `token_epoch` dates every token handed out; `session_key`
    is the login the attempt is tied to: when that session ends, its tokens end.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        PAUSED = "paused", _("paused")
        SUBMITTED = "submitted", _("handed in")
        TIMED_OUT = "timed_out", _("closed by the clock")

    # The legal moves; actions check them, triggers enforce them.
    MOVES = {"open": {"paused", "submitted", "timed_out"}, "paused": {"open", "submitted", "timed_out"}}

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="attempts")
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="attempts")
    language = models.CharField(max_length=10)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.OPEN)
    lease = models.CharField(max_length=32)
    token_epoch = models.PositiveIntegerField(default=0)
    session_key = models.CharField(max_length=40, blank=True)
    started_at = models.DateTimeField(_("started at"))
    closes_at = models.DateTimeField(_("closes at"))
    accept_until = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    # How long breaks may last together, fixed at start; and what grants have added to the deadline so far.
    break_seconds = models.PositiveIntegerField(default=0)
    added_seconds = models.IntegerField(default=0)
    submitted_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    # {"submitted_at", "responses": {"1": 5}, "digest"}: written once, at hand-in.
    receipt = models.JSONField(null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    # True on the object that start_attempt has just created: tells 201 from 200.
    is_new = False

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["accept_until"], name="attempt_due", condition=Q(status="open"))]
        constraints = [
            models.UniqueConstraint(fields=["registration"], name="one_attempt_per_registration"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "paused", "submitted", "timed_out"]), name="attempt_status_known"
            ),
            models.CheckConstraint(condition=Q(accept_until__gte=models.F("closes_at")), name="grace_is_not_negative"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "paused"], submitted_at__isnull=True, receipt__isnull=True)
                | Q(status__in=["submitted", "timed_out"], submitted_at__isnull=False, receipt__isnull=False),
                name="closed_attempt_has_its_receipt",
            ),
        ]

    if TYPE_CHECKING:
        registration_id: int
        paper_id: int

    def __str__(self) -> str:
        return f"{self.registration} {self.status}"

    @property
    def is_open(self) -> bool:
        return self.status in (self.Status.OPEN, self.Status.PAUSED)


class Response(models.Model):
    """The candidate's last acknowledged answer at one position. `seq` only rises (trigger)."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="responses", db_index=False)
    position = models.PositiveSmallIntegerField()
    seq = models.PositiveIntegerField()
    # The body as sent, e.g. {"choice": "k3…"}; null = cleared. Canonical JSON text, so that a replay can be recognised.
    body = models.TextField(null=True)  # noqa: DJ001 (cleared is not the same as empty)
    flagged = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "position"], name="one_response_per_position")]

    def __str__(self) -> str:
        return f"{self.attempt_id}:{self.position}"


class Upload(models.Model):
    """A file a candidate handed in at one position, in private storage. It never changes (trigger); another one is
    another row, and the response says which of them counts. Only those of the same attempt and position do."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="uploads")
    position = models.PositiveSmallIntegerField()
    # As the candidate's machine called it, for the marker's download; never part of a path.
    name = models.CharField(_("name"), max_length=120)
    file = models.FileField(storage=private_storage, upload_to="uploads/")
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    uploaded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("uploaded file")
        verbose_name_plural = _("uploaded files")
        ordering = ["attempt", "position", "uploaded_at"]
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="uploaded_file_is_not_empty")]

    def __str__(self) -> str:
        return f"{self.attempt_id}:{self.position} {self.name}"


class ResultQuerySet(models.QuerySet["Result"]):
    def visible_to(self, user: object) -> ResultQuerySet:
        """A candidate's own, once released."""
        if not getattr(user, "is_authenticated", False):
            return self.none()
        return self.filter(attempt__registration__candidate=user, status=Result.Status.RELEASED)


class Result(models.Model):
    """What one attempt is worth: held until an officer releases it. Scoring again gives the same row."""

    class Status(models.TextChoices):
        HELD = "held", _("held")
        RELEASED = "released", _("released")

    class Outcome(models.TextChoices):
        PASSED = "passed", _("passed")
        FAILED = "failed", _("not passed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="result")
    raw_score = models.DecimalField(_("raw score"), max_digits=7, decimal_places=3)
    max_score = models.DecimalField(_("highest possible raw score"), max_digits=7, decimal_places=3)
    cut_score = models.DecimalField(_("cut score"), max_digits=7, decimal_places=3)
    scaled_score = models.PositiveSmallIntegerField(_("scaled score"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    is_provisional = models.BooleanField(default=True)
    # [{"number", "title", "title_zh", "raw", "max", "percent"}]
    areas = models.JSONField(_("by content area"), default=list)
    # {"1": {"points": "1", "max": "1", "scored": true}}: what each position earned; never shown to candidates.
    positions = models.JSONField(default=dict)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.HELD)
    scored_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")
        constraints = [
            models.CheckConstraint(
                condition=Q(status="held", released_at__isnull=True)
                | Q(status="released", released_at__isnull=False, released_by__isnull=False),
                name="released_result_names_its_release",
            ),
            models.CheckConstraint(condition=Q(scaled_score__gte=200, scaled_score__lte=800), name="scaled_score_200_to_800"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt} {self.scaled_score}"
