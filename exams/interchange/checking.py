"""From what a file says to what a bank can hold: cleaned, coded, classified, every loss named, nothing stored yet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from exams.interchange.images import Encoded, NotAPicture, encoded
from exams.interchange.limits import MOST_CHARACTERS
from exams.interchange.options import SKIP, ImportOptions
from exams.interchange.pictures import map_texts, names_in, rename_pictures
from exams.interchange.record import ITEM, STIMULUS, Entry, Reading, canonical, quoted
from exams.interchange.shapes import shape_problem
from exams.interchange.texts import cleaned
from exams.item_types import REGISTRY
from exams.models import ItemBank, Picture, Stimulus
from exams.models.items import CognitiveLevel
from standards.models import Competence, Edition

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,39}")
_TEX = re.compile(r"\\\(|\\\[|\$\$")
MOST_POINTS = 100


@dataclass
class Plan:
    """What would be stored: the entries that are not refused, and the pictures that are new to the bank, by uuid."""

    reading: Reading
    entries: list[Entry] = field(default_factory=list)
    pictures: dict[str, tuple[str, Encoded]] = field(default_factory=dict)
    competences: dict[str, Competence] = field(default_factory=dict)
    editions: dict[str, Edition] = field(default_factory=dict)
    # The language that items are taken to have been written in first, where they have it.
    language: str = "en"
    # What exams.actions.import_quality worked out of each item, by its code, so that storing need not do it again.
    looks: dict[str, Any] = field(default_factory=dict)

    @property
    def refused(self) -> list[Entry]:
        return [entry for entry in self.reading.entries if entry.refusal]


def check(reading: Reading, bank: ItemBank, options: ImportOptions) -> Plan:
    """A few queries, whatever the file's size."""
    plan = Plan(reading, language=options.language)
    plan.competences = {competence.code: competence for competence in Competence.objects.all()}
    plan.editions = {edition.identifier: edition for edition in Edition.objects.all()}
    names = _pictures(plan, bank)
    codes = _Codes(bank, reading.entries, options)
    for entry in reading.entries:
        if entry.refusal:
            continue
        _clean(entry, names)
        codes.give(entry)
        _classify(entry, plan, options)
        _judge(entry)
    _stimuli(reading.entries, bank)
    plan.entries = [entry for entry in reading.entries if not entry.refusal and entry.code not in codes.skipped]
    return plan


def _pictures(plan: Plan, bank: ItemBank) -> dict[str, str]:
    """Digest to uuid of every picture the file brings; one the bank has is not stored twice."""
    used = {name for entry in plan.reading.entries for name in names_in(entry.content)}
    files = {sha: picture for sha, picture in plan.reading.pictures.items() if sha in used}
    known = {picture.sha256: str(picture.uuid) for picture in Picture.objects.filter(bank=bank, sha256__in=files)}
    ours = set(Picture.objects.filter(sha256__in=files).values_list("sha256", flat=True))
    names = dict(known)
    for sha, file in files.items():
        if sha in known:
            continue
        try:
            picture = encoded(file.data, trusted=sha in ours)
        except NotAPicture as reason:
            plan.reading.note(_("Picture not kept: “%(name)s”, %(why)s.") % {"name": quoted(file.name), "why": reason})
            continue
        names[sha] = str(uuid4())
        plan.pictures[names[sha]] = (file.name, picture)
    for sha, file in plan.reading.pictures.items():
        if sha not in used:
            plan.reading.note(_("No item uses the picture “%(name)s”.") % {"name": quoted(file.name)})
    return names


def _clean(entry: Entry, names: dict[str, str]) -> None:
    def through_the_list(text: str) -> str:
        after, lost = cleaned(text)
        for sentence in lost:
            entry.note(sentence)
        return after

    hotspot = entry.content.presentation.get("picture")
    if hotspot and hotspot not in names:
        entry.refuse(_("The picture it asks about is not in the file."))
    before = rename_pictures(entry.content, names)
    entry.content = canonical(map_texts(before, through_the_list))
    if any(_TEX.search(wording.stem) for wording in entry.content.wordings.values()):
        entry.note(_("A formula in TeX is kept as the letters it is written in; formulas here are MathML."))
    lengths = [len(w.stem) + len(w.rationale) for w in entry.content.wordings.values()]
    lengths += [len(text) for choice in entry.content.choices for text in choice.texts.values()]
    if max(lengths, default=0) > MOST_CHARACTERS:
        entry.refuse(_("A text has more than %(most)s characters.") % {"most": f"{MOST_CHARACTERS:,}"})


