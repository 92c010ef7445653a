"""What several guards ask."""

from __future__ import annotations

from collections.abc import Iterable

from exams.models import states


def listed(names: Iterable[str]) -> str:
    """Names as SQL lists them."""
    return "(" + ", ".join(f"'{name}'" for name in names) + ")"


CLOSED = "('submitted', 'timed_out')"
FROZEN = listed(states.FROZEN)


def changed(*columns: str) -> str:
    """True when one of the columns changes; {differs} is each vendor's null-safe comparison."""
    return "(" + " OR ".join(f"NEW.{column} {{differs}} OLD.{column}" for column in columns) + ")"


def in_rehearsal(registration: object) -> str:
    return (
        "EXISTS (SELECT 1 FROM exams_registration r JOIN exams_sitting s ON s.id = r.sitting_id "
        f"WHERE r.id = {registration} AND s.is_rehearsal)"
    )


def attempt_in_rehearsal(attempt: object) -> str:
    return (
        "EXISTS (SELECT 1 FROM exams_attempt a JOIN exams_registration r ON r.id = a.registration_id "
        f"JOIN exams_sitting s ON s.id = r.sitting_id WHERE a.id = {attempt} AND s.is_rehearsal)"
    )
