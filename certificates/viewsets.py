"""Where administrators keep schemes and the printed design. What is in force never changes: a change is the next version."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import StatusTagColumn
from wagtail.admin.views.generic import CreateView, EditView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.admin.widgets.button import HeaderButton

from accounts.actions.audit import record
from certificates.actions.schemes import activate_scheme, start_next_template, start_next_version
from certificates.errors import SchemeInForce
from certificates.models import CertificateTemplate, CertificationScheme, SchemeRequirement
from certificates.rendering.press import design_names
from certificates.rules import can_edit_schemes
from common.errors import DomainError, NotPermitted
from courses.models import Course
from exams.models import Exam

VERBS = {"activate": activate_scheme, "next": start_next_version}


class SchemeForm(WagtailAdminModelForm):  # type: ignore[misc]
    """A draft with what it demands."""

    courses = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Courses to complete"),
        queryset=Course.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    exams = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Exams to pass"), queryset=Exam.objects.all(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True
            demanded = self.instance.requirements.all()
            self.fields["courses"].initial = [each.course_id for each in demanded if each.course_id]
            self.fields["exams"].initial = [each.exam_id for each in demanded if each.exam_id]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if self.instance.pk and self.instance.status != CertificationScheme.Status.DRAFT:
            raise forms.ValidationError(SchemeInForce.message)
        if not cleaned.get("courses") and not cleaned.get("exams"):
            raise forms.ValidationError(_("Choose at least one course or exam that the scheme demands."))
        return cleaned

    def save_requirements(self, scheme: CertificationScheme) -> None:
        scheme.requirements.all().delete()
        kinds = SchemeRequirement.Kind
        demands = [
            SchemeRequirement(scheme=scheme, kind=kinds.COURSE_COMPLETED, course=c) for c in self.cleaned_data["courses"]
        ]
        demands += [SchemeRequirement(scheme=scheme, kind=kinds.EXAM_PASSED, exam=e) for e in self.cleaned_data["exams"]]
        SchemeRequirement.objects.bulk_create(demands)


class SaveDraft:
    """Scheme and demands together, with an audit entry."""

    act = ""

    @transaction.atomic
    def save_instance(self) -> CertificationScheme:
        scheme: CertificationScheme = self.form.save()  # type: ignore[attr-defined]
        self.form.save_requirements(scheme)  # type: ignore[attr-defined]
        record(self.act, scheme, by=self.request.user, summary=str(scheme))  # type: ignore[attr-defined]
        return scheme


class CreateSchemeView(SaveDraft, CreateView):  # type: ignore[misc]
    act = "scheme.draft"


class EditSchemeView(SaveDraft, EditView):  # type: ignore[misc]
    act = "scheme.edit"

    @property
    def header_more_buttons(self) -> list[HeaderButton]:
        return [*super().header_more_buttons, *scheme_buttons(self.object, self.request)]


class InspectSchemeView(InspectView):  # type: ignore[misc]
    @property
    def header_more_buttons(self) -> list[HeaderButton]:
        return [*super().header_more_buttons, *scheme_buttons(self.object, self.request)]


def scheme_buttons(scheme: CertificationScheme, request: HttpRequest) -> list[HeaderButton]:
    if not can_edit_schemes(request.user):
        return []
    if scheme.status == CertificationScheme.Status.DRAFT:
        return [HeaderButton(_("Activate"), url=reverse("certification_schemes:activate", args=[scheme.pk]), icon_name="check")]
    return [HeaderButton(_("Next version"), url=reverse("certification_schemes:next", args=[scheme.pk]), icon_name="plus")]


def move_scheme(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Asks once, then activates, or drafts the next version."""
    scheme = get_object_or_404(CertificationScheme.objects.select_related("track", "level"), pk=pk)
    if not can_edit_schemes(request.user):
        raise NotPermitted
    refusal = ""
    if request.method == "POST":
        try:
            moved = VERBS[verb](scheme, by=request.user)
        except DomainError as refused:
            refusal = str(refused.text)
        else:
            messages.success(
                request, _("%(scheme)s is now: %(status)s.") % {"scheme": moved, "status": moved.get_status_display()}
            )
            return redirect("certification_schemes:inspect", moved.pk)
    context = {"scheme": scheme, "verb": verb, "refusal": refusal, "page_title": str(scheme), "header_title": str(scheme)}
    return render(request, "certificates/admin/move_scheme.html", context)


