"""Where administrators keep partners and agreements. Every change goes through an action, and so into the audit trail."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.views.generic import CreateView, EditView
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from common.errors import DomainError
from partners.actions.invitations import invite_member
from partners.actions.partners import amend_agreement, change_partner, create_partner, sign_agreement
from partners.models import Agreement, Membership, Partner


class ThroughActions:
    """Shows a refusal of an action beside the form instead of on a page of its own."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc,no-any-return]
        except DomainError as refusal:
            form.add_error(None, str(refusal.text))
            self.produced_error_message = str(refusal.text)
            return super().form_invalid(form)  # type: ignore[misc,no-any-return]


class PartnerForm(WagtailAdminModelForm):  # type: ignore[misc]
    """A partner, and the address of somebody who shall manage it."""

    manager_email = forms.EmailField(
        label=_("Invite a manager"),
        required=False,
        help_text=_("Receives an invitation by mail. Further managers are invited by those who are there."),
    )
    manager_language = forms.ChoiceField(label=_("Language of the invitation"), required=False, choices=settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            # The slug is in people's links and bookmarks.
            self.fields["slug"].disabled = True
        else:
            self.fields.pop("status", None)

    @property
    def about(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "name_zh", "kind", "contact_email")}

    def invite(self, partner: Partner, by: Any) -> None:
        if self.cleaned_data.get("manager_email"):
            invite_member(
                partner,
                email=self.cleaned_data["manager_email"],
                role=Membership.Role.MANAGER,
                language=self.cleaned_data.get("manager_language") or "en",
                by=by,
            )


class CreatePartnerView(ThroughActions, CreateView):  # type: ignore[misc]
    def save_instance(self) -> Partner:
        partner = create_partner(slug=self.form.cleaned_data["slug"], by=self.request.user, **self.form.about)
        self.form.invite(partner, self.request.user)
        return partner


class EditPartnerView(ThroughActions, EditView):  # type: ignore[misc]
    def save_instance(self) -> Partner:
        changes = {**self.form.about, "status": self.form.cleaned_data["status"]}
        partner = change_partner(self.form.instance, by=self.request.user, **changes)
        self.form.invite(partner, self.request.user)
        return partner


class PartnerViewSet(ModelViewSet):  # type: ignore[misc]
    model = Partner
    icon = "group"
    add_view_class = CreatePartnerView
    edit_view_class = EditPartnerView
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = ["name", "name_zh", "slug", "kind", "status", "contact_email", "created_at"]
    list_display = ["name", "kind", "slug", StatusTagColumn("status", label=_("Status"), accessor="get_status_display")]
    list_filter = ["kind", "status"]
    search_fields = ["name", "name_zh", "slug"]
    search_backend_name = None
    edit_handler = ObjectList(
        [
            MultiFieldPanel([FieldPanel("name"), FieldPanel("name_zh")], _("Name")),
            FieldRowPanel([FieldPanel("slug"), FieldPanel("kind"), FieldPanel("status")]),
            FieldPanel("contact_email"),
            MultiFieldPanel([FieldPanel("manager_email"), FieldPanel("manager_language")], _("First manager")),
        ],
        base_form_class=PartnerForm,
    )


class AgreementForm(WagtailAdminModelForm):  # type: ignore[misc]
    """An agreement; what was signed stays, its end, seats and quota may be amended."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("partner", "reference", "starts_on"):
                self.fields[name].disabled = True


class CreateAgreementView(ThroughActions, CreateView):  # type: ignore[misc]
    def save_instance(self) -> Agreement:
        return sign_agreement(by=self.request.user, **self.form.cleaned_data)


class EditAgreementView(ThroughActions, EditView):  # type: ignore[misc]
    def save_instance(self) -> Agreement:
        amended = {name: self.form.cleaned_data[name] for name in ("ends_on", "seats", "exam_quota")}
        return amend_agreement(self.form.instance, by=self.request.user, **amended)


class AgreementViewSet(ModelViewSet):  # type: ignore[misc]
    model = Agreement
    icon = "doc-full-inverse"
    add_view_class = CreateAgreementView
    edit_view_class = EditAgreementView
    copy_view_enabled = False
    inspect_view_enabled = True
    list_display = ["reference", Column("partner", label=_("Partner")), "starts_on", "ends_on", "seats", "exam_quota"]
    list_filter = ["partner"]
    search_fields = ["reference", "partner__name"]
    search_backend_name = None
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("partner"), FieldPanel("reference")]),
            FieldRowPanel([FieldPanel("starts_on"), FieldPanel("ends_on")]),
            FieldRowPanel([FieldPanel("seats"), FieldPanel("exam_quota")]),
        ],
        base_form_class=AgreementForm,
    )


class PartnersViewSetGroup(ModelViewSetGroup):  # type: ignore[misc]
    """Both in the admin's menu."""

    menu_label = _("Partners")
    menu_icon = "group"
    menu_order = 300
    items = (PartnerViewSet, AgreementViewSet)
