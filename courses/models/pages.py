from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index

from common.caching import public_page
from common.chinese import bigrams
from courses.blocks import LessonBody
from courses.models.courses import Course, Lesson


class CoursePage(Page):
    """Presents a course in one language."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="pages", verbose_name=_("course"))
    intro = models.TextField(_("introduction"), blank=True)
    practical = models.TextField(_("practical work"), blank=True)
    body = RichTextField(_("more about the course"), blank=True, features=["h2", "h3", "bold", "italic", "ol", "ul", "link"])

    content_panels = [
        *Page.content_panels,
        FieldPanel("course"),
        FieldPanel("intro"),
        FieldPanel("practical"),
        FieldPanel("body"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("intro"), index.SearchField("chinese_words")]
    parent_page_types = ["cms.TrackPage", "cms.TrackIndexPage"]
    subpage_types = ["courses.LessonPage"]

    class Meta:
        verbose_name = _("course page")

    def chinese_words(self) -> str:
        return bigrams(self.title, self.intro, self.practical)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from courses.reading import course_reading

        return super().get_context(request, *args, **kwargs) | course_reading(self, request.user)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return public_page(request, super().serve(request, *args, **kwargs))


class LessonPage(Page):
    """Presents a lesson in one language; written by authors, with draft, workflow and preview."""

    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="pages", verbose_name=_("lesson"))
    summary = models.TextField(_("summary"), blank=True)
    body = StreamField(LessonBody(), blank=True, verbose_name=_("body"))

    content_panels = [*Page.content_panels, FieldPanel("lesson"), FieldPanel("summary"), FieldPanel("body")]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("body"),
        index.SearchField("chinese_words"),
    ]
    parent_page_types = ["courses.CoursePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("lesson page")

    def chinese_words(self) -> str:
        return bigrams(self.title, self.summary, *self.body.stream_block.get_searchable_content(self.body))

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The lesson for whom it is open, else a page that says how to open it. An enrolled learner's visit is noted,
        so that the course resumes here; that is the one thing a reading request may write."""
        from courses.reading import visit_lesson

        reading = visit_lesson(self, request.user, is_preview=getattr(request, "is_preview", False))
        request.lesson_reading = reading  # type: ignore[attr-defined]
        response = super().serve(request, *args, **kwargs)
        response.status_code = 200 if reading["may_read"] else 403
        return public_page(request, response)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The lesson as a learner will read it; nobody's progress is touched."""
        from courses.reading import visit_lesson

        request.lesson_reading = visit_lesson(self, request.user, is_preview=True)  # type: ignore[attr-defined]
        return super().serve_preview(request, mode_name)

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        return "courses/lesson_page.html" if request.lesson_reading["may_read"] else "courses/lesson_closed.html"  # type: ignore[attr-defined]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | request.lesson_reading  # type: ignore[attr-defined]
