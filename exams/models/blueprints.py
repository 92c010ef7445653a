from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exams.models.items import CognitiveLevel, ItemBank, ItemVersion
from exams.models.pictures import Picture
from standards.models import Competence, Level, Track
from standards.models.competences import Named


class Blueprint(models.Model):
    """Table of specifications: how much of which content area, in how much time."""

    code = models.CharField(_("code"), max_length=30, unique=True)
    bank = models.ForeignKey(ItemBank, models.PROTECT, related_name="blueprints", verbose_name=_("bank"))
    scored_items = models.PositiveSmallIntegerField(_("scored items"))
    pretest_items = models.PositiveSmallIntegerField(_("pretest items"), default=0)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    cut_percent = models.DecimalField(_("raw cut in percent"), max_digits=5, decimal_places=2)
    cut_is_provisional = models.BooleanField(_("cut is provisional"), default=True)
    # {"remember": 30, "understand": 45, "apply": 25}, percent
    cognitive_mix = models.JSONField(_("cognitive mix"), default=dict, blank=True)
    area_floor_percent = models.PositiveSmallIntegerField(_("least percent in every area"), default=0)

    class Meta:
        verbose_name = _("blueprint")
        verbose_name_plural = _("blueprints")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class BlueprintLine(Named):
    """One content area of a blueprint: its weight, its number of scored items, its competences."""

    blueprint = models.ForeignKey(Blueprint, models.CASCADE, related_name="lines")
    number = models.PositiveSmallIntegerField(_("content area"))
    weight_percent = models.PositiveSmallIntegerField(_("weight in percent"))
    items = models.PositiveSmallIntegerField(_("scored items"))
    competences = models.ManyToManyField(Competence, related_name="blueprint_lines", blank=True, verbose_name=_("competences"))

    class Meta:
        verbose_name = _("content area")
        verbose_name_plural = _("content areas")
        ordering = ["blueprint", "number"]
        constraints = [models.UniqueConstraint(fields=["blueprint", "number"], name="content_area_once_per_blueprint")]


class BlueprintCell(models.Model):
    """How many scored items of one content area are at one cognitive level. A blueprint without cells goes by its mix."""

    line = models.ForeignKey(BlueprintLine, models.CASCADE, related_name="cells")
    level = models.CharField(_("cognitive level"), max_length=20, choices=CognitiveLevel)
    items = models.PositiveSmallIntegerField(_("scored items"))

    class Meta:
        verbose_name = _("cell of a blueprint")
        verbose_name_plural = _("cells of blueprints")
        ordering = ["line", "level"]
        constraints = [
            models.UniqueConstraint(fields=["line", "level"], name="cell_once_per_area_and_level"),
            models.CheckConstraint(condition=Q(items__gt=0), name="cell_asks_for_something"),
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.level}"


