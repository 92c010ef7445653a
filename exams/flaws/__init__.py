"""Flaws of item writing, by rule (docs/algorithms/item-flaws.md). A new rule is a function in a family's module and a
line in its RULES; a new family is a file and its line here."""

from __future__ import annotations

from collections.abc import Iterable

from exams.flaws import catch_all, clues, lengths, likeness, pictures, stems
from exams.flaws.contract import MINOR, SERIOUS, Finding, Rule, Said, Subject, digest_of

REGISTRY: dict[str, Rule] = {
    rule.id: rule for family in (lengths, catch_all, stems, clues, likeness, pictures) for rule in family.RULES
}


def findings_in(subjects: Iterable[Subject]) -> list[Finding]:
    """Every breach of every rule, in the order of the subjects and of the rules."""
    return [
        Finding(rule.id, subject.language, details)
        for subject in subjects
        for rule in REGISTRY.values()
        for details in rule.find(subject)
    ]


__all__ = ["MINOR", "REGISTRY", "SERIOUS", "Finding", "Rule", "Said", "Subject", "digest_of", "findings_in"]
