"""The filter of a partner's certificate register."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate, CertificationScheme
from partners.models import Partner
from portal.forms.cohorts import DateInput
from portal.queries.overview import EXPIRING_DAYS

EXPIRING = "expiring"


class RegisterFilter(forms.Form):
    """Read from the address; what cannot be understood filters nothing."""

    search = forms.CharField(label=_("Search"), required=False, max_length=100)
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("All")), (EXPIRING, _("expiring within 90 days")), *Certificate.Status.choices],
    )
    cohort: Any = forms.ModelChoiceField(
        label=_("Cohort"), required=False, queryset=None, to_field_name="uuid", empty_label=_("All")
    )
    scheme = forms.ChoiceField(label=_("Scheme"), required=False)
    issued_from = forms.DateField(label=_("Issued from"), required=False, widget=DateInput())
    issued_until = forms.DateField(label=_("Issued until"), required=False, widget=DateInput())
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("-issued", _("Newest first")),
            ("issued", _("Oldest first")),
            ("until", _("Ending soonest")),
            ("name", _("Name")),
            ("serial", _("Certificate number")),
        ],
    )

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = partner.cohorts.order_by("-starts_on", "name")  # type: ignore[attr-defined]
        used = CertificationScheme.objects.filter(certificates__partner=partner).distinct()
        schemes = {scheme.code: f"{scheme.code} {scheme.name}" for scheme in used.order_by("code", "version")}
        self.fields["scheme"].choices = [("", _("All")), *schemes.items()]  # type: ignore[attr-defined]

    @property
    def filters(self) -> dict[str, Any]:
        """What `register_of` takes."""
        self.full_clean()
        said = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        said.pop("sort", None)
        if said.get("status") == EXPIRING:
            said.pop("status")
            said["expiring_within"] = EXPIRING_DAYS
        if "cohort" in said:
            said["cohort"] = str(said["cohort"].uuid)
        return said

    @property
    def order(self) -> str:
        """One of `registers.SORTS`."""
        self.full_clean()
        return self.cleaned_data.get("sort") or "-issued"

    @property
    def is_filtering(self) -> bool:
        return bool(self.filters)