class Exam(Named):
    """A named examination, stable over years."""

    class Calculator(models.TextChoices):
        NONE = "none", _("none")
        BASIC = "basic", _("four operations, powers and roots")

    class Marking(models.TextChoices):
        SINGLE = "single", _("by one marker")
        DOUBLE = "double", _("by two markers")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=30, unique=True)
    blueprint = models.ForeignKey(Blueprint, models.PROTECT, related_name="exams", verbose_name=_("blueprint"))
    track = models.ForeignKey(Track, models.PROTECT, null=True, blank=True, related_name="exams", verbose_name=_("track"))
    level = models.ForeignKey(Level, models.PROTECT, null=True, blank=True, related_name="exams", verbose_name=_("level"))
    # Who may sit again, and when (exams.rules.retakes). 0 = no wait; empty = no limit.
    retake_wait_days = models.PositiveSmallIntegerField(_("days of waiting after an exam not passed"), default=0)
    most_attempts = models.PositiveSmallIntegerField(_("most attempts in twelve months"), null=True, blank=True)
    most_overlap_percent = models.PositiveSmallIntegerField(
        _("most questions already seen, in percent of the paper"), null=True, blank=True
    )
    # What the room offers to everybody who sits it.
    calculator = models.CharField(_("calculator"), max_length=10, choices=Calculator, default=Calculator.NONE)
    # How answers that need a person are marked (exams.actions.marking).
    marking = models.CharField(_("marking"), max_length=10, choices=Marking, default=Marking.SINGLE)
    third_marker_above_percent = models.PositiveSmallIntegerField(_("third marker above, in percent"), default=20)

    class Meta:
        verbose_name = _("exam")
        verbose_name_plural = _("exams")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(most_attempts__isnull=True) | Q(most_attempts__gt=0), name="an_exam_may_be_sat_at_least_once"
            ),
            models.CheckConstraint(
                condition=Q(most_overlap_percent__isnull=True) | Q(most_overlap_percent__lte=100),
                name="overlap_is_at_most_the_paper",
            ),
            models.CheckConstraint(condition=Q(marking__in=["single", "double"]), name="exam_marking_known"),
            models.CheckConstraint(condition=Q(third_marker_above_percent__lte=100), name="third_marker_above_a_percentage"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Paper(models.Model):
    """A fixed set of item versions drawn from a blueprint: draft → sealed → retired. Sealed, it never changes
    (triggers); `digest` is the SHA-256 of the versions, their order and every rendering."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SEALED = "sealed", _("sealed")
        RETIRED = "retired", _("retired")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="papers")
    code = models.CharField(_("code"), max_length=20)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)
    seed = models.PositiveBigIntegerField(default=0)
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    cut_percent = models.DecimalField(max_digits=5, decimal_places=2)
    cut_is_provisional = models.BooleanField(default=True)
    digest = models.CharField(max_length=64, blank=True)
    # What its renderings show; written at sealing. It opens a picture to those who sit the paper.
    pictures = models.ManyToManyField(Picture, related_name="papers", blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    sealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    # A paper of a set of parallel ones: A, B, C, and the spare that waits.
    set = models.ForeignKey(
        "exams.PaperSet", models.PROTECT, null=True, blank=True, related_name="papers", verbose_name=_("paper set")
    )
    letter = models.CharField(max_length=2, blank=True, default="")
    is_spare = models.BooleanField(_("spare"), default=False)

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["exam", "code"]
        constraints = [
            models.UniqueConstraint(fields=["exam", "code"], name="paper_code_once_per_exam"),
            models.CheckConstraint(condition=Q(status="draft") | ~Q(digest=""), name="sealed_paper_has_a_digest"),
            models.UniqueConstraint(fields=["set", "letter"], name="letter_once_per_paper_set"),
            models.CheckConstraint(
                condition=Q(set__isnull=True, letter="", is_spare=False) | (Q(set__isnull=False) & ~Q(letter="")),
                name="paper_of_a_set_has_a_letter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exam.code} {self.code}"

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Code and name of each language the paper was sealed in, in the site's order; one query unless prefetched."""
        sealed = {rendering.language for rendering in self.renderings.all()}
        return [(code, name) for code, name in settings.LANGUAGES if code in sealed]


class PaperItem(models.Model):
    """One position of a paper. `is_scored` is False for a pretest item: shown, never counted."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="paper_items")
    content_area = models.PositiveSmallIntegerField()
    is_scored = models.BooleanField(default=True)

    class Meta:
        ordering = ["paper", "position"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "position"], name="paper_position_once"),
            models.UniqueConstraint(fields=["paper", "version"], name="version_once_per_paper"),
        ]

    def __str__(self) -> str:
        return f"{self.paper} {self.position}"


class PaperRendering(models.Model):
    """A sealed paper as candidates are served it, in one language. Made at sealing by a serialiser that has no
    key field: what is not stored here cannot leak from here (invariant 6)."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="renderings")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    # {"language", "sections": [{"title", "positions": [{"position", "type", "stem", "options": [{"id", "text"}], …}]}]}
    document = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["paper", "language"], name="one_rendering_per_language")]

    def __str__(self) -> str:
        return f"{self.paper} {self.language}"
