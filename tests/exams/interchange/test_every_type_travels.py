"""Every type of item, pictures and cases included, from one bank through a file into another: the same words and keys."""

from __future__ import annotations

import io
import zipfile

import pytest

from exams.actions.exporting import export_items
from exams.actions.importing import import_items
from exams.content import VersionContent, content_of
from exams.interchange.options import ImportOptions
from exams.item_types import REGISTRY
from exams.models import Item, ItemBank, Picture
from tests.factories.bank import cleo, make_draft
from tests.factories.exams import BankFactory

pytestmark = pytest.mark.django_db


def said(content: VersionContent) -> dict:
    """The content with each picture called the same: another bank keeps a picture of its own."""
    values = content.as_values()
    if "picture" in values["presentation"]:
        values["presentation"] = {**values["presentation"], "picture": "PICTURE"}
    return values


@pytest.mark.parametrize("format", ["qti", "qti3", "csv"])
def test_from_bank_to_bank(format):
    bank = BankFactory()
    drafts = [make_draft(type, bank=bank) for type in REGISTRY]
    other = BankFactory()

    exported = export_items(bank, format=format, by=cleo())
    report = import_items(
        other, exported.data, format=format, options=ImportOptions(), by=cleo(), written_by=cleo(), file_name="x"
    )

    assert (report.count("refused"), report.count("kept") + report.count("changed")) == (0, len(REGISTRY))
    for draft in drafts:
        came = Item.objects.get(bank=other, code=draft.item.code).versions.get()
        assert said(content_of(came)) == said(content_of(draft)), draft.item.type
    hotspot = Item.objects.get(bank=other, type="hotspot").versions.get()
    picture = Picture.objects.get(bank=other, uuid=hotspot.presentation["picture"])
    assert picture.file.size > 0


def test_a_place_without_its_picture_is_refused_by_name():
    bank: ItemBank = BankFactory()
    make_draft("hotspot", bank=bank)
    table = export_items(bank, format="csv", by=cleo())
    with zipfile.ZipFile(io.BytesIO(table.data)) as package:
        alone = package.read(next(name for name in package.namelist() if name.endswith(".csv")))

    report = import_items(
        BankFactory(), alone, format="csv", options=ImportOptions(), by=cleo(), written_by=cleo(), file_name="x", dry_run=True
    )

    assert [line["notes"][-1] for line in report.lines] == ["The picture it asks about is not in the file."]
