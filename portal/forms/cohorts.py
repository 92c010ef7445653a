"""What a manager fills in about cohorts and the people in them. Every choice is resolved within the partner."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Course
from exams.models import Sitting
from partners.models import Cohort, Partner
from partners.queries import instructor_choices
from partners.rosters.tables import MOST_BYTES
from portal.queries.overview import sittings_for, sittings_of
from portal.queries.progress import courses_of


class DateInput(forms.DateInput):
    """The browser's own date field; it wants ISO dates whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class SittingChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, sitting: Sitting) -> str:  # type: ignore[override]
        from django.utils import timezone
        from django.utils.formats import date_format

        opens = date_format(timezone.localtime(sitting.opens_at), "DATETIME_FORMAT")
        return f"{sitting.name} · {sitting.exam.code} · {opens}"


class CohortForm(forms.Form):
    """A cohort, who teaches it, and what it takes."""

    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Short and unique here, such as se-2026-a: letters, digits, hyphens.")
    )
    starts_on = forms.DateField(label=_("Starts on"), widget=DateInput())
    ends_on = forms.DateField(label=_("Ends on"), widget=DateInput())
    instructor: Any = forms.ModelChoiceField(
        label=_("Instructor"),
        queryset=None,
        required=False,
        help_text=_("Sees the progress of this cohort. May not decide on the certification of its people."),
    )
    courses: Any = forms.ModelMultipleChoiceField(
        label=_("Courses"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    sittings = SittingChoices(label=_("Exam sittings"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, partner: Partner, cohort: Cohort | None = None, **kwargs: Any) -> None:
        if cohort:
            kwargs.setdefault("initial", self._initial_of(cohort))
        super().__init__(*args, **kwargs)
        self.partner, self.cohort = partner, cohort
        choices = instructor_choices(partner)
        if cohort and cohort.instructor_id:
            # Whoever teaches it now stays choosable, even when the membership has ended.
            choices = type(cohort.instructor)._default_manager.filter(  # type: ignore[union-attr]
                Q(pk=cohort.instructor_id) | Q(pk__in=choices.values("pk"))
            )
        sittings = sittings_for(partner)
        if cohort:
            sittings = Sitting.objects.filter(
                Q(pk__in=sittings.values("pk")) | Q(pk__in=sittings_of(cohort).values("pk"))
            ).select_related("exam")
        self.fields["instructor"].queryset = choices  # type: ignore[attr-defined]
        self.fields["instructor"].empty_label = _("Nobody yet")  # type: ignore[attr-defined]
        self.fields["courses"].queryset = Course.objects.select_related("level", "track")  # type: ignore[attr-defined]
        self.fields["sittings"].queryset = sittings.order_by("opens_at", "pk")  # type: ignore[attr-defined]
        if not sittings.exists():
            del self.fields["sittings"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("A cohort cannot end before it starts."))
        others = self.partner.cohorts.exclude(pk=self.cohort.pk) if self.cohort else self.partner.cohorts.all()
        if cleaned.get("code") and others.filter(code=cleaned["code"]).exists():
            self.add_error("code", _("Another cohort of this institution already has this code."))
        return cleaned

    @property
    def about(self) -> dict[str, Any]:
        """What `create_cohort` and `change_cohort` take."""
        return {name: self.cleaned_data[name] for name in ("name", "code", "starts_on", "ends_on", "instructor")}

    @property
    def plan(self) -> dict[str, Any]:
        """What `plan_cohort` takes."""
        return {"courses": self.cleaned_data["courses"], "sittings": self.cleaned_data.get("sittings", [])}

    @staticmethod
    def _initial_of(cohort: Cohort) -> dict[str, Any]:
        return {
            "name": cohort.name,
            "code": cohort.code,
            "starts_on": cohort.starts_on,
            "ends_on": cohort.ends_on,
            "instructor": cohort.instructor_id,
            "courses": [course.pk for course in courses_of(cohort)],
            "sittings": list(sittings_of(cohort).values_list("pk", flat=True)),
        }


class PersonForm(forms.Form):
    """One person to be invited to a cohort."""

    full_name = forms.CharField(label=_("Name"), max_length=120)
    family_name = forms.CharField(label=_("Family name"), max_length=80, required=False)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    external_id = forms.CharField(label=_("Student or staff number"), max_length=60, required=False)
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=settings.LANGUAGES)


class RosterForm(forms.Form):
    """A roster to be looked at before anything happens."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX, at most 5 MB and 5,000 people."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        max_length=200,
    )
    language = forms.ChoiceField(
        label=_("Language of the invitations"),
        choices=settings.LANGUAGES,
        help_text=_("For rows that name no language themselves."),
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB. Split it, or remove pictures and other sheets."))
        return upload


class RegistrationForm(forms.Form):
    """Which sitting a whole cohort is registered for."""

    sitting: Any = forms.ModelChoiceField(label=_("Sitting"), queryset=None)
    language = forms.ChoiceField(
        label=_("Language of the paper"),
        required=False,
        choices=[("", _("Each person's own language")), *settings.LANGUAGES],
        help_text=_("Everybody can change it until they start."),
    )

    def __init__(self, *args: Any, partner: Partner, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sitting"]
        field.queryset = sittings_for(partner)  # type: ignore[attr-defined]
        field.label_from_instance = SittingChoices.label_from_instance.__get__(field)  # type: ignore[attr-defined]
        meant = sittings_of(cohort).filter(pk__in=sittings_for(partner).values("pk")).first()
        if meant:
            self.initial.setdefault("sitting", meant.pk)
