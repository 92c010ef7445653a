"""Taking a bank's items out as a file. Live items leave the house by this door, so it is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.actions.audit import record
from accounts.models import User
from exams.errors import NotYourBank
from exams.interchange.formats import FORMATS
from exams.interchange.record import Written
from exams.models import ItemBank
from exams.queries.interchange import entries_of
from exams.rules.bank import can_administer_exams, can_write_items


@transaction.atomic
def export_items(
    bank: ItemBank, *, format: str, by: User | None, languages: Sequence[str] = (), at: datetime | None = None
) -> Written:
    """The newest version of every item in one file, and a line per item that says what the format could not carry.

    `by=None` is the system itself, for the command. Raises NotYourBank.
    """
    may = by is None or can_write_items(by) or can_administer_exams(by)
    if not may or (by is not None and not ItemBank.objects.visible_to(by).filter(pk=bank.pk).exists()):
        raise NotYourBank
    entries, pictures = entries_of(bank)
    written = FORMATS[format].write(
        entries, pictures, bank.code, tuple(languages) or tuple(code for code, _n in settings.LANGUAGES)
    )
    items = sum(not entry.refusal for entry in entries)
    record("items.exported", bank, by=by, summary=bank.code, details={"format": format, "items": items}, at=at)
    return written
