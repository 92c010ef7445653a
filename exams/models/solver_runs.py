from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SolverRun(models.Model):
    """Work for the solver: waiting → solving → done, infeasible or failed. The row is the truth, a message only rings."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SOLVING = "solving", _("solving")
        DONE = "done", _("done")
        INFEASIBLE = "infeasible", _("not possible")
        FAILED = "failed", _("failed")
        SEALED = "sealed", _("sealed")

    class Step(models.TextChoices):
        READING = "reading", _("reading the item bank")
        SOLVING = "solving", _("searching for papers")
        STORING = "storing", _("writing the papers down")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.WAITING)
    step = models.CharField(max_length=20, choices=Step, blank=True)
    seed = models.PositiveBigIntegerField(_("seed"), default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    # While it lasts one worker has the row; a dead one's claim runs out and the sweeper rings again.
    claimed_until = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    report = models.JSONField(default=dict, blank=True)
    failure = models.CharField(max_length=500, blank=True)

    class Meta:
        abstract = True

    @property
    def is_pending(self) -> bool:
        return self.status in (self.Status.WAITING, self.Status.SOLVING)