class _Codes:
    """Every item gets the code its file gives it, or the next free one; the bank's own codes are not taken again."""

    def __init__(self, bank: ItemBank, entries: list[Entry], options: ImportOptions) -> None:
        self.taken = {
            ITEM: set(bank.items.values_list("code", flat=True)),
            STIMULUS: set(Stimulus.objects.filter(bank=bank).values_list("code", flat=True)),
        }
        self.given: set[tuple[str, str]] = set()
        self.options = options
        self.skipped: set[str] = set()
        self.next = 1
        self.prefix = bank.code.upper()[:30]

    def give(self, entry: Entry) -> None:
        wanted = entry.code or (entry.title if _CODE.fullmatch(entry.title) else "")
        if entry.title and entry.title != wanted and not self._repeats(entry):
            entry.note(_("Its name is not kept: “%(name)s”.") % {"name": quoted(entry.title)})
        if not wanted:
            entry.code = self._free(entry)
        elif not _CODE.fullmatch(wanted):
            entry.code = self._free(entry)
            entry.note(_("Its code “%(code)s” is none here; it became %(new)s.") % {"code": quoted(wanted), "new": entry.code})
        elif (entry.kind, wanted) in self.given:
            entry.code = self._free(entry)
            entry.note(_("The file has the code %(code)s twice; here it became %(new)s.") % {"code": wanted, "new": entry.code})
        elif wanted in self.taken[entry.kind]:
            self._exists(entry, wanted)
        else:
            entry.code = wanted
        self.given.add((entry.kind, entry.code))

    def _exists(self, entry: Entry, code: str) -> None:
        entry.code = code
        if self.options.existing == SKIP or entry.kind == STIMULUS:
            self.skipped.add(code)
            entry.note(_("The bank already has this code; what it has stays as it is."))
        else:
            entry.refuse(_("The bank already has an item with this code."))

    def _repeats(self, entry: Entry) -> bool:
        """Moodle names a question after its first words: that name says nothing of its own."""
        name = quoted(entry.title, 1000).rstrip(". …")
        return any(quoted(wording.stem, 1000).startswith(name[:70]) for wording in entry.content.wordings.values())

    def _free(self, entry: Entry) -> str:
        prefix = f"{self.prefix}-CASE" if entry.kind == STIMULUS else self.prefix
        while True:
            code = f"{prefix}-{self.next:04d}"
            self.next += 1
            if code not in self.taken[entry.kind] and (entry.kind, code) not in self.given:
                return code


def _classify(entry: Entry, plan: Plan, options: ImportOptions) -> None:
    """What the file says about where an item belongs, otherwise what the person decided for all."""
    if entry.kind == STIMULUS:
        return
    place = entry.place
    if place.competence and place.competence not in plan.competences:
        entry.note(_("There is no competence “%(code)s”; it got the one chosen for the file.") % {"code": place.competence})
    competence = place.competence if place.competence in plan.competences else options.competence
    if competence not in plan.competences:
        entry.refuse(_("It names no competence, and none was chosen for the file."))
    if place.level and place.level not in CognitiveLevel.values:
        entry.note(_("There is no cognitive level “%(level)s”; it got the one chosen for the file.") % {"level": place.level})
    level = place.level if place.level in CognitiveLevel.values else options.cognitive_level
    if place.edition and place.edition not in plan.editions:
        entry.note(_("There is no edition “%(edition)s” of a standard; it is not kept.") % {"edition": place.edition})
    edition = place.edition if place.edition in plan.editions else ""
    entry.place = replace(place, competence=competence, level=level, edition=edition, area=place.area or options.content_area)


def _judge(entry: Entry) -> None:
    """What no bank holds: an unknown type, a shape that is not that of its type, numbers out of range."""
    content = entry.content
    if entry.kind == ITEM and entry.type not in REGISTRY:
        entry.refuse(_("Items of the type “%(type)s” cannot be kept here.") % {"type": entry.type or "?"})
        return
    if entry.kind == ITEM:
        problem = shape_problem(entry.type, content)
        if problem:
            entry.refuse(problem)
    if not content.wordings or not any(wording.stem for wording in content.wordings.values()):
        entry.refuse(_("It has no words."))
    if not 0 < content.points <= MOST_POINTS:
        entry.refuse(_("An item has 1 to %(most)s points.") % {"most": MOST_POINTS})
    for wording in content.wordings.values():
        if len(wording.reference) > 300 or len(wording.unit) > 30:
            entry.refuse(_("Its reference or unit is too long."))


def _stimuli(entries: list[Entry], bank: ItemBank) -> None:
    wanted = {entry.content.stimulus for entry in entries if entry.content.stimulus}
    brought = {entry.code for entry in entries if entry.kind == STIMULUS and not entry.refusal}
    known = set(Stimulus.objects.filter(bank=bank, code__in=wanted).values_list("code", flat=True)) | brought
    for entry in entries:
        if entry.content.stimulus and entry.content.stimulus not in known:
            entry.refuse(_("Neither the file nor the bank has the stimulus “%(code)s”.") % {"code": entry.content.stimulus})
