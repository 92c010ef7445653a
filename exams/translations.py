"""What a version says in one language, part by part, and the digest by which a translation knows its source."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.utils.translation import gettext as _

from exams.content import VersionContent, Wording
from exams.wording import has_content

Words = dict[str, str]


def words_in(content: VersionContent, language: str, *, case: str = "") -> Words:
    """Everything worded in a language, by the part it belongs to; parts without words are left out.

    Numbers and keys are no words: they are the same in every language."""
    wording = content.wordings.get(language) or Wording()
    words: Words = {"stem": wording.stem, "rationale": wording.rationale, "reference": wording.reference, "unit": wording.unit}
    for number, choice in enumerate(content.choices, 1):
        words[f"option {number}"] = choice.texts.get(language, "")
    words["alt"] = str((content.presentation.get("alt") or {}).get(language) or "")
    words["accepted"] = _accepted(content.key, language)
    for name, gap in (content.key.get("gaps") or {}).items():
        words[f"gap {name}"] = _accepted(gap, language)
    words |= _rubric(content.key.get("rubric"), language)
    words["case"] = case
    return {part: text for part, text in words.items() if text.strip()}


def _accepted(key: Any, language: str) -> str:
    accepted = key.get("accepted") if isinstance(key, dict) else None
    texts = accepted.get(language) if isinstance(accepted, dict) else None
    return "\n".join(map(str, texts)) if isinstance(texts, list) else ""


def _rubric(rubric: Any, language: str) -> Words:
    suffix = "_zh" if language.startswith("zh") else ""
    criteria = [each for each in rubric if isinstance(each, dict)] if isinstance(rubric, list) else []
    words = {}
    for number, criterion in enumerate(criteria, 1):
        bands = [str(band.get(f"text{suffix}") or "") for band in criterion.get("bands") or () if isinstance(band, dict)]
        words[f"criterion {number}"] = "\n".join([str(criterion.get(f"title{suffix}") or ""), *bands])
    return words


def digest_of(words: Words) -> str:
    """SHA-256 of the words. Options count as a set: another order of rows asks for no other translation."""
    options = sorted(text for part, text in words.items() if part.startswith("option "))
    rest = {part: text for part, text in words.items() if not part.startswith("option ")}
    said = json.dumps([rest, options], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def is_absent(content: VersionContent, language: str, type: str) -> bool:
    """Nobody has begun to say it in this language. What words itself, and accepted answers (which may be given in
    several languages for a question asked in one), are no beginning."""
    wording = content.wordings.get(language) or Wording()
    texts = [wording.stem, wording.rationale, str((content.presentation.get("alt") or {}).get(language) or "")]
    if type != "true_false":
        texts += [choice.texts.get(language, "") for choice in content.choices]
    return not any(has_content(text) for text in texts if text)


def part_name(part: str) -> str:
    """What a part is called on a page."""
    kind, _space, number = part.partition(" ")
    named = {"number": number}
    names = {
        "stem": _("Question"),
        "rationale": _("Rationale"),
        "reference": _("Reference"),
        "unit": _("Unit"),
        "alt": _("What the picture shows"),
        "accepted": _("Accepted answers"),
        "case": _("Case"),
        "option": _("Option %(number)s") % named,
        "gap": _("Gap %(number)s") % named,
        "criterion": _("Criterion %(number)s") % named,
    }
    return names[kind]
