"""Invariants 11 and 13, the parts of accounts: no letter is forgotten, the audit chain is whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from accounts.actions.audit import entry_digest
from accounts.models import AuditEntry, AuditHead, Letter
from common.integrity import Violation, invariant


@invariant(13, "audit chain is unbroken")
def broken_links() -> Iterator[Violation]:
    previous, sequence = "0" * 64, 0
    for entry in AuditEntry.objects.order_by("sequence").iterator(chunk_size=2000):
        sequence += 1
        if entry.sequence != sequence:
            yield Violation(f"audit entry {entry.sequence}", f"entry {sequence} is missing before it")
            sequence = entry.sequence
        if entry.previous != previous:
            yield Violation(f"audit entry {entry.sequence}", "does not follow from the entry before it")
        if entry.digest != entry_digest(entry):
            yield Violation(f"audit entry {entry.sequence}", "was changed after it was written")
        previous = entry.digest
    head = AuditHead.objects.filter(id=1).first()
    if head and (head.sequence, head.digest) != (sequence, previous):
        yield Violation("audit head", f"says {head.sequence} entries, the trail ends at {sequence}")


@invariant(11, "no letter is forgotten")
def letters_leave() -> Iterator[Violation]:
    for letter in Letter.objects.filter(next_try_at__lt=timezone.now() - timedelta(hours=2)):
        yield Violation(f"letter {letter.pk}", "it has been due for two hours and nobody tried to send it")
