"""What a version's page says of its quality: languages, flaws, and items that read like it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from exams.models import ItemVersion
from exams.queries.flaws import FlawLine, flaws_of
from exams.queries.readiness import language_name
from exams.queries.similar import Similar, similar_items
from exams.queries.translations import LanguageState, language_states
from exams.rules.bank import can_edit_version, can_write_items


@dataclass(frozen=True)
class Quality:
    version: ItemVersion
    languages: list[tuple[str, LanguageState]]
    flaws: list[FlawLine]
    similar: list[tuple[Similar, bool]]
    can_edit: bool
    can_write: bool

    @property
    def open_flaws(self) -> list[FlawLine]:
        return [flaw for flaw in self.flaws if flaw.waiver is None]

    @property
    def waived(self) -> list[FlawLine]:
        """Once a rule, whatever it was found in."""
        return _first_of_each(flaw for flaw in self.flaws if flaw.waiver is not None)

    @property
    def open_rules(self) -> list[FlawLine]:
        """The first finding of each rule that is open: a waiver is about a rule."""
        return _first_of_each(self.open_flaws)


def _first_of_each(flaws: Iterable[FlawLine]) -> list[FlawLine]:
    seen: dict[str, FlawLine] = {}
    for flaw in flaws:
        seen.setdefault(flaw.rule, flaw)
    return list(seen.values())


def quality_of(version: ItemVersion, user: User) -> Quality:
    enemies = set(version.item.enemies.values_list("pk", flat=True))
    return Quality(
        version,
        [(language_name(state.code), state) for state in language_states(version)],
        flaws_of(version),
        [(similar, similar.version.item_id in enemies) for similar in similar_items(version)],
        can_edit_version(user, version),
        can_write_items(user),
    )
