from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates.models.certificates import Certificate
from common.storage import private_storage
from partners.models import Partner


class RenderedDocument(models.Model):
    """The PDF of a certificate, made once: waiting → rendering → stored; failing → waiting again, at last parked.

    The row is the truth of the pending work (invariant 11): a worker claims it by moving it to `rendering` until
    `claimed_until`; the sweeper rings again for what waits too long or whose claim ran out.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RENDERING = "rendering", _("being made")
        STORED = "stored", _("ready")
        PARKED = "parked", _("failed; needs a person")

    certificate = models.OneToOneField(Certificate, models.PROTECT, related_name="document")
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField()
    failure = models.CharField(_("reason of the failure"), max_length=500, blank=True)
    file = models.FileField(storage=private_storage, upload_to="certificates/", blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    stored_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["next_try_at"], name="document_due", condition=Q(status__in=["waiting", "rendering"]))]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="stored") | (~Q(sha256="") & ~Q(file="") & Q(stored_at__isnull=False)),
                name="stored_document_has_its_hash",
            ),
            models.UniqueConstraint(fields=["sha256"], name="document_hash_once", condition=~Q(sha256="")),
        ]

    def __str__(self) -> str:
        return f"{self.certificate} {self.status}"


class RegisterExport(models.Model):
    """A ZIP of a partner's PDFs made by a task: waiting → running → ready | failed; kept seven days."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="register_exports")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # The register's filter as asked for, so that the file holds what the screen showed.
    filters = models.JSONField(default=dict)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.WAITING)
    done_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=500, blank=True)
    file = models.FileField(storage=private_storage, upload_to="exports/", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.partner} {self.created_at:%Y-%m-%d}"
