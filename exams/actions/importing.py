"""Bringing a file of items into a bank: all of it or nothing, as drafts, with one audit entry.

The actions for one item in `bank` ask and record for each; five thousand of them would take minutes. This one asks
once, stores in bulk, and says in the report what became of each item.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts.actions.audit import record
from accounts.models import User
from exams.actions.import_quality import add_warnings, stamp_source, store_quality
from exams.errors import NotYourBank
from exams.interchange.checking import Plan, check
from exams.interchange.formats import read_file
from exams.interchange.options import ImportOptions
from exams.interchange.record import CHANGED, ITEM, KEPT, REFUSED, STIMULUS, Entry
from exams.models import (
    ImportBatch,
    Item,
    ItemBank,
    ItemVersion,
    ItemWording,
    Option,
    OptionWording,
    Picture,
    Stimulus,
    StimulusWording,
)
from exams.rules.bank import can_write_items
from exams.rules.reviewing import proposed_review

AT_ONCE = 500  # rows in one statement
Progress = Callable[[int, int], None]


@dataclass
class ImportReport:
    """A line per item, what concerns the file, and whether anything was stored."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    imported: bool = False
    imported_count: int = 0
    dry_run: bool = False

    def count(self, status: str) -> int:
        return sum(line["status"] == status for line in self.lines)

    @property
    def is_refused(self) -> bool:
        return not self.imported and (self.count(REFUSED) > 0 or not self.lines)

    def as_json(self) -> dict[str, Any]:
        counts = {status: self.count(status) for status in (KEPT, CHANGED, REFUSED)}
        return {
            "imported": self.imported,
            "dry_run": self.dry_run,
            "counts": {**counts, "imported": self.imported_count},
            "notes": self.notes,
            "items": self.lines,
        }


def import_items(
    bank: ItemBank,
    data: bytes,
    *,
    format: str,
    options: ImportOptions,
    by: User | None,
    written_by: User | None = None,
    file_name: str = "",
    dry_run: bool = False,
    progress: Progress | None = None,
    at: datetime | None = None,
) -> ImportReport:
    """Read, check and store a file of items as drafts; with `dry_run`, or when an item is refused, store nothing.

    `by=None` is the system itself, for the command; `written_by` then says whose drafts they are. Raises NotYourBank,
    FileRefused.
    """
    plan = plan_import(bank, data, format=format, options=options, by=by)
    report = report_of(plan, dry_run=dry_run)
    if dry_run or not plan.entries or (plan.refused and not options.leave_out_refused):
        return report
    with transaction.atomic():
        now = at or timezone.now()
        store_plan(bank, plan, written_by=by or written_by, progress=progress)
        report.imported, report.imported_count = True, len(plan.entries)
        batch = ImportBatch(bank=bank, format=format, file_name=file_name[:200], uploaded_by=by, options=options.as_values())
        batch.file_sha256 = hashlib.sha256(data).hexdigest()
        finish(batch, report, by=by, at=now)
    return report


def plan_import(bank: ItemBank, data: bytes, *, format: str, options: ImportOptions, by: User | None) -> Plan:
    """Everything but storing. Raises NotYourBank, FileRefused."""
    if by is not None and (not can_write_items(by) or not ItemBank.objects.visible_to(by).filter(pk=bank.pk).exists()):
        raise NotYourBank
    plan = check(read_file(format, data, options.language), bank, options)
    add_warnings(plan, bank)
    return plan


def report_of(plan: Plan, *, dry_run: bool = False) -> ImportReport:
    return ImportReport([entry.line() for entry in plan.reading.entries], list(plan.reading.notes), dry_run=dry_run)


def finish(batch: ImportBatch, report: ImportReport, *, by: User | None, at: datetime) -> None:
    """The row that says what was imported, and the audit entry: counts, no words of any item."""
    batch.status, batch.imported_at = ImportBatch.Status.IMPORTED, at
    write_report(batch, report)
    batch.imported_count = report.imported_count
    batch.save()
    details = {"bank": batch.bank.code, "format": batch.format, "sha256": batch.file_sha256, "items": batch.imported_count}
    record("items.imported", batch, by=by, summary=batch.bank.code, details=details, at=at)


