from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Letter(models.Model):
    """A mail to one person about one act, written in the act's transaction: waiting → sent, or given up.

    The row, not a message, says that a mail is due; `key` names the act, so that nobody is written to twice about it.
    The words are those of the moment and of the person's language then.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="letters")
    key = models.CharField(max_length=120, unique=True)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    written_at = models.DateTimeField(_("written at"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # When to try next; empty once sent or given up.
    next_try_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=240, blank=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-written_at"]
        indexes = [models.Index(fields=["next_try_at"], name="letter_due", condition=Q(next_try_at__isnull=False))]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(next_try_at__isnull=True), name="sent_letter_is_not_due"
            )
        ]

    def __str__(self) -> str:
        return self.key
