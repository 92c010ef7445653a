"""A register of invariant checks. Each package adds its own in `integrity.py`; `check_integrity` runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Violation:
    """One row that breaks an invariant: which row, and what is wrong with it."""

    row: str
    problem: str


@dataclass(frozen=True)
class Check:
    invariant: int
    name: str
    find: Callable[[], Iterable[Violation]]


_checks: list[Check] = []


def invariant(number: int, name: str) -> Callable[[Callable[[], Iterable[Violation]]], Callable[[], Iterable[Violation]]]:
    """Register a function yielding the rows that break invariant `number` of docs/architecture.md."""

    def register(find: Callable[[], Iterable[Violation]]) -> Callable[[], Iterable[Violation]]:
        _checks.append(Check(number, name, find))
        return find

    return register


def run_checks() -> list[dict[str, Any]]:
    """Every check with the rows it found, by invariant."""
    return [
        {"invariant": check.invariant, "check": check.name, "rows": [vars(row) for row in check.find()]}
        for check in sorted(_checks, key=lambda check: (check.invariant, check.name))
    ]
