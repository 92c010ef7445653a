from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel


def in_language(english: str, chinese: str) -> str:
    """The wording for the reader's language; the other one where it is missing."""
    return (chinese or english) if (get_language() or "").startswith("zh") else (english or chinese)


class StandardsBody(models.Model):
    """Who publishes standards: a committee, an agency, a project."""

    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField(_("name"), max_length=160)
    name_zh = models.CharField(_("name in Chinese"), max_length=160, blank=True)
    focus = models.CharField(_("field of work"), max_length=300, blank=True)
    entry = models.CharField(_("how to take part"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("standards body")
        verbose_name_plural = _("standards bodies")
        ordering = ["name"]

    def __str__(self) -> str:
        return in_language(self.name, self.name_zh)


class Standard(ClusterableModel):
    """A published norm, whatever its edition. The backbone lessons, items and blueprints point at."""

    class Layer(models.TextChoices):
        """The object a standard is about (the white paper's map)."""

        FOUNDATION = "foundation", _("Foundation")
        PLATFORM = "platform", _("Platform")
        TECHNOLOGY = "technology", _("Technology")
        PRODUCT = "product", _("Product")
        APPLICATION = "application", pgettext_lazy("object of a standard", "Application")
        RELATED = "related", _("Related field")

    slug = models.SlugField(unique=True, max_length=80)
    designation = models.CharField(_("designation without year"), max_length=80)
    title = models.CharField(_("title"), max_length=300)
    title_zh = models.CharField(_("title in Chinese"), max_length=300, blank=True)
    scope = models.TextField(_("scope in our words"), blank=True)
    scope_zh = models.TextField(_("scope in Chinese"), blank=True)
    body = models.ForeignKey(
        StandardsBody, models.PROTECT, related_name="standards", verbose_name=pgettext_lazy("who publishes", "body")
    )
    doc_type = models.CharField(_("kind of document"), max_length=40)
    layer = models.CharField(_("object"), max_length=20, choices=Layer)
    related_domains = models.JSONField(_("related fields"), default=list, blank=True)
    aspects = models.JSONField(_("aspects"), default=list, blank=True)
    sectors = models.JSONField(_("sectors"), default=list, blank=True)

    class Meta:
        verbose_name = _("standard")
        verbose_name_plural = _("standards")
        ordering = ["designation"]

    def __str__(self) -> str:
        return f"{self.designation} {self.name}"

    @property
    def name(self) -> str:
        return in_language(self.title, self.title_zh)

    @property
    def summary(self) -> str:
        return in_language(self.scope, self.scope_zh)


class Edition(models.Model):
    """One dated version of a standard, with its stage. One edition of a standard is the current one."""

    class Stage(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("stage of a standard", "draft")
        IN_PUBLICATION = "in_publication", pgettext_lazy("stage of a standard", "in publication")
        PUBLISHED = "published", pgettext_lazy("stage of a standard", "published")
        SUPERSEDED = "superseded", pgettext_lazy("stage of a standard", "superseded")
        WITHDRAWN = "withdrawn", pgettext_lazy("stage of a standard", "withdrawn")

    standard = ParentalKey(Standard, on_delete=models.CASCADE, related_name="editions")
    identifier = models.CharField(_("identifier"), max_length=80, unique=True)
    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    # YYYY or YYYY-MM: months of some documents are not known, and we do not invent them.
    published = models.CharField(pgettext_lazy("stage of a standard", "published"), max_length=7, blank=True)
    url = models.URLField(_("publisher's page"), blank=True, max_length=300)
    is_current = models.BooleanField(_("current edition"), default=True)
    confidence = models.CharField(_("how well checked"), max_length=12, default="verified")
    last_checked_on = models.DateField(_("last checked on"), null=True, blank=True)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-is_current", "-published"]
        constraints = [
            models.UniqueConstraint(fields=["standard"], name="one_current_edition_per_standard", condition=Q(is_current=True))
        ]

    def __str__(self) -> str:
        return self.identifier


class Relation(models.Model):
    """How one standard stands to another: adopts, extends, supersedes…"""

    source = ParentalKey(Standard, on_delete=models.CASCADE, related_name="relations_out")
    target = models.ForeignKey(Standard, models.CASCADE, related_name="relations_in", verbose_name=_("other standard"))
    kind = models.CharField(_("kind"), max_length=40)

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="relation_once"),
            models.CheckConstraint(condition=~Q(source=models.F("target")), name="relation_joins_two_standards"),
        ]

    def __str__(self) -> str:
        return f"{self.source.designation} {self.kind} {self.target.designation}"
