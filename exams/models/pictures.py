from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.storage import private_storage
from exams.models.items import ItemBank


class PictureQuerySet(models.QuerySet["Picture"]):
    def of_banks_of(self, user: object) -> PictureQuerySet:
        return self.filter(bank__in=ItemBank.objects.visible_to(user))

    def visible_to(self, user: object) -> PictureQuerySet:
        """To people of its bank, to a candidate while an attempt at a paper that shows it is open or paused, and to those
        who mark an answer to that paper."""
        from accounts.models import Role

        if not getattr(user, "is_authenticated", False):
            return self.none()
        sitting = Q(papers__attempts__registration__candidate=user) & (
            Q(papers__attempts__status="open", papers__attempts__accept_until__gte=timezone.now())
            | Q(papers__attempts__status="paused")
        )
        seen = Q(bank__in=ItemBank.objects.visible_to(user)) | sitting
        if user.has_role(Role.EXAMINER):  # type: ignore[attr-defined]
            seen |= Q(papers__attempts__marking_tasks__marks__marker=user)
        return self.filter(seen).distinct()


class Picture(models.Model):
    """A picture of a bank, in private storage, re-encoded by us. Words name it `<img src="picture:UUID" alt="…">`."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    bank = models.ForeignKey(ItemBank, models.PROTECT, related_name="pictures", verbose_name=_("bank"))
    name = models.CharField(_("name"), max_length=120)
    file = models.FileField(storage=private_storage, upload_to="pictures/")
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=40)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["bank", "name"]
        constraints = [models.UniqueConstraint(fields=["bank", "sha256"], name="picture_once_per_bank")]

    def __str__(self) -> str:
        return self.name
