"""The quality side of an import: warnings in its report, and marks and index rows with what it stores, in bulk."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from exams.actions.indexing import Found, complete_in, found_in, store
from exams.actions.translations import stamp_imported
from exams.content import offered_languages
from exams.flaws import Finding, findings_in
from exams.flaws.reading import subjects_of
from exams.interchange.checking import Plan
from exams.interchange.record import ITEM, Entry
from exams.models import ItemBank, ItemVersion, SimilarityBand, StimulusWording, Translation
from exams.queries.flaws import sentence_of
from exams.queries.similar import compared, look_up
from exams.similarity import MOST_SHOWN, THRESHOLD, bands_of, likeness, shingles, texts_of
from exams.translations import digest_of, is_absent, words_in

MOST_OF_A_BAND = 20  # entries of a file kept for one band
MOST_CHECKED = 2_000  # look-ups in the bank for one file; the rest is compared when somebody opens it


@dataclass(frozen=True)
class Look:
    """What the words of an entry came to."""

    texts: dict[str, str]
    flaws: tuple[Finding, ...]
    bands: tuple[int, ...]


def add_warnings(plan: Plan, bank: ItemBank) -> None:
    """Flaws and near-duplicates of every item that would be stored, in its line of the report. Nothing is refused."""
    items = [entry for entry in plan.entries if entry.kind == ITEM]
    for entry in items:
        texts = texts_of(entry.content, entry.type)
        flaws = tuple(findings_in(subjects_of(entry.content, entry.type)))
        plan.looks[entry.code] = Look(texts, flaws, bands_of(texts.values(), bank.pk))
        entry.warnings = [sentence_of(finding) for finding in flaws]
    _compare_in_file(items, plan.looks)
    _compare_with_bank(items, plan, bank)


def _compare_in_file(items: list[Entry], looks: dict[str, Look]) -> None:
    """Each entry with the earlier ones that share most bands with it."""
    by_band: dict[int, list[int]] = defaultdict(list)
    for number, entry in enumerate(items):
        look = looks[entry.code]
        shared = Counter(other for value in look.bands for other in by_band[value])
        for other, _count in shared.most_common(MOST_SHOWN):
            twin = items[other]
            alike = _likeness(look, looks[twin.code])
            if alike >= THRESHOLD:
                words = {"code": twin.code, "at": twin.at, "percent": int(alike * 100)}
                entry.warnings.append(_("Reads much like %(code)s of this file, %(at)s: %(percent)s %% the same.") % words)
        for value in look.bands:
            if len(by_band[value]) < MOST_OF_A_BAND:
                by_band[value].append(number)


def _likeness(one: Look, other: Look) -> float:
    pairs = ((text, other.texts.get(language, "")) for language, text in one.texts.items())
    return max((likeness(shingles(text), shingles(theirs)) for text, theirs in pairs), default=0.0)


def _compare_with_bank(items: list[Entry], plan: Plan, bank: ItemBank) -> None:
    if not items or not SimilarityBand.objects.filter(item__bank=bank).exists():
        return
    if len(items) > MOST_CHECKED:
        most = {"most": f"{MOST_CHECKED:,}"}
        plan.reading.note(_("Only the first %(most)s items were compared with the bank; the others are when opened.") % most)
    for entry in items[:MOST_CHECKED]:
        look = plan.looks[entry.code]
        for similar in compared(look.texts, look_up(look.bands), bank.pk):
            words = {"code": similar.version.item.code, "percent": similar.percent}
            entry.warnings.append(_("Reads much like %(code)s of the bank: %(percent)s %% the same.") % words)


def stamp_source(version: ItemVersion, entry: Entry, plan: Plan) -> ItemVersion:
    """A version about to be stored, with the language it was written in first and the digest of what it says there."""
    spoken = [code for code in offered_languages() if not is_absent(entry.content, code, entry.type)]
    source = plan.language if plan.language in spoken or not spoken else spoken[0]
    case = _case(version, plan).get(source, "")
    version.source_language = source
    version.source_digest = digest_of(words_in(entry.content, source, case=case))
    return version


def _case(version: ItemVersion, plan: Plan) -> dict[str, str]:
    """What the stimulus of a version says, by language; each one is asked for once."""
    if not version.stimulus_id:
        return {}
    known = f"case {version.stimulus_id}"
    if known not in plan.looks:
        said = StimulusWording.objects.filter(stimulus=version.stimulus_id)
        plan.looks[known] = dict(said.values_list("language", "text"))
    return dict(plan.looks[known])


def store_quality(stored: list[tuple[ItemVersion, Entry]], plan: Plan, written_by: User | None) -> None:
    """Once the rows are there: the languages of one file are fresh, and lists find the items."""
    contents = [(version, entry.content) for version, entry in stored]
    Translation.objects.bulk_create(stamp_imported(contents, by=written_by, at=timezone.now()))
    store([_found(version, entry, plan) for version, entry in stored], are_new=True)


def _found(version: ItemVersion, entry: Entry, plan: Plan) -> Found:
    look: Look = plan.looks[entry.code]
    languages = complete_in(entry.content, entry.type, _case(version, plan) if version.stimulus_id else None)
    return found_in(version, entry.content, languages=languages, texts=look.texts, flaws=look.flaws, bands=look.bands)
