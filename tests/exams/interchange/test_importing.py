"""Bringing a file into a bank: all or nothing, as drafts, recorded once."""

from __future__ import annotations

import io
import json
from time import process_time

import pytest
from django.core.management import call_command

from accounts.models import AuditEntry
from exams.actions.exporting import export_items
from exams.actions.importing import import_items
from exams.content import content_of
from exams.errors import FileRefused, NotYourBank
from exams.interchange.options import SKIP, ImportOptions
from exams.models import ImportBatch, Item, ItemBank, ItemVersion
from tests.factories.bank import administrator, cleo, content, make_draft, rita
from tests.factories.exams import BankFactory, CompetenceFactory

pytestmark = pytest.mark.django_db

GOOD = "::One::Which?{=this ~that}\n\n::Two::How many?{#4:0.5}\n"
BROKEN = f"{GOOD}\nThree?{{~no ~key}}\n"


@pytest.fixture
def bank() -> ItemBank:
    CompetenceFactory(code="C01")
    return BankFactory(code="bank-a")


def options(**changes):
    return ImportOptions(**{"competence": "C01", **changes})


def load(bank, text=GOOD, *, by=None, **changes):
    chosen = {name: changes.pop(name) for name in ("dry_run",) if name in changes}
    return import_items(bank, text.encode(), format="gift", options=options(**changes), by=by or cleo(), **chosen)


def test_a_good_file_becomes_drafts_of_the_person_who_imports_it(bank):
    report = load(bank)

    assert [(line["code"], line["status"]) for line in report.lines] == [("One", "kept"), ("Two", "kept")]
    versions = ItemVersion.objects.filter(item__bank=bank).order_by("item__code")
    assert [(v.item.code, v.item.type, v.status, v.written_by, v.number) for v in versions] == [
        ("One", "single_choice", "draft", cleo(), 1),
        ("Two", "numeric", "draft", cleo(), 1),
    ]
    assert content_of(versions[1]).key == {"value": "4", "tolerance": "0.5"}
    assert ImportBatch.objects.get().status == "imported"


def test_the_act_is_recorded_once_without_any_words_of_the_items(bank):
    load(bank)

    entry = AuditEntry.objects.get(act="items.imported")
    assert (entry.actor_id, entry.details["items"], entry.details["bank"]) == (cleo().pk, 2, "bank-a")
    assert "Which" not in json.dumps(entry.details) + entry.summary


def test_one_refused_item_stores_nothing(bank):
    report = load(bank, BROKEN)

    assert report.is_refused
    assert [line["status"] for line in report.lines] == ["kept", "kept", "refused"]
    assert not Item.objects.filter(bank=bank).exists() and not ImportBatch.objects.exists()


def test_the_others_are_imported_when_the_person_says_so(bank):
    report = load(bank, BROKEN, leave_out_refused=True)

    assert report.imported_count == 2
    assert sorted(bank.items.values_list("code", flat=True)) == ["One", "Two"]


def test_a_dry_run_says_the_same_and_stores_nothing(bank):
    dry = load(bank, dry_run=True)

    assert not Item.objects.filter(bank=bank).exists()
    assert dry.lines == load(bank).lines


def test_codes_the_bank_has_are_refused_or_left(bank):
    load(bank)
    again = load(bank)
    assert [line["notes"] for line in again.lines] == [["The bank already has an item with this code."]] * 2

    more = f"{GOOD}\n::Four::Is it?{{=yes ~no}}\n"
    report = load(bank, more, existing=SKIP)
    assert (report.imported_count, bank.items.count()) == (1, 3)


def test_only_item_writers_import_and_reviewers_do_not_export(bank):
    for person in (rita(), administrator()):
        with pytest.raises(NotYourBank):
            load(bank, by=person)
    with pytest.raises(NotYourBank):
        export_items(bank, format="gift", by=rita())
    assert export_items(bank, format="gift", by=administrator()).entries == []


