"""How good a version's words are: translations beside their source, flaws and waivers, and what finding items needs."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.models.items import Item, ItemVersion


class TranslationQuerySet(models.QuerySet["Translation"]):
    def stale(self) -> TranslationQuerySet:
        """The source reads differently from what was translated."""
        return self.exclude(source_digest=F("version__source_digest"))


class Translation(models.Model):
    """Which source text one language of a version was translated from. It is stale when the source reads differently now.

    A wording without this row, in a version from before translations were followed, was approved beside its source."""

    class How(models.TextChoices):
        WRITTEN = "written", _("written")
        CONFIRMED = "confirmed", _("confirmed")
        IMPORTED = "imported", _("imported")

    version = models.ForeignKey(ItemVersion, models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    # SHA-256 of the source's words then (exams.translations), against ItemVersion.source_digest for those now.
    source_digest = models.CharField(max_length=64)
    # Those words, kept from the moment they change: {"stem": …, "option 1": …}. Empty while nothing has changed.
    source_words = models.JSONField(default=dict, blank=True)
    how = models.CharField(max_length=10, choices=How)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = TranslationQuerySet.as_manager()

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        ordering = ["version", "language"]
        constraints = [models.UniqueConstraint(fields=["version", "language"], name="one_translation_per_language")]

    def __str__(self) -> str:
        return f"{self.version} {self.language}"


class ItemFlaw(models.Model):
    """A rule of item writing that a version breaks (exams.flaws); written anew whenever its words are."""

    version = models.ForeignKey(ItemVersion, models.CASCADE, related_name="flaws")
    rule = models.CharField(max_length=30)
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    # What the sentence needs: {"option": 2}, {"word": "always"}.
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("item flaw")
        verbose_name_plural = _("item flaws")
        ordering = ["version", "pk"]
        indexes = [models.Index(fields=["rule", "version"], name="item_flaw_by_rule")]

    def __str__(self) -> str:
        return f"{self.version} {self.rule}"


class FlawWaiver(models.Model):
    """Why a version may break a rule. It holds for the words it was given for, and for no others."""

    version = models.ForeignKey(ItemVersion, models.CASCADE, related_name="flaw_waivers")
    rule = models.CharField(max_length=30)
    reason = models.CharField(_("reason"), max_length=500)
    # SHA-256 of the words that the rules read (exams.flaws).
    words_digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("waived flaw")
        verbose_name_plural = _("waived flaws")
        ordering = ["version", "rule"]
        constraints = [
            models.UniqueConstraint(fields=["version", "rule"], name="rule_waived_once_per_version"),
            models.CheckConstraint(condition=~Q(reason=""), name="waived_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.rule}"


class ItemIndex(models.Model):
    """What lists find an item by, made from its newest version; never the truth, and made anew at any time."""

    item = models.OneToOneField(Item, models.CASCADE, primary_key=True, related_name="index")
    # Stem and options in every language, folded, without marks.
    text = models.TextField(blank=True)
    # The languages it is complete and fresh in, "en zh-hans".
    languages = models.CharField(max_length=100, blank=True)
    open_flaws = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["languages", "item"], name="item_index_by_languages"),
            models.Index(fields=["item"], name="item_index_flawed", condition=Q(open_flaws__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.item}"


class SimilarityBand(models.Model):
    """A piece of an item's signature (exams.similarity): items that share one are worth comparing."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="similarity_bands", db_index=False)
    # 63 bits over bank, band and four minima: of one bank by construction.
    value = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["value", "item"], name="similarity_by_value"),
            models.Index(fields=["item"], name="similarity_by_item"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.value}"
