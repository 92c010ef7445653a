from __future__ import annotations

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

    version = models.ForeignKey(ItemVersion, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reviewer"))
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
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.finding}"
