"""The editor of a draft: one form per type of item, every language beside the other."""

from __future__ import annotations

from typing import Any

from exams.content import VersionContent
from exams.forms.versions.base import VersionForm
from exams.forms.versions.choices import OptionsForm, OrderingForm, StatementForm
from exams.forms.versions.cloze import ClozeForm
from exams.forms.versions.hotspot import HotspotForm
from exams.forms.versions.marked import EssayForm, FileForm
from exams.forms.versions.matching import MatchingForm
from exams.forms.versions.written import NumberForm, ShortTextForm
from exams.models import ItemBank

# A new type of item adds its line here; exams.item_types has the other one.
FORMS: dict[str, type[VersionForm]] = {
    "single_choice": OptionsForm,
    "multiple_response": OptionsForm,
    "true_false": StatementForm,
    "numeric": NumberForm,
    "short_text": ShortTextForm,
    "ordering": OrderingForm,
    "matching": MatchingForm,
    "cloze": ClozeForm,
    "hotspot": HotspotForm,
    "essay": EssayForm,
    "file_upload": FileForm,
}


def version_form(data: Any, *, type: str, content: VersionContent, bank: ItemBank, source: bool = False) -> VersionForm:
    """The editor of that type, with what is stored or what was posted."""
    return FORMS[type](data, type=type, content=content, bank=bank, source=source)


__all__ = ["FORMS", "VersionForm", "version_form"]
