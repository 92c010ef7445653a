from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from exams.models.items import Item, ItemBank


class OverlapGroupQuerySet(models.QuerySet["OverlapGroup"]):
    def visible_to(self, user: object) -> OverlapGroupQuerySet:
        return self.filter(bank__in=ItemBank.objects.visible_to(user))


class OverlapGroup(models.Model):
    """Items of a bank that ask for the same thing: a paper has at most one of them, as if all were enemies."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    bank = models.ForeignKey(ItemBank, models.PROTECT, related_name="overlap_groups", verbose_name=_("bank"))
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=160)
    # Of the same bank only (triggers).
    items = models.ManyToManyField(Item, related_name="overlap_groups", blank=True, verbose_name=_("items"))

    objects = OverlapGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("overlap group")
        verbose_name_plural = _("overlap groups")
        ordering = ["bank", "code"]
        constraints = [models.UniqueConstraint(fields=["bank", "code"], name="overlap_group_code_once_per_bank")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
