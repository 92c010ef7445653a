"""Public pages: home, the tracks, plain pages. Courses and lessons are pages of `courses`."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from common.caching import public_page
from common.chinese import bigrams
from courses.blocks import PlainBody
from standards.models import Track


class PublicPage(Page):
    """What all our public pages share: caches may keep what a stranger sees, and Chinese words can be searched."""

    class Meta:
        abstract = True

    def chinese_words(self) -> str:
        return bigrams(self.title, *self.worded())

    def worded(self) -> list[str]:
        """The texts a search should find this page by, besides its title."""
        return []

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from courses.reading import breadcrumbs_of

        return super().get_context(request, *args, **kwargs) | {"breadcrumbs": breadcrumbs_of(self)}

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return public_page(request, super().serve(request, *args, **kwargs))


class HomePage(PublicPage):
    """The front door."""

    headline = models.CharField(_("headline"), max_length=160)
    lead = models.TextField(_("lead"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("headline"), FieldPanel("lead")]
    search_fields = [*Page.search_fields, index.SearchField("headline"), index.SearchField("chinese_words")]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.TrackIndexPage", "cms.PlainPage"]
    max_count_per_parent = 2

    class Meta:
        verbose_name = _("home page")

    def worded(self) -> list[str]:
        return [self.headline, self.lead]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from cms.presenting import home_context

        return super().get_context(request, *args, **kwargs) | home_context(self)


class TrackIndexPage(PublicPage):
    """The matrix: four tracks by four levels, and the shared core before them."""

    intro = models.TextField(_("introduction"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    search_fields = [*Page.search_fields, index.SearchField("intro"), index.SearchField("chinese_words")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.TrackPage", "courses.CoursePage"]

    class Meta:
        verbose_name = _("track index page")

    def worded(self) -> list[str]:
        return [self.intro]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from cms.presenting import matrix_context

        return super().get_context(request, *args, **kwargs) | matrix_context(self)


class TrackPage(PublicPage):
    """Presents a track in one language; its course pages lie below it."""

    track = models.ForeignKey(Track, models.PROTECT, related_name="pages", verbose_name=_("track"))
    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    intro = models.TextField(_("introduction"), blank=True)
    # One role a line.
    roles = models.TextField(_("typical roles"), blank=True, help_text=_("One role a line."))

    content_panels = [
        *Page.content_panels,
        FieldPanel("track"),
        FieldPanel("tagline"),
        FieldPanel("intro"),
        FieldPanel("roles"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("tagline"),
        index.SearchField("intro"),
        index.SearchField("chinese_words"),
    ]
    parent_page_types = ["cms.TrackIndexPage"]
    subpage_types = ["courses.CoursePage"]

    class Meta:
        verbose_name = _("track page")

    def worded(self) -> list[str]:
        return [self.tagline, self.intro, self.roles]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from cms.presenting import track_context

        return super().get_context(request, *args, **kwargs) | track_context(self)


class PlainPage(PublicPage):
    """About, privacy, accessibility and the like."""

    intro = models.TextField(_("introduction"), blank=True)
    body = StreamField(PlainBody(), blank=True, verbose_name=_("body"))

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    search_fields = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
        index.SearchField("chinese_words"),
    ]
    parent_page_types = ["cms.HomePage", "cms.PlainPage"]
    subpage_types = ["cms.PlainPage"]

    class Meta:
        verbose_name = _("plain page")

    def worded(self) -> list[str]:
        return [self.intro, *self.body.stream_block.get_searchable_content(self.body)]
