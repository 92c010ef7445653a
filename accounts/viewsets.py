"""People in the back office: administrators make accounts, set roles, close and reopen. Every change goes through
an action, so that it is in the audit trail; accounts are closed, never deleted."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, TitleColumn
from wagtail.users.views.users import CreateView, EditView, IndexView, UserViewSet

from accounts.actions.people import create_account, deactivate_account, reactivate_account
from accounts.actions.roles import set_roles
from accounts.models import Role, User


class PersonForm(forms.ModelForm):
    """An account as an administrator sees it. `by` is the administrator."""

    roles = forms.MultipleChoiceField(
        label=_("Staff roles"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = User
        fields: tuple[str, ...] = ("full_name", "family_name", "language", "time_zone")

    def __init__(self, *args: Any, by: User, editing_self: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        if self.instance.pk:
            self.fields["roles"].initial = sorted(self.instance.role_names.intersection(Role.values))
        if editing_self:
            del self.fields["roles"]

    @transaction.atomic
    def save(self, commit: bool = True) -> User:
        user = self.save_person()
        if "roles" in self.fields and set(self.cleaned_data["roles"]) != user.role_names.intersection(Role.values):
            set_roles(user, set(self.cleaned_data["roles"]), by=self.by)
        return user

    def save_person(self) -> User:
        raise TypeError("A PersonForm is either new or existing.")


class NewPersonForm(PersonForm):
    email = forms.EmailField(label=_("E-mail address"))

    class Meta(PersonForm.Meta):
        fields = ("email", *PersonForm.Meta.fields)

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("There is already an account with this address."))
        return email

    def save_person(self) -> User:
        details = {name: self.cleaned_data[name] for name in PersonForm.Meta.fields}
        self.instance = create_account(self.cleaned_data["email"], by=self.by, **details)
        return self.instance


class ExistingPersonForm(PersonForm):
    is_active = forms.BooleanField(
        label=_("Active"),
        required=False,
        help_text=_("Without this mark the account cannot sign in, and its sessions end at once."),
    )
    reason = forms.CharField(
        label=_("Reason, when closing or reopening the account"), required=False, max_length=240, widget=forms.TextInput
    )

    def __init__(self, *args: Any, editing_self: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, editing_self=editing_self, **kwargs)
        self.was_active = self.instance.is_active
        self.fields["is_active"].initial = self.was_active
        if editing_self:
            del self.fields["is_active"], self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("is_active", self.was_active) != self.was_active and not cleaned.get("reason"):
            self.add_error("reason", _("Say why; it goes into the audit trail."))
        return cleaned

    def save_person(self) -> User:
        user = super(PersonForm, self).save()
        active = self.cleaned_data.get("is_active", self.was_active)
        if self.was_active and not active:
            deactivate_account(user, by=self.by, reason=self.cleaned_data["reason"])
        elif active and not self.was_active:
            reactivate_account(user, by=self.by, reason=self.cleaned_data["reason"])
        return user


class NamesTheActor:
    """Hands the signed-in administrator to the form."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "by": self.request.user}  # type: ignore[misc,attr-defined]


class PeopleIndexView(IndexView):
    """The list without bulk actions: those change roles without an audit entry."""

    @property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("full_name", label=_("Name"), accessor=str, get_url=self.get_edit_url, sort_key="full_name"),
            Column("email", label=_("E-mail address"), sort_key="email"),
            Column("roles", label=_("Staff roles"), accessor=lambda user: ", ".join(group.name for group in user.groups.all())),
            BooleanColumn("is_active", label=_("Active"), sort_key="is_active"),
            DateColumn("last_login", label=_("Last sign-in"), sort_key="last_login"),
        ]

    @property
    def search_fields(self) -> set[str]:
        return {"email", "full_name"}

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().filter(is_synthetic=False).prefetch_related("groups")


class NewPersonView(NamesTheActor, CreateView):
    def save_instance(self) -> User:
        user = super().save_instance()
        # No password is ever chosen for another or mailed: the person sets their own by this link.
        reset = ResetPasswordForm({"email": user.email})
        if reset.is_valid():
            reset.save(self.request)
        return user


class ExistingPersonView(NamesTheActor, EditView):
    pass


class PeopleViewSet(UserViewSet):
    index_view_class = PeopleIndexView
    add_view_class = NewPersonView
    edit_view_class = ExistingPersonView
    template_prefix = "accounts/admin/"
    # A person is nobody's copy.
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type[PersonForm]:
        return ExistingPersonForm if for_update else NewPersonForm
