"""Steps that are done once, and the calendar all of them count from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from standards.models import StarterRecord

KIND = "demo"


def once(key: str, do: Callable[[], object], *, version: str = "1") -> bool:
    """Do a step unless it was done before, in the same version. True when it was done now.

    The mark and what the step makes are one transaction: killed half-way, nothing of it is there. What visitors change
    afterwards stays changed, because a step that has its mark is never looked at again.
    """
    digest = hashlib.sha256(version.encode()).hexdigest()
    if StarterRecord.objects.filter(kind=KIND, key=key, digest=digest).exists():
        return False
    with transaction.atomic():
        # The mark first: of two seeds at once, the second waits here for the first and then finds its work done.
        mark, _ = StarterRecord.objects.get_or_create(kind=KIND, key=key, defaults={"digest": ""})
        if mark.digest == digest:
            return False
        do()
        mark.digest = digest
        mark.save()
    return True


def is_done(key: str) -> bool:
    return StarterRecord.objects.filter(kind=KIND, key=key).exists()


def digest_of_files(*folders: Path) -> str:
    """Changes with any file below the folders: loaders run again when the content they load has changed."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
            digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Calendar:
    """Every moment of the demonstration, counted in days from the day it was first seeded."""

    begun_at: datetime

    @classmethod
    def read(cls) -> Calendar:
        """The day is written down once, so that a seed resumed tomorrow tells the same story."""
        once("begun", lambda: None)
        return cls(StarterRecord.objects.get(kind=KIND, key="begun").loaded_at)

    def day(self, offset: int) -> date:
        return self.begun_at.date() + timedelta(days=offset)

    def at(self, offset: int, hour: int = 2, minute: int = 0) -> datetime:
        """A moment of that day, in UTC: two o'clock is ten in the morning in Shanghai."""
        return datetime.combine(self.day(offset), time(hour, minute), UTC)

    def past(self, moment: datetime) -> datetime:
        """The moment, or the present when it has not come yet: nothing that was done is dated tomorrow."""
        return min(moment, timezone.now())
