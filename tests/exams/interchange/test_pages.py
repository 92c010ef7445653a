"""Import and export by page: upload, look, confirm; who may, and what happens when the message is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry, Role
from exams.actions.import_batches import BYTES_AT_ONCE, MOST_TRIES, confirm_batch, upload_batch, work_on_batch
from exams.errors import BatchMoved
from exams.interchange.options import ImportOptions
from exams.models import ImportBatch, Item, ItemBank, ItemVersion
from exams.queries.interchange import waiting_batches
from partners.models import Partner
from standards.models import Competence
from tests.exams.back_office import signed_in
from tests.factories.bank import cleo, make_draft
from tests.factories.exams import BankFactory, CompetenceFactory
from tests.factories.partners import make_partner

pytestmark = pytest.mark.django_db(transaction=True)

GOOD = "::One::Which?{=this ~that#why not}\n\n::Two::How many?{#4:0.5}\n"


@pytest.fixture
def bank() -> ItemBank:
    CompetenceFactory(code="C01")
    return BankFactory(code="bank-a")


def form(bank, text=GOOD, **changes):
    return {
        "bank": bank.pk,
        "format": "gift",
        "file": SimpleUploadedFile("bank.gift", text.encode()),
        "language": "en",
        "competence": Competence.objects.get(code="C01").pk,
        "content_area": 2,
        "cognitive_level": "apply",
        "existing": "refuse",
        **changes,
    }


def upload(bank, text=GOOD):
    return upload_batch(
        bank, text.encode(), format="gift", file_name="bank.gift", options=ImportOptions(competence="C01"), by=cleo()
    )


def test_a_file_is_looked_at_and_then_imported(bank):
    client = signed_in(cleo())

    answer = client.post(reverse("item_imports:add"), form(bank))
    batch = ImportBatch.objects.get()
    assert answer.url == reverse("item_imports:detail", args=[batch.uuid])
    assert (batch.status, batch.kept_count, batch.changed_count, Item.objects.count()) == ("checked", 1, 1, 0)
    page = client.get(answer.url).content.decode()
    assert "Feedback on an answer is not kept: “why not”." in page

    client.post(reverse("item_imports:confirm", args=[batch.uuid]))
    batch.refresh_from_db()
    assert (batch.status, batch.imported_count, batch.file.name) == ("imported", 2, "")
    assert sorted(bank.items.values_list("code", "content_area")) == [("One", 2), ("Two", 2)]
    assert set(ItemVersion.objects.values_list("status", "written_by")) == {("draft", cleo().pk)}
    assert [entry.act for entry in AuditEntry.objects.filter(act__startswith="items.").order_by("sequence")] == [
        "items.uploaded",
        "items.imported",
    ]


def test_refused_items_are_left_out_only_when_the_person_says_so(bank):
    batch = upload(bank, f"{GOOD}\nThree?{{~a ~b}}\n")
    assert (batch.status, batch.refused_count) == ("checked", 1)

    with pytest.raises(BatchMoved):
        confirm_batch(batch, by=cleo())
    assert confirm_batch(batch, by=cleo(), leave_out_refused=True).imported_count == 2


def test_the_report_is_narrowed_and_paged(bank):
    batch = upload(bank, "\n\n".join(f"::Q{n}::Question {n}{{=a ~b}}" for n in range(60)) + "\n\nOdd {~a ~b}")
    client = signed_in(cleo())
    address = reverse("item_imports:detail", args=[batch.uuid])

    assert len(client.get(address).context["page_obj"].object_list) == 25
    assert [line["at"] for line in client.get(address, {"status": "refused"}).context["page_obj"]] == ["line 121"]
    assert [line["code"] for line in client.get(address, {"q": "question 59"}).context["page_obj"]] == ["Q59"]


def test_a_file_that_cannot_be_read_says_so(bank):
    batch = upload(bank, "\x00")

    assert batch.status == "refused"
    assert batch.failure.startswith("Line 1 holds a character that no text has")
    assert "Nothing was imported." in signed_in(cleo()).get(reverse("item_imports:detail", args=[batch.uuid])).content.decode()


def test_a_large_file_waits_for_a_worker_and_the_sweep_finds_it(bank, monkeypatch):
    rung = []
    monkeypatch.setattr("exams.actions.import_batches.ring", lambda task, *args: rung.append(args))
    batch = upload(bank, GOOD + "\n// " + "x" * BYTES_AT_ONCE)

    assert (batch.status, rung, waiting_batches()) == ("checking", [(batch.pk,)], [batch.pk])
    page = signed_in(cleo()).get(reverse("item_imports:detail", args=[batch.uuid]))
    assert page["Refresh"] == "3"
    work_on_batch(batch.pk)
    work_on_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.tries, waiting_batches()) == ("checked", 1, [])


def test_work_that_a_dead_worker_left_is_done_again_a_few_times(bank, monkeypatch):
    monkeypatch.setattr("exams.actions.import_batches.ring", lambda task, *args: None)
    batch = upload(bank, GOOD + "\n// " + "x" * BYTES_AT_ONCE)
    claimed = {"claimed_until": timezone.now() + timedelta(minutes=5)}
    ImportBatch.objects.filter(pk=batch.pk).update(**claimed)
    assert waiting_batches() == []
    assert waiting_batches(timezone.now() + timedelta(minutes=6)) == [batch.pk]

    def fail(*args, **kwargs):
        raise MemoryError

    monkeypatch.setattr("exams.actions.import_batches.plan_import", fail)
    ImportBatch.objects.filter(pk=batch.pk).update(claimed_until=None)
    for _again in range(MOST_TRIES - 1):
        with pytest.raises(MemoryError):
            work_on_batch(batch.pk)
    work_on_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.failure) == ("refused", "The file could not be worked on. Nothing of it was stored.")


def test_a_failure_while_storing_leaves_nothing(bank, monkeypatch):
    batch = upload(bank)
    monkeypatch.setattr("exams.actions.import_batches.finish", lambda *a, **k: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        confirm_batch(batch, by=cleo())

    batch.refresh_from_db()
    assert (Item.objects.count(), batch.status, batch.claimed_until) == (0, "importing", None)


def test_another_tenants_bank_is_like_a_missing_one(bank):
    partner = make_partner()
    other = ItemBank.objects.create(code="theirs", name="Theirs", partner=Partner.objects.get(pk=partner.pk))
    batch = ImportBatch.objects.create(bank=other, format="gift", file_name="theirs.gift", status="checked")
    client = signed_in(cleo())

    assert client.get(reverse("item_imports:detail", args=[batch.uuid])).status_code == 404
    assert client.post(reverse("item_imports:confirm", args=[batch.uuid])).status_code == 404
    assert "theirs" not in client.get(reverse("item_imports:index")).content.decode()
    assert client.post(reverse("item_imports:add"), form(other)).context["form"].errors["bank"]
    assert (
        client.post(reverse("item_imports:export"), {"bank": other.pk, "format": "gift", "languages": ["en"]})
        .context["form"]
        .errors
    )


def test_an_export_is_looked_at_and_downloaded(bank):
    make_draft("single_choice", bank)
    client = signed_in(cleo())
    chosen = {"bank": bank.pk, "format": "aiken", "languages": ["en", "zh-hans"]}

    page = client.post(reverse("item_imports:export"), chosen)
    assert [line["status"] for line in page.context["lines"]] == ["changed"]
    file = client.post(reverse("item_imports:export"), {**chosen, "format": "csv", "download": "yes"})
    assert file["Content-Disposition"] == 'attachment; filename="bank-a.csv"'
    assert file.content.decode("utf-8-sig").startswith("code,type,")
    assert AuditEntry.objects.filter(act="items.exported").count() == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_imports_costs_the_same_for_many(bank, rows, django_assert_max_num_queries):
    for _row in range(rows):
        upload(bank)
    client = signed_in(cleo())
    client.get(reverse("item_imports:index"))
    with django_assert_max_num_queries(20):
        client.get(reverse("item_imports:index"))


def test_reviewers_do_not_find_the_pages(bank):
    from tests.factories.bank import person

    client = signed_in(person(Role.ITEM_REVIEWER, "Rita"))
    for name in ("index", "add", "export"):
        assert client.get(reverse(f"item_imports:{name}")).status_code == 404
