from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.models.attempts import Result
from exams.models.sittings import Sitting


class BoardRecordQuerySet(models.QuerySet["BoardRecord"]):
    def visible_to(self, user: object) -> BoardRecordQuerySet:
        """The board: administrators and certification officers; auditors look on."""
        from accounts.models import Role

        if not getattr(user, "is_authenticated", False):
            return self.none()
        board = (Role.ADMINISTRATOR, Role.CERTIFICATION_OFFICER, Role.AUDITOR)
        return self if user.has_role(*board) else self.none()  # type: ignore[attr-defined]


class BoardRecord(models.Model):
    """The board's decision to release results of a sitting: draft → signed by two people → released; or withdrawn.

    Nothing of a real sitting is released but by such a record (trigger). Results scored later get a record of their own.
    While it is `signed` a worker releases batch by batch; the row is the truth of that work (invariant 11).
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SIGNED = "signed", _("signed, being released")
        RELEASED = "released", _("released")
        WITHDRAWN = "withdrawn", _("withdrawn")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="board_records", verbose_name=_("sitting"))
    number = models.PositiveSmallIntegerField(_("number"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    incidents = models.TextField(_("incidents and how they were dealt with"))
    decision = models.TextField(_("decision"))
    # exams.queries.board_records.figures_of: counts, rates and cuts as the board saw them.
    figures = models.JSONField(default=dict)
    # SHA-256 over every covered result as it stood; signing compares it.
    digest = models.CharField(max_length=64)
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(_("drafted at"))
    first_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    first_at = models.DateTimeField(null=True, blank=True)
    second_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    second_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    withdrawn_because = models.CharField(_("withdrawn because"), max_length=240, blank=True)

    objects = BoardRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("board record")
        verbose_name_plural = _("board records")
        ordering = ["-drafted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "number"], name="board_record_number_once"),
            models.UniqueConstraint(fields=["sitting"], name="one_draft_record_per_sitting", condition=Q(status="draft")),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | Q(first_by__isnull=False) & ~Q(first_by=F("second_by")),
                name="two_people_sign_a_record",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["signed", "released"])
                | Q(second_by__isnull=False, first_at__isnull=False, second_at__isnull=False) & ~Q(decision=""),
                name="signed_record_names_its_signers",
            ),
            models.CheckConstraint(
                condition=~Q(status="released") | Q(released_at__isnull=False), name="released_record_has_its_moment"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "signed", "released", "withdrawn"]), name="board_record_status_known"
            ),
        ]

    if TYPE_CHECKING:
        first_by_id: int | None
        second_by_id: int | None

    def __str__(self) -> str:
        return f"{self.sitting.code} / {self.number}"


class BoardEntry(models.Model):
    """One result under a record, with its figures as they were signed. A result is released by one record only."""

    record = models.ForeignKey(BoardRecord, models.CASCADE, related_name="entries")
    result = models.OneToOneField(Result, models.PROTECT, related_name="board_entry")
    raw_score = models.DecimalField(max_digits=7, decimal_places=3)
    max_score = models.DecimalField(max_digits=7, decimal_places=3)
    cut_score = models.DecimalField(max_digits=7, decimal_places=3)
    scaled_score = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=10, choices=Result.Outcome)
    # Of the whole result, areas and positions included (exams.queries.board_records.fingerprint).
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("result under a board record")
        verbose_name_plural = _("results under board records")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.record} {self.result_id}"
