"""Loading the starter blueprints and items: through the same actions as people, idempotent, and never undoing
what somebody has edited since (standards.actions.starter)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from accounts.models import User
from exams.actions.bank import classify_item, create_bank, create_item, save_content, set_enemies, write_version
from exams.actions.papers import Area, BlueprintPlan, create_exam, define_blueprint
from exams.actions.pictures import add_picture
from exams.actions.reviews import approve_subject, approve_version, submit_for_review
from exams.actions.stimuli import create_stimulus
from exams.content import content_of
from exams.models import Blueprint, Exam, Item, ItemBank
from exams.rules.reviewing import proposed_review
from exams.starter_entries import content_described, content_from, texts_from
from standards.actions.starter import Loader, LoadReport, Values
from standards.models import Competence, Edition, Level, Track

FOLDER = settings.BASE_DIR / "exams" / "starter"


@transaction.atomic
def load_item_bank(*, written_by: User, approved_by: User, by: User, folder: Path = FOLDER) -> LoadReport:
    """All sixteen blueprints with their exam and bank, and the items of every folder named after a blueprint.

    `written_by` needs the role of an item writer, `approved_by` that of a reviewer (another person: the database
    insists), `by` that of an administrator. All or nothing; a second time changes nothing.
    """
    report = LoadReport()
    blueprints = _load_blueprints(folder, by, report)
    for code, blueprint in blueprints.items():
        if (folder / code).is_dir():
            load = _ItemLoad(blueprint.bank, written_by, approved_by)
            load.stimuli(folder / code)
            load.add_pictures(folder / code)
            load.items(folder / code, report)
    return report


def _load_blueprints(folder: Path, by: User, report: LoadReport) -> dict[str, Blueprint]:
    entries = yaml.safe_load((folder / "blueprints.yaml").read_text(encoding="utf-8"))["blueprints"]
    tracks = {track.code: track for track in Track.objects.all()}
    levels = {level.code: level for level in Level.objects.all()}
    banks = {bank.code: bank for bank in ItemBank.objects.all()}

    def write(row: Blueprint | None, values: Values) -> Blueprint:
        bank_code = values["credential"].lower()
        bank = banks.get(bank_code) or create_bank(bank_code, name=values["credential"], by=by)
        return define_blueprint(values["code"], bank=bank, plan=_plan(values), areas=_areas(values), by=by)

    rows = {row.code: row for row in Blueprint.objects.select_related("bank").prefetch_related("lines__competences")}
    loader = Loader("blueprint", rows, _blueprint_values, write, report)
    loaded: dict[str, Blueprint] = {}
    for entry in entries:
        values = _wanted_blueprint(entry)
        blueprint = loader.load(entry["code"], values)
        if blueprint:
            loaded[entry["code"]] = blueprint
            _ensure_exam(blueprint, values, tracks.get(entry["track"]), levels.get(entry["level"]), by)
    return loaded


def _ensure_exam(blueprint: Blueprint, values: Values, track: Track | None, level: Level | None, by: User) -> None:
    code = values["credential"]
    if Exam.objects.filter(code=code).exists():
        return
    title = f"{track.title}: {level.title}" if track and level else code
    title_zh = f"{track.title_zh}：{level.title_zh}" if track and level else ""
    create_exam(code, title=title, title_zh=title_zh, blueprint=blueprint, track=track, level=level, by=by)


def _wanted_blueprint(entry: dict[str, Any]) -> Values:
    names = ("code", "credential", "scored_items", "pretest_items", "minutes", "cut_is_provisional", "area_floor_percent")
    return {
        **{name: entry[name] for name in names},
        "cut_percent": f"{Decimal(entry['raw_cut_percent']):.2f}",
        "cognitive_mix": entry["cognitive_mix_percent"],
        "areas": [{**area, "competences": sorted(area["competences"])} for area in entry["areas"]],
    }


def _blueprint_values(blueprint: Blueprint) -> Values:
    names = ("code", "scored_items", "pretest_items", "minutes", "cut_is_provisional", "area_floor_percent", "cognitive_mix")
    return {
        **{name: getattr(blueprint, name) for name in names},
        "credential": blueprint.bank.code.upper(),
        "cut_percent": f"{blueprint.cut_percent:.2f}",
        "areas": [
            {
                "number": line.number,
                "title": line.title,
                "title_zh": line.title_zh,
                "weight": line.weight_percent,
                "items": line.items,
                "competences": sorted(competence.code for competence in line.competences.all()),
            }
            for line in blueprint.lines.all()
        ],
    }


def _plan(values: Values) -> BlueprintPlan:
    return BlueprintPlan(
        scored_items=values["scored_items"],
        pretest_items=values["pretest_items"],
        minutes=values["minutes"],
        cut_percent=Decimal(values["cut_percent"]),
        cut_is_provisional=values["cut_is_provisional"],
        cognitive_mix=dict(values["cognitive_mix"]),
        area_floor_percent=values["area_floor_percent"],
    )


def _areas(values: Values) -> list[Area]:
    return [
        Area(area["number"], area["title"], area["title_zh"], area["weight"], area["items"], tuple(area["competences"]))
        for area in values["areas"]
    ]


class _ItemLoad:
    """The items of one bank, each written by one person and approved by another."""

    def __init__(self, bank: ItemBank, written_by: User, approved_by: User) -> None:
        self.bank, self.written_by, self.approved_by = bank, written_by, approved_by
        self.competences = {competence.code: competence for competence in Competence.objects.all()}
        current = Edition.objects.filter(is_current=True).select_related("standard")
        self.pictures: dict[str, str] = {}
        self.editions = {edition.standard.slug: edition for edition in current}

    def stimuli(self, folder: Path) -> None:
        """Those the bank does not have; one that people changed since stays as it is."""
        file = folder / "stimuli.yaml"
        known = set(self.bank.stimuli.values_list("code", flat=True))
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["stimuli"] if file.exists() else []:
            if entry["code"] not in known:
                create_stimulus(self.bank, code=entry["code"], texts=texts_from(entry["text"]), by=self.written_by)

    def add_pictures(self, folder: Path) -> None:
        """By their names: encoded again by a newer library, the same picture may have other bytes."""
        known = {picture.name: picture for picture in self.bank.pictures.all()}
        for file in sorted((folder / "pictures").glob("*")):
            picture = known.get(file.name) or add_picture(
                self.bank, name=file.name, content=file.read_bytes(), by=self.written_by
            )
            self.pictures[file.name] = str(picture.uuid)

    def items(self, folder: Path, report: LoadReport) -> None:
        rows = {item.code: item for item in self.bank.items.select_related("competence", "edition__standard")}
        loader = Loader(f"item {self.bank.code}", rows, self.read, self.write, report)
        for file in sorted(folder.glob("area-*.yaml")):
            for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["items"]:
                loader.load(entry["code"], self.wanted(entry))
        self.enemies(folder, rows)

    def wanted(self, entry: dict[str, Any]) -> Values:
        standard = entry.get("standard")
        return {
            "code": entry["code"],
            "type": entry["type"],
            "competence": entry["competence"],
            "content_area": entry["area"],
            "cognitive_level": entry["cognitive_level"],
            "standard": standard if standard in self.editions else None,
            "content": content_from(entry, self.pictures).as_values(),
        }

    def read(self, item: Item) -> Values:
        newest = item.versions.order_by("-number").first()
        return {
            "code": item.code,
            "type": item.type,
            "competence": item.competence.code,
            "content_area": item.content_area,
            "cognitive_level": item.cognitive_level,
            "standard": item.edition.standard.slug if item.edition else None,
            "content": content_of(newest).as_values() if newest else {},
        }

    def write(self, item: Item | None, values: Values) -> Item:
        place = {
            "competence": self.competences[values["competence"]],
            "content_area": values["content_area"],
            "cognitive_level": values["cognitive_level"],
            "edition": self.editions.get(values["standard"] or ""),
            "no_edition": values["standard"] not in self.editions,
            "review_by": (item and item.review_by) or proposed_review(),
        }
        if item is None:
            item = create_item(self.bank, code=values["code"], type=values["type"], by=self.written_by, **place)
        else:
            classify_item(item, by=self.written_by, **place)
        version = write_version(item, by=self.written_by)
        save_content(version, content_described(values["content"]), by=self.written_by)
        submit_for_review(version, by=self.written_by)
        approve_subject(version, by=self.approved_by)
        approve_version(version, by=self.approved_by)
        return item

    def enemies(self, folder: Path, rows: dict[str, Item]) -> None:
        """Adds the pairs of the file; pairs that people added since stay."""
        file = folder / "enemies.yaml"
        pairs = yaml.safe_load(file.read_text(encoding="utf-8"))["pairs"] if file.exists() else []
        for first, second in pairs:
            known = list(rows[first].enemies.all())
            if rows[second] not in known:
                set_enemies(rows[first], [*known, rows[second]], by=self.written_by)
