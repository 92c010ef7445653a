"""Invariant 11 in the item bank: a rest that is over has been ended (docs/architecture.md)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from common.integrity import Violation, invariant
from exams.clock import server_now
from exams.queries.exposure import rested_enough

# The rules are applied every hour; what waits much longer was forgotten.
RULES_FORGOTTEN_AFTER = timedelta(hours=3)


@invariant(11, "a rest that is over has ended")
def rests_end() -> Iterator[Violation]:
    for version in rested_enough(server_now() - RULES_FORGOTTEN_AFTER).select_related("item"):
        yield Violation(f"item version {version.pk}", "its rest is over, and it still rests")
