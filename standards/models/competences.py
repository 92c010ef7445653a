from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from standards.models.catalogue import Standard, in_language


class Named(models.Model):
    """Something with a code for people and a name in both languages."""

    title = models.CharField(_("title"), max_length=160)
    title_zh = models.CharField(_("title in Chinese"), max_length=160, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.title, self.title_zh)


class Track(Named):
    """One of the four routes: professional technology, standard setting, publicity and habituation, testing."""

    code = models.CharField(_("code"), max_length=4, unique=True)
    slug = models.SlugField(unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("track")
        verbose_name_plural = _("tracks")
        ordering = ["position"]


class Level(Named):
    """How far along a track: foundation, practitioner, professional, expert."""

    code = models.CharField(_("code"), max_length=4, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    experience = models.CharField(_("experience"), max_length=240, blank=True)
    experience_zh = models.CharField(_("experience in Chinese"), max_length=240, blank=True)
    expects = models.CharField(_("what is expected"), max_length=240, blank=True)
    expects_zh = models.CharField(_("what is expected, in Chinese"), max_length=240, blank=True)
    validity_years = models.PositiveSmallIntegerField(_("validity in years"), default=3)

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["position"]

    @property
    def experience_in_words(self) -> str:
        return in_language(self.experience, self.experience_zh)

    @property
    def expects_in_words(self) -> str:
        return in_language(self.expects, self.expects_zh)


class Competence(Named):
    """What a person can do. Lessons, items and blueprints all point here: that is how one warning finds all."""

    code = models.CharField(_("code"), max_length=10, unique=True)
    track = models.ForeignKey(Track, models.PROTECT, null=True, blank=True, related_name="competences", verbose_name=_("track"))
    # Proficiency 0–4 expected at L1…L4: {"L1": 1, …}
    required = models.JSONField(_("required proficiency per level"), default=dict, blank=True)
    # {"en": {"knowledge": [...], "skills": [...], "tasks": [...]}, "zh": {…}}
    outline = models.JSONField(_("knowledge, skills and tasks"), default=dict, blank=True)
    mapping = models.JSONField(_("mapping to other frameworks"), default=dict, blank=True)
    standards = models.ManyToManyField(Standard, blank=True, related_name="competences", verbose_name=_("standards"))

    class Meta:
        verbose_name = _("competence")
        verbose_name_plural = _("competences")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def parts(self) -> dict[str, list[str]]:
        """Knowledge, skills and tasks in the reader's language; in English where they are not translated."""
        language = "zh" if (get_language() or "").startswith("zh") else "en"
        return self.outline.get(language) or self.outline.get("en", {})
