"""Invariant 13, the part of accounts: the audit chain is whole."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.actions.audit import entry_digest
from accounts.models import AuditEntry, AuditHead
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
