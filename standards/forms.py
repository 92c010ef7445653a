"""What the back office checks before a standard is saved."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from standards.models import Edition, Standard


class StandardForm(WagtailAdminModelForm):
    """A standard with its editions and relations: one current edition, and no relation to itself."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        current = [form for form in self._kept("editions") if form.cleaned_data.get("is_current")]
        if len(current) > 1:
            self.add_error(None, _("Only one edition can be the current one. Clear the mark on the others."))
        for form in self._kept("relations_out"):
            if self.instance.pk and form.cleaned_data.get("target") == self.instance:
                form.add_error("target", _("A standard cannot be related to itself."))
        return cleaned

    def _kept(self, name: str) -> list[Any]:
        formset = self.formsets.get(name)
        if formset is None:
            return []
        formset.is_valid()  # a cluster form cleans itself before its formsets: without this they hold nothing yet
        return [form for form in formset.forms if getattr(form, "cleaned_data", None) and not form.cleaned_data.get("DELETE")]

    @transaction.atomic
    def save(self, commit: bool = True) -> Standard:
        # The mark may move from one edition to another: cleared first, so that the constraint never sees two.
        if commit and self.instance.pk:
            Edition.objects.filter(standard=self.instance).update(is_current=False)
        return super().save(commit=commit)
