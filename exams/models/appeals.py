from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.models.attempts import Result
from exams.models.remarks import Remark


class ResultAppealQuerySet(models.QuerySet["ResultAppeal"]):
    def visible_to(self, user: object) -> ResultAppealQuerySet:
        """One's own; the board and auditors see all."""
        from accounts.models import Role

        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.has_role(Role.ADMINISTRATOR, Role.CERTIFICATION_OFFICER, Role.AUDITOR):  # type: ignore[attr-defined]
            return self
        return self.filter(appellant=user)


class ResultAppeal(models.Model):
    """A candidate's appeal against a released result: open → under review → upheld or rejected; or withdrawn.

    It is decided by somebody who neither appealed, released, signed nor had a duty at the sitting (constraint, trigger).
    """

    class Status(models.TextChoices):
        OPEN = "open", _("received")
        UNDER_REVIEW = "under_review", _("under review")
        UPHELD = "upheld", _("upheld")
        REJECTED = "rejected", _("rejected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    MOVES = {"open": {"under_review", "withdrawn"}, "under_review": {"upheld", "rejected", "withdrawn"}}

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    result = models.ForeignKey(Result, models.PROTECT, related_name="appeals")
    # The candidate, kept here so that a constraint can see who must not decide.
    appellant = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="result_appeals")
    reason = models.TextField(_("grounds"))
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.OPEN)
    opened_at = models.DateTimeField(_("received at"))
    due_at = models.DateTimeField(_("to be answered by"))
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    # Sent to the candidate: never speaks of an item's key.
    outcome = models.TextField(_("answer to the candidate"), blank=True)
    # What an upheld appeal led to.
    remark = models.ForeignKey(Remark, models.PROTECT, null=True, blank=True, related_name="appeals")
    free_resit = models.BooleanField(_("a resit free of charge"), default=False)

    objects = ResultAppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal against a result")
        verbose_name_plural = _("appeals against results")
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["result"], name="one_open_appeal_per_result", condition=Q(status__in=["open", "under_review"])
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["upheld", "rejected"])
                | Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(outcome=""),
                name="decided_appeal_has_its_answer",
            ),
            models.CheckConstraint(
                condition=(Q(decided_by__isnull=True) | ~Q(decided_by=F("appellant")))
                & (Q(reviewer__isnull=True) | ~Q(reviewer=F("appellant"))),
                name="nobody_decides_their_own_appeal",
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("opened_at")), name="appeal_is_due_after_it_came"),
            models.CheckConstraint(
                condition=Q(status="upheld") | Q(remark__isnull=True, free_resit=False), name="only_upheld_appeals_lead_on"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "under_review", "upheld", "rejected", "withdrawn"]),
                name="appeal_status_known",
            ),
        ]

    if TYPE_CHECKING:
        appellant_id: int

    def __str__(self) -> str:
        return f"{self.result_id} {self.status}"

    @property
    def is_live(self) -> bool:
        return self.status in (self.Status.OPEN, self.Status.UNDER_REVIEW)

    def is_overdue(self, at: datetime) -> bool:
        return self.is_live and at > self.due_at