class SchemeViewSet(ModelViewSet):  # type: ignore[misc]
    model = CertificationScheme
    name = "certification_schemes"
    icon = "form"
    add_view_class = CreateSchemeView
    edit_view_class = EditSchemeView
    inspect_view_class = InspectSchemeView
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = [
        "code", "version", "status", "title", "title_zh", "track", "level", "scope", "scope_zh", "validity_months",
        "activated_at", "requirements",
    ]  # fmt: skip
    list_display = [
        "code",
        "version",
        "title",
        StatusTagColumn("status", label=gettext_lazy("Status"), accessor="get_status_display"),
        "activated_at",
    ]
    list_filter = ["status", "track", "level"]
    search_fields = ["code", "title", "title_zh"]
    search_backend_name = None
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("code"), FieldPanel("track"), FieldPanel("level"), FieldPanel("validity_months")]),
            MultiFieldPanel([FieldPanel("title"), FieldPanel("title_zh")], gettext_lazy("Title")),
            MultiFieldPanel([FieldPanel("scope"), FieldPanel("scope_zh")], gettext_lazy("Scope")),
            MultiFieldPanel([FieldPanel("courses"), FieldPanel("exams")], gettext_lazy("What it demands")),
        ],
        base_form_class=SchemeForm,
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        moves = [path(f"{verb}/<int:pk>/", move_scheme, {"verb": verb}, name=verb) for verb in VERBS]
        return [*super().get_urlpatterns(), *moves]


class TemplateForm(WagtailAdminModelForm):  # type: ignore[misc]
    """Saving makes the next revision; certificates printed before keep theirs."""

    design = forms.ChoiceField(label=gettext_lazy("Design"), choices=lambda: [(name, name) for name in design_names()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True

    @property
    def printed(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name != "code"}


class SaveTemplateView:
    def save_instance(self) -> CertificateTemplate:
        form = self.form  # type: ignore[attr-defined]
        by = self.request.user  # type: ignore[attr-defined]
        return start_next_template(CertificateTemplate(code=form.cleaned_data["code"]), by=by, **form.printed)


class CreateTemplateView(SaveTemplateView, CreateView):  # type: ignore[misc]
    pass


class EditTemplateView(SaveTemplateView, EditView):  # type: ignore[misc]
    pass


class TemplateViewSet(ModelViewSet):  # type: ignore[misc]
    model = CertificateTemplate
    name = "certificate_templates"
    icon = "doc-full"
    menu_label = gettext_lazy("Certificate templates")
    add_view_class = CreateTemplateView
    edit_view_class = EditTemplateView
    copy_view_enabled = False
    inspect_view_enabled = True
    list_display = ["code", "revision", "design", "signatory_name", "is_current"]
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("code"), FieldPanel("design")]),
            MultiFieldPanel([FieldPanel("signatory_name"), FieldPanel("signatory_name_zh")], gettext_lazy("Who signs")),
            MultiFieldPanel([FieldPanel("signatory_role"), FieldPanel("signatory_role_zh")], gettext_lazy("In which role")),
        ],
        base_form_class=TemplateForm,
    )


class CertificationViewSetGroup(ModelViewSetGroup):  # type: ignore[misc]
    menu_label = gettext_lazy("Certification")
    menu_icon = "form"
    menu_order = 320
    items = (SchemeViewSet, TemplateViewSet)