def test_what_one_bank_gives_another_takes(bank):
    for type in ("single_choice", "multiple_response", "numeric", "short_text"):
        make_draft(type, bank)
    written = export_items(bank, format="gift", by=cleo())
    other = BankFactory(code="bank-b")

    report = import_items(other, written.data, format="gift", options=options(), by=cleo())

    assert [line["status"] for line in report.lines] == ["kept"] * 4
    assert [entry.status for entry in written.entries] == ["kept"] * 4
    for item in bank.items.all():
        twin = other.items.get(code=item.code)
        assert content_of(twin.versions.get()) == content_of(item.versions.get()) == content(item.type).cleaned()
        assert (twin.competence, twin.content_area, twin.cognitive_level) == (
            item.competence,
            item.content_area,
            item.cognitive_level,
        )


def test_markup_that_is_not_kept_is_named(bank):
    report = load(
        bank,
        '[html]<p style\\="x">See <a href\\="http\\://x.example/">this</a></p><script>x</script>{\\=T}'.replace(
            "{\\=T}", "{=a ~b}"
        ),
    )

    assert report.lines[0]["notes"] == [
        "Markup not kept: a, href=, script, style=.",
        "Link not kept, its words are: “http://x.example/”.",
    ]
    assert content_of(ItemVersion.objects.get()).wordings["en"].stem == "<p>See this</p>"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty."),
        ("Frage für alle{T}".encode("latin-1"), "Line 1 is not written in UTF-8."),
        (b"One{T}\n\nTwo\x00{T}", "Line 3 holds a character that no text has (U+0000)."),
        (b"PK\x03\x04 not a zip", "The package is damaged"),
        (b"x" * 10_000_001, "The file has 11 MB; at most 10 MB are read."),
        (b"Q{=" + b"a" * 9_900_000 + b" ~b}", "Line 1: a question has too many characters"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(bank, data, reason):
    with pytest.raises(FileRefused) as refusal:
        import_items(bank, data, format="gift", options=options(), by=cleo())
    assert str(refusal.value.text).startswith(reason)


def run(*arguments):
    out = io.StringIO()
    code = 0
    try:
        call_command(*arguments, stdout=out)
    except SystemExit as end:
        code = end.code
    return code, out.getvalue()


def test_the_command_imports_and_says_so(bank, tmp_path):
    cleo()
    file = tmp_path / "good.gift"
    file.write_text(GOOD)

    code, dry = run("import_items", "bank-a", str(file), "--format=gift", "--dry-run", "--json")
    assert (code, json.loads(dry)["imported"], bank.items.count()) == (0, False, 0)
    code, out = run("import_items", "bank-a", str(file), "--format=gift", "--json")
    assert (code, json.loads(out)["counts"]) == (0, {"kept": 2, "changed": 0, "refused": 0, "imported": 2})
    assert ItemVersion.objects.first().written_by == cleo()

    copy = tmp_path / "copy.gift"
    assert run("export_items", "bank-a", "--format=gift", f"--output={copy}")[0] == 0
    assert b"// [id:One]" in copy.read_bytes()


def test_the_command_refuses_with_a_reason_per_item(bank, tmp_path):
    file = tmp_path / "broken.gift"
    file.write_text(BROKEN)

    code, out = run("import_items", "bank-a", str(file), "--format=gift", "--json")

    assert (code, bank.items.count()) == (1, 0)
    assert json.loads(out)["items"][2]["notes"] == ["No option is marked as the right one."]


def test_five_thousand_items_take_at_most_ten_seconds_of_cpu(bank):
    text = "\n\n".join(
        f"::Q{n}::Question {n} about <b>x</b>?{{=right {n} ~wrong {n} ~other {n} ~more {n}}}" for n in range(5000)
    )
    before = process_time()

    report = load(bank, text)

    assert report.imported_count == 5000
    assert process_time() - before < 10
