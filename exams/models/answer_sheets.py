from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.storage import private_storage
from exams.models.attempts import Attempt
from exams.models.sittings import Registration, Sitting


class PrintedPaper(models.Model):
    """A sitting's sealed paper as a booklet to be printed: waiting → running → ready; failing → waiting again, at last failed.

    The row is the truth of the pending work (invariant 11): a worker claims it by moving it to `running` until
    `claimed_until`; the sweeper rings again.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="printed_papers")
    # The booklet is of this paper, even if a spare takes its place in the sitting later.
    paper = models.ForeignKey("exams.Paper", models.PROTECT, related_name="printed")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked for at"))
    claimed_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=300, blank=True)
    file = models.FileField(storage=private_storage, upload_to="printed-papers/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("printed paper")
        verbose_name_plural = _("printed papers")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "paper", "language"], name="one_booklet_per_sitting_and_language"),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "running", "ready", "failed"]), name="printed_paper_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="ready") | (~Q(file="") & ~Q(sha256="")), name="ready_booklet_has_its_file"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting.code} {self.language}"

    @property
    def is_working(self) -> bool:
        return self.status in (self.Status.WAITING, self.Status.RUNNING)


class AnswerSheetQuerySet(models.QuerySet["AnswerSheet"]):
    def visible_to(self, user: object) -> AnswerSheetQuerySet:
        """Of the sittings a person invigilates, and all of them to administrators; never one's own."""
        from accounts.models import Role

        if not getattr(user, "is_authenticated", False):
            return self.none()
        others = self.exclude(registration__candidate=user)
        if user.has_role(Role.ADMINISTRATOR):  # type: ignore[attr-defined]
            return others
        return others.filter(
            registration__sitting__staff__user=user, registration__sitting__staff__duty="invigilator"
        ).distinct()


class AnswerSheet(models.Model):
    """That somebody sits on paper: open → settled (two people keyed the same answers in) or discarded.

    While it is open the exam room stays shut to this registration; settled, it has become the attempt.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("to be keyed in")
        SETTLED = "settled", _("settled")
        DISCARDED = "discarded", _("discarded")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    registration = models.ForeignKey(Registration, models.PROTECT, related_name="answer_sheets")
    paper = models.ForeignKey("exams.Paper", models.PROTECT, related_name="answer_sheets")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.OPEN)
    reason = models.CharField(_("reason"), max_length=240)
    # As the invigilator wrote on the sheet.
    started_at = models.DateTimeField(_("started at"))
    handed_in_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    attempt = models.OneToOneField(Attempt, models.PROTECT, null=True, blank=True, related_name="answer_sheet")

    objects = AnswerSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer sheet")
        verbose_name_plural = _("answer sheets")
        ordering = ["-opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"], name="one_answer_sheet_per_registration", condition=~Q(status="discarded")
            ),
            models.CheckConstraint(
                condition=Q(status="settled", attempt__isnull=False, handed_in_at__isnull=False, closed_at__isnull=False)
                | (~Q(status="settled") & Q(attempt__isnull=True)),
                name="settled_sheet_has_its_attempt",
            ),
            models.CheckConstraint(
                condition=Q(handed_in_at__isnull=True) | Q(handed_in_at__gt=F("started_at")), name="sheet_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration} ({self.get_status_display()})"


class KeyIn(models.Model):
    """What one person read off a sheet. Two people key it in, neither sees the other's; equal, they settle it."""

    sheet = models.ForeignKey(AnswerSheet, models.CASCADE, related_name="key_ins")
    half = models.PositiveSmallIntegerField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # {"1": {"choice": …}}: the contract's bodies by position; a position without an answer is left out.
    answers = models.JSONField(default=dict)
    handed_in_at = models.DateTimeField(_("handed in at"))
    keyed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("key-in")
        verbose_name_plural = _("key-ins")
        ordering = ["sheet", "half"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "half"], name="each_half_keyed_once"),
            models.UniqueConstraint(fields=["sheet", "person"], name="two_people_key_in"),
            models.CheckConstraint(condition=Q(half__in=[1, 2]), name="a_sheet_has_two_halves"),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.half}"
