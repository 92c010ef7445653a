from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditHead(models.Model):
    """The end of the audit chain: one row, locked while an entry is added, so that the chain never forks."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_head_is_one_row")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.digest[:12]}"


class AuditEntry(models.Model):
    """A privileged act: who did what to which thing, why. Append-only (triggers) and hash-chained.

    Written by `accounts.actions.audit.record` in the transaction of the act, never by hand.
    """

    sequence = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    # The actor may be erased later; the entry and its digest stay, and so does the id it was made with.
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=160, blank=True)
    act = models.CharField(_("act"), max_length=60)
    thing = models.CharField(_("thing"), max_length=60)
    thing_id = models.CharField(max_length=64)
    summary = models.CharField(max_length=240, blank=True)
    # Partner whose business it is, for that partner's own view of the trail; empty for the body's own.
    partner_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        ordering = ["-sequence"]
        indexes = [models.Index(fields=["thing", "thing_id"]), models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.sequence} {self.act} {self.thing} {self.thing_id}"
