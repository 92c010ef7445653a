"""Where administrators keep courses and lessons; their pages are written in the page tree."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from courses.models import Course, Lesson


class CourseViewSet(SnippetViewSet):
    model = Course
    icon = "folder-open-inverse"
    list_display = ["code", "title", "title_zh", "track", "level", "hours"]
    list_filter = ["track", "level"]
    search_fields = ["code", "title", "title_zh"]
    search_backend_name = None
    list_per_page = 25
    panels = [
        FieldRowPanel([FieldPanel("code"), FieldPanel("hours")]),
        FieldRowPanel([FieldPanel("title"), FieldPanel("title_zh")]),
        FieldRowPanel([FieldPanel("track"), FieldPanel("level")]),
        FieldPanel("prerequisites"),
        FieldPanel("competences"),
    ]


class LessonViewSet(SnippetViewSet):
    model = Lesson
    icon = "doc-full-inverse"
    list_display = ["code", "title", "title_zh", "course", "position", "minutes"]
    list_filter = ["course"]
    search_fields = ["code", "title", "title_zh"]
    search_backend_name = None
    list_per_page = 25
    panels = [
        FieldRowPanel([FieldPanel("code"), FieldPanel("course"), FieldPanel("position"), FieldPanel("minutes")]),
        FieldRowPanel([FieldPanel("title"), FieldPanel("title_zh")]),
        FieldPanel("objectives"),
        FieldPanel("standards"),
        FieldPanel("competences"),
    ]


class CoursesViewSetGroup(SnippetViewSetGroup):
    """Courses in the admin's menu."""

    items = (CourseViewSet, LessonViewSet)
    menu_label = _("Courses")
    menu_icon = "folder-open-inverse"
    menu_order = 240
