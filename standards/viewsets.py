"""Where administrators keep the catalogue."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from standards.forms import StandardForm
from standards.models import Competence, Edition, Level, Standard, StandardsBody, Track


class BodyViewSet(SnippetViewSet):
    model = StandardsBody
    icon = "group"
    list_display = ["name", "name_zh", "focus"]
    search_fields = ["name", "name_zh", "focus"]
    search_backend_name = None
    panels = [FieldPanel("slug"), FieldPanel("name"), FieldPanel("name_zh"), FieldPanel("focus"), FieldPanel("entry")]


class StandardFilterSet(WagtailFilterSet):
    stage = ChoiceFilter(field_name="editions__stage", choices=Edition.Stage.choices, label=_("Stage"), distinct=True)

    class Meta:
        model = Standard
        fields = ["layer", "body", "doc_type"]


class StandardViewSet(SnippetViewSet):
    model = Standard
    icon = "doc-full"
    list_display = ["designation", "title", "body", "layer"]
    list_filter = None
    filterset_class = StandardFilterSet
    search_fields = ["designation", "title", "title_zh", "scope"]
    search_backend_name = None
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("designation"), FieldPanel("slug")]),
            MultiFieldPanel([FieldPanel("title"), FieldPanel("title_zh")], _("Title")),
            MultiFieldPanel([FieldPanel("scope"), FieldPanel("scope_zh")], _("Scope in our words")),
            FieldRowPanel([FieldPanel("body"), FieldPanel("doc_type"), FieldPanel("layer")]),
            InlinePanel(
                "editions",
                [
                    FieldRowPanel([FieldPanel("identifier"), FieldPanel("stage"), FieldPanel("published")]),
                    FieldPanel("url"),
                    FieldRowPanel([FieldPanel("is_current"), FieldPanel("confidence"), FieldPanel("last_checked_on")]),
                ],
                heading=_("Editions"),
                label=_("Edition"),
            ),
            InlinePanel(
                "relations_out",
                [FieldPanel("kind"), FieldPanel("target")],
                heading=_("Relations to other standards"),
                label=_("Relation"),
            ),
        ],
        base_form_class=StandardForm,
    )


class TrackViewSet(SnippetViewSet):
    model = Track
    icon = "tag"
    list_display = ["code", "title", "title_zh"]
    panels = [FieldPanel("code"), FieldPanel("slug"), FieldPanel("title"), FieldPanel("title_zh"), FieldPanel("position")]


class LevelViewSet(SnippetViewSet):
    model = Level
    icon = "order"
    list_display = ["code", "title", "title_zh", "validity_years"]
    panels = [
        FieldRowPanel([FieldPanel("code"), FieldPanel("position"), FieldPanel("validity_years")]),
        FieldRowPanel([FieldPanel("title"), FieldPanel("title_zh")]),
        FieldPanel("experience"),
        FieldPanel("experience_zh"),
        FieldPanel("expects"),
        FieldPanel("expects_zh"),
    ]


class CompetenceViewSet(SnippetViewSet):
    model = Competence
    icon = "pick"
    list_display = ["code", "title", "title_zh", "track"]
    list_filter = ["track"]
    search_fields = ["code", "title", "title_zh"]
    search_backend_name = None
    panels = [
        FieldRowPanel([FieldPanel("code"), FieldPanel("track")]),
        FieldRowPanel([FieldPanel("title"), FieldPanel("title_zh")]),
        FieldPanel("required"),
        FieldPanel("outline"),
        FieldPanel("mapping"),
        FieldPanel("standards"),
    ]


class CatalogueViewSetGroup(SnippetViewSetGroup):
    """The catalogue in the admin's menu."""

    items = (StandardViewSet, BodyViewSet, CompetenceViewSet, TrackViewSet, LevelViewSet)
    menu_label = _("Standards")
    menu_icon = "doc-full"
    menu_order = 250
