"""Loading starter content: idempotent, and it never undoes an editor's work.

Each loaded row leaves a StarterRecord with the digest of what was given. A later load compares three things: what the
files say now, what they said last time, and what the row says today.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from standards.models import StarterRecord

Row = TypeVar("Row", bound=models.Model)
Values = Mapping[str, Any]


def digest_of(values: Values) -> str:
    canonical = json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass
class LoadReport:
    """What a load did: counts, and the rows left alone because somebody edited or deleted them since."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)

    def add(self, other: LoadReport) -> LoadReport:
        self.created += other.created
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.kept += other.kept
        return self

    def __str__(self) -> str:
        counts = f"{self.created} created, {self.updated} updated, {self.unchanged} unchanged"
        return f"{counts}, {len(self.kept)} kept as edited: {', '.join(self.kept)}" if self.kept else counts


@dataclass
class Loader(Generic[Row]):
    """Loads rows of one kind. `read` gives a row's present values in the shape of the files, `write` makes or
    changes the row."""

    kind: str
    rows: dict[str, Row]
    read: Callable[[Row], Values]
    write: Callable[[Row | None, Values], Row]
    report: LoadReport

    def __post_init__(self) -> None:
        self._records = {record.key: record for record in StarterRecord.objects.filter(kind=self.kind)}

    def load(self, key: str, wanted: Values) -> Row | None:
        """Bring one row to what the files say, unless an editor has had a hand in it."""
        row, record, digest = self.rows.get(key), self._records.get(key), digest_of(wanted)
        if record and record.digest == digest:
            self.report.unchanged += 1
            return row
        if row is None and record is None:
            self.report.created += 1
        elif row is None or not self._untouched(row, record, digest):
            self.report.kept.append(f"{self.kind} {key}")
            return row
        else:
            self.report.updated += 1
        self.rows[key] = row = self.write(row, wanted)
        self._remember(key, digest)
        return row

    def _untouched(self, row: Row, record: StarterRecord | None, wanted: str) -> bool:
        present = digest_of(self.read(row))
        return present == wanted or (record is not None and present == record.digest)

    def _remember(self, key: str, digest: str) -> None:
        self._records[key], _ = StarterRecord.objects.update_or_create(kind=self.kind, key=key, defaults={"digest": digest})
