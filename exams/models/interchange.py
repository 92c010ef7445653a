from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.storage import private_storage
from exams.models.items import ItemBank


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, user: object) -> ImportBatchQuerySet:
        """The imports of banks the person sees, for those who write or administer items: a report quotes them."""
        from accounts.models import Role

        if not getattr(user, "is_authenticated", False) or not user.has_role(  # type: ignore[attr-defined]
            Role.ITEM_WRITER, Role.ADMINISTRATOR
        ):
            return self.none()
        return self.filter(bank__in=ItemBank.objects.visible_to(user))

    def unfinished(self) -> ImportBatchQuerySet:
        return self.filter(status__in=[ImportBatch.Status.CHECKING, ImportBatch.Status.IMPORTING])


class ImportBatch(models.Model):
    """One file of items on its way into a bank: checking → checked | refused; checked → importing → imported | refused;
    checked → discarded. The row is the truth of the work (invariant 11); all or nothing (invariant 12).

    `report` has a line per item: {"at", "code", "type", "title", "status": "kept"|"changed"|"refused", "notes": […]}, in
    the language of the person who uploaded it; `notes` is about the whole file."""

    class Status(models.TextChoices):
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked")
        IMPORTING = "importing", _("being imported")
        IMPORTED = "imported", _("imported")
        REFUSED = "refused", _("refused")
        DISCARDED = "discarded", _("discarded")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    bank = models.ForeignKey(ItemBank, models.CASCADE, related_name="imports", verbose_name=_("bank"))
    format = models.CharField(_("format"), max_length=20)
    file_name = models.CharField(_("file"), max_length=200)
    file_sha256 = models.CharField(max_length=64)
    # Kept until the work is done, then removed: what was imported is in the bank.
    file = models.FileField(storage=private_storage, upload_to="imports/", blank=True)
    # exams.interchange.options.ImportOptions as values, and the language of the report.
    options = models.JSONField(default=dict)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.CHECKING)
    report = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    kept_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    imported_count = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    # Why the file as a whole was refused, in words.
    failure = models.CharField(max_length=500, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    imported_at = models.DateTimeField(null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of items")
        verbose_name_plural = _("imports of items")
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="imported") | Q(imported_at__isnull=False), name="imported_batch_says_when"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def total_count(self) -> int:
        return self.kept_count + self.changed_count + self.refused_count