def write_report(batch: ImportBatch, report: ImportReport) -> None:
    batch.report, batch.notes = report.lines, report.notes
    batch.kept_count, batch.changed_count = report.count(KEPT), report.count(CHANGED)
    batch.refused_count = report.count(REFUSED)


def store_plan(bank: ItemBank, plan: Plan, *, written_by: User | None, progress: Progress | None = None) -> None:
    """Inside a transaction: pictures, stimuli, items. Files of pictures stay behind when it fails; nothing names them."""
    for uuid, (name, picture) in plan.pictures.items():
        row = Picture(uuid=uuid, bank=bank, name=name[:120], media_type=picture.media_type, added_by=written_by)
        row.width, row.height, row.sha256 = picture.width, picture.height, hashlib.sha256(picture.data).hexdigest()
        twin = Picture.objects.filter(bank=bank, sha256=row.sha256).first()
        if twin:
            _use_twin(plan, uuid, str(twin.uuid))
            continue
        suffix = "jpg" if picture.media_type == "image/jpeg" else "png"
        row.file.save(f"{uuid}.{suffix}", ContentFile(picture.data), save=False)
        row.save()
    stimuli = [entry for entry in plan.entries if entry.kind == STIMULUS]
    rows = Stimulus.objects.bulk_create(Stimulus(bank=bank, code=entry.code) for entry in stimuli)
    StimulusWording.objects.bulk_create(
        StimulusWording(stimulus=row, language=language, text=wording.stem)
        for row, entry in zip(rows, stimuli, strict=True)
        for language, wording in entry.content.wordings.items()
    )
    items = [entry for entry in plan.entries if entry.kind == ITEM]
    codes = dict(Stimulus.objects.filter(bank=bank).values_list("code", "pk"))
    for start in range(0, len(items), AT_ONCE):
        _store_items(bank, items[start : start + AT_ONCE], plan, codes, written_by)
        if progress:
            progress(min(start + AT_ONCE, len(items)), len(items))


def _use_twin(plan: Plan, uuid: str, twin: str) -> None:
    """Two files that are the same picture once they are ours."""
    from exams.interchange.pictures import rename_pictures

    for entry in plan.entries:
        entry.content = rename_pictures(entry.content, {uuid: twin})


def _store_items(bank: ItemBank, entries: list[Entry], plan: Plan, stimuli: dict[str, int], written_by: User | None) -> None:
    review_by = proposed_review()
    items = Item.objects.bulk_create(
        Item(
            bank=bank,
            code=entry.code,
            type=entry.type,
            competence=plan.competences[entry.place.competence],
            edition=plan.editions.get(entry.place.edition),
            review_by=review_by,
            content_area=entry.place.area or 1,
            cognitive_level=entry.place.level,
        )
        for entry in entries
    )
    versions = ItemVersion.objects.bulk_create(
        stamp_source(_version(item, entry, stimuli, written_by), entry, plan)
        for item, entry in zip(items, entries, strict=True)
    )
    ItemWording.objects.bulk_create(
        ItemWording(
            version=version,
            language=language,
            stem=wording.stem,
            rationale=wording.rationale,
            reference=wording.reference,
            unit=wording.unit,
        )
        for version, entry in zip(versions, entries, strict=True)
        for language, wording in entry.content.wordings.items()
    )
    choices = [
        (version, position, choice)
        for version, entry in zip(versions, entries, strict=True)
        for position, choice in enumerate(entry.content.choices, 1)
    ]
    options = Option.objects.bulk_create(
        Option(version=version, position=position, is_key=choice.is_key, group=choice.group, pair=choice.pair)
        for version, position, choice in choices
    )
    OptionWording.objects.bulk_create(
        OptionWording(option=option, language=language, text=text)
        for option, (_version_, _position, choice) in zip(options, choices, strict=True)
        for language, text in choice.texts.items()
    )
    store_quality(list(zip(versions, entries, strict=True)), plan, written_by)


def _version(item: Item, entry: Entry, stimuli: dict[str, int], written_by: User | None) -> ItemVersion:
    content = entry.content
    return ItemVersion(
        item=item,
        written_by=written_by,
        scoring_rule=content.scoring_rule,
        points=content.points,
        minutes=content.minutes,
        key=content.key,
        presentation=content.presentation,
        keep_option_order=content.keep_option_order,
        stimulus_id=stimuli.get(content.stimulus),
    )
