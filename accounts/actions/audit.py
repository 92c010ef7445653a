"""The audit trail: one entry per privileged act, in the transaction of the act (invariant 13)."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from accounts.models import AuditEntry, AuditHead, User


def entry_digest(entry: AuditEntry) -> str:
    """SHA-256 over the entry and its predecessor's digest. The actor's name is left out: it may be erased one day."""
    content = [
        entry.sequence,
        entry.at.isoformat(),
        entry.actor_id,
        entry.act,
        entry.thing,
        entry.thing_id,
        entry.summary,
        entry.partner_id,
        entry.details,
        entry.previous,
    ]
    canonical = json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def record(
    act: str,
    thing: models.Model,
    *,
    by: User | None,
    summary: str = "",
    partner: models.Model | None = None,
    details: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> AuditEntry:
    """Add an entry to the chain. `by=None` is the system itself.

    Locks the head of the chain until the transaction ends, so privileged acts queue here for a moment.
    Raises TransactionManagementError outside a transaction: an act and its entry stand or fall together.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("An audit entry belongs into the transaction of its act.")
    AuditHead.objects.get_or_create(id=1)
    head = AuditHead.objects.select_for_update().get(id=1)
    entry = AuditEntry(
        sequence=head.sequence + 1,
        at=at or timezone.now(),
        actor_id=by.pk if by else None,
        actor_name=str(by)[:160] if by else "",
        act=act,
        thing=thing._meta.label_lower,
        thing_id=str(thing.pk),
        summary=summary[:240],
        partner_id=partner.pk if partner else None,
        # As the database will give it back, so that the digest can be recomputed from the stored row.
        details=json.loads(json.dumps(details or {}, cls=DjangoJSONEncoder)),
        previous=head.digest,
    )
    entry.digest = entry_digest(entry)
    entry.save(force_insert=True)
    head.sequence, head.digest = entry.sequence, entry.digest
    head.save(update_fields=["sequence", "digest"])
    return entry
