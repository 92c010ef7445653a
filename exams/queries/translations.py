"""How the languages of a version stand to the one it was written in first."""

from __future__ import annotations

from dataclasses import dataclass

from exams.content import content_of, offered_languages
from exams.models import ItemVersion, Translation
from exams.queries.bank import Difference, pieces
from exams.queries.sources import source_words, stale_languages
from exams.translations import Words, is_absent, part_name

SOURCE, FRESH, STALE, ABSENT = "source", "fresh", "stale", "absent"


@dataclass(frozen=True)
class LanguageState:
    """One language of a version: what it is, and for a stale one what its source said then and says now."""

    code: str
    state: str
    translation: Translation | None = None
    changes: tuple[Difference, ...] = ()


def language_states(version: ItemVersion) -> list[LanguageState]:
    """Every offered language, the source first."""
    content, stale, now = content_of(version), stale_languages(version), source_words(version)
    marks = {translation.language: translation for translation in version.translations.all()}
    states = [LanguageState(version.source_language, SOURCE)]
    for code in offered_languages():
        if code == version.source_language:
            continue
        if is_absent(content, code, version.item.type):
            states.append(LanguageState(code, ABSENT))
        elif code in stale:
            states.append(LanguageState(code, STALE, marks[code], tuple(changes(marks[code].source_words, now))))
        else:
            states.append(LanguageState(code, FRESH, marks.get(code)))
    return states


def changes(before: Words, now: Words) -> list[Difference]:
    """What the source says differently, part by part."""
    return [
        Difference(part_name(part), tuple(pieces(before.get(part, ""), now.get(part, ""))))
        for part in dict.fromkeys([*before, *now])
        if before.get(part, "") != now.get(part, "")
    ]
