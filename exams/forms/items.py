"""Forms of the item bank."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from exams.content import offered_languages
from exams.flaws import REGISTRY as FLAWS
from exams.item_types import REGISTRY
from exams.models import Item, ItemBank, ItemVersion
from exams.models.items import CognitiveLevel
from exams.queries.readiness import language_name
from exams.rules.reviewing import proposed_review
from standards.models import Competence, Edition

ANY = ("", _("any"))
USABLE = ("usable", _("approved or in use"))


class ItemFilterForm(forms.Form):
    """What the list of items is narrowed by; an unknown value narrows nothing."""

    q = forms.CharField(label=_("Search"), required=False, max_length=80)
    bank = forms.ModelChoiceField(label=_("bank"), queryset=ItemBank.objects.none(), required=False, empty_label=ANY[1])
    area = forms.TypedChoiceField(label=_("content area"), required=False, coerce=int, empty_value=None)
    competence = forms.ModelChoiceField(
        label=_("competence"), queryset=Competence.objects.none(), required=False, empty_label=ANY[1]
    )
    type = forms.ChoiceField(label=_("type"), required=False)
    level = forms.ChoiceField(label=_("cognitive level"), required=False, choices=[ANY, *CognitiveLevel.choices])
    status = forms.ChoiceField(label=_("status"), required=False, choices=[ANY, *ItemVersion.Status.choices, USABLE])
    review = forms.ChoiceField(label=_("review"), required=False, choices=[ANY, ("due", _("due for review"))])
    languages = forms.ChoiceField(label=_("languages"), required=False)
    flaws = forms.ChoiceField(label=_("flaws"), required=False)
    order = forms.ChoiceField(
        label=_("order"),
        required=False,
        choices=[
            ("", _("by code")),
            ("newest", _("newest first")),
            ("area", _("by content area")),
            ("type", _("by type")),
            ("level", _("by cognitive level")),
        ],
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = Item.objects.visible_to(user)
        rules = [(rule.id, capfirst(str(rule.name))) for rule in FLAWS.values()]
        _choices(self, "flaws", [ANY, ("open", _("open flaws")), ("none", _("no open flaws")), *rules])
        areas = items.order_by("content_area").values_list("content_area", flat=True).distinct()
        _choices(self, "area", [ANY, *((area, area) for area in areas)])
        _choices(self, "type", [ANY, *((code, kind.label) for code, kind in REGISTRY.items())])
        missing = [
            (f"missing-{code}", _("not complete in %(language)s") % {"language": language_name(code)})
            for code in offered_languages()
        ]
        _choices(self, "languages", [ANY, ("complete", _("complete in all")), *missing])
        _rows(self, "bank", ItemBank.objects.visible_to(user))
        # By an index per competence: a join over all items costs tens of milliseconds in a bank of 50,000.
        used = Exists(items.filter(competence=OuterRef("pk")).order_by())
        _rows(self, "competence", Competence.objects.filter(used))

    def filters(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data


def _choices(form: forms.Form, name: str, choices: list[Any]) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]


def _rows(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    form.fields[name].queryset = rows  # type: ignore[attr-defined]


class ClassificationForm(forms.Form):
    """Where an item belongs."""

    competence = forms.ModelChoiceField(label=_("competence"), queryset=Competence.objects.all())
    content_area = forms.IntegerField(label=_("content area"), min_value=1, max_value=99)
    cognitive_level = forms.ChoiceField(label=_("cognitive level"), choices=CognitiveLevel.choices)
    edition = forms.ModelChoiceField(
        label=_("edition of a standard"), queryset=Edition.objects.select_related("standard"), required=False
    )
    no_edition = forms.BooleanField(label=_("rests on no standard"), required=False)
    review_by = forms.DateField(
        label=_("review by"),
        required=False,
        initial=proposed_review,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("By then somebody looks whether the item still holds. Proposed are 24 months."),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("edition") and said.get("no_edition"):
            self.add_error("no_edition", _("Either name the edition of a standard or say that none applies."))
        return said


class ItemForm(ClassificationForm):
    """A new item: where it lies, what it is called, how it is asked."""

    bank = forms.ModelChoiceField(label=_("bank"), queryset=ItemBank.objects.none())
    code = forms.RegexField(
        label=_("code"),
        regex=r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        max_length=40,
        help_text=_("Letters, digits, points and hyphens, for example PTL1-2-013."),
    )
    type = forms.ChoiceField(label=_("type"))
    field_order = [
        "bank",
        "code",
        "type",
        "competence",
        "content_area",
        "cognitive_level",
        "edition",
        "no_edition",
        "review_by",
    ]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _rows(self, "bank", ItemBank.objects.visible_to(user))
        _choices(self, "type", [(code, kind.label) for code, kind in REGISTRY.items()])


class EnemiesForm(forms.Form):
    """Codes of items of the same bank, one or several a line."""

    codes = forms.CharField(
        label=_("items not on the same paper"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Codes, separated by spaces or lines."),
    )

    def __init__(self, *args: Any, item: Item, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item

    def clean_codes(self) -> list[Item]:
        codes = set(self.cleaned_data["codes"].replace(",", " ").split())
        found = list(self.item.bank.items.filter(code__in=codes).exclude(pk=self.item.pk))
        unknown = sorted(codes - {item.code for item in found})
        if unknown:
            raise forms.ValidationError(_("This bank has no other item %(codes)s."), params={"codes": ", ".join(unknown)})
        return found


class CommentForm(forms.Form):
    """What a reviewer, or whoever retires a version, has to say."""

    comment = forms.CharField(label=_("Comment"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
