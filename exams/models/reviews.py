from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exams.models.items import ItemVersion


class ItemReview(models.Model):
    """What somebody decided about a version, and why. The comment may quote the item, so it is kept here, inside
    the bank's walls, and not in the audit trail."""

    class Finding(models.TextChoices):
        APPROVED = "approved", _("approved")
        SENT_BACK = "sent_back", _("sent back")
        RETIRED = "retired", _("retired")

    class Stage(models.TextChoices):
        SUBJECT = "subject", _("subject review")
        LANGUAGE = "language", _("language review")

    version = models.ForeignKey(ItemVersion, models.CASCADE, related_name="reviews")
    # Empty for a retirement, which is no review.
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, blank=True)
    # Nobody when a rule of the bank retired it.
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("reviewer")
    )
    finding = models.CharField(_("finding"), max_length=12, choices=Finding)
    comment = models.TextField(_("comment"), blank=True)
    reviewed_at = models.DateTimeField(_("reviewed at"))

    class Meta:
        verbose_name = _("item review")
        verbose_name_plural = _("item reviews")
        ordering = ["-reviewed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finding="approved") | ~Q(comment=""), name="sent_back_or_retired_with_a_comment"
            ),
            models.CheckConstraint(
                condition=Q(finding="retired", stage="")
                | Q(finding__in=["approved", "sent_back"], stage__in=["subject", "language"], reviewer__isnull=False),
                name="review_names_its_stage_and_reviewer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.finding}"


class ItemComment(models.Model):
    """What somebody noticed about a version; while one is open, the version is not approved. Inside the bank's walls."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.ForeignKey(ItemVersion, models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author"))
    text = models.TextField(_("comment"))
    written_at = models.DateTimeField(_("written at"))
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("settled by")
    )

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="comment_says_something"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="settled_comment_names_who",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.written_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.settled_at is None
