"""Loading tracks, levels and competences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from standards.actions.starter import Loader, LoadReport, Values
from standards.models import Competence, Level, Standard, Track

OUTLINE_PARTS = ("knowledge", "skills", "tasks")


def load_competences(folder: Path, standards: dict[str, Standard], report: LoadReport) -> LoadReport:
    """Tracks and levels first, then the competences that point at them and at standards."""
    frame = yaml.safe_load((folder / "tracks.yaml").read_text(encoding="utf-8"))
    tracks = _load_tracks(frame["tracks"], report)
    _load_levels(frame["levels"], report)
    content = yaml.safe_load((folder / "competences.yaml").read_text(encoding="utf-8"))
    chinese_file = folder / "competences_zh.yaml"
    chinese = yaml.safe_load(chinese_file.read_text(encoding="utf-8")) if chinese_file.exists() else {}
    _load_competences(content, chinese or {}, tracks, standards, report)
    return report


def _load_tracks(entries: list[dict[str, Any]], report: LoadReport) -> dict[str, Track]:
    def read(track: Track) -> Values:
        return {name: getattr(track, name) for name in ("code", "slug", "position", "title", "title_zh")}

    def write(track: Track | None, values: Values) -> Track:
        track, _ = Track.objects.update_or_create(code=values["code"], defaults=dict(values))
        return track

    loader = Loader("track", {track.code: track for track in Track.objects.all()}, read, write, report)
    for entry in entries:
        fields = {name: entry[name] for name in ("code", "slug", "position")}
        loader.load(entry["code"], {**fields, "title": entry["title"]["en"], "title_zh": entry["title"]["zh"]})
    return loader.rows


def _load_levels(entries: list[dict[str, Any]], report: LoadReport) -> None:
    worded = ("title", "experience", "expects")
    names = ("code", "position", "validity_years", *worded, *(f"{name}_zh" for name in worded))

    def read(level: Level) -> Values:
        return {name: getattr(level, name) for name in names}

    def write(level: Level | None, values: Values) -> Level:
        level, _ = Level.objects.update_or_create(code=values["code"], defaults=dict(values))
        return level

    loader = Loader("level", {level.code: level for level in Level.objects.all()}, read, write, report)
    for entry in entries:
        fields = {name: entry[name] for name in ("code", "position", "validity_years")}
        for name in worded:
            fields |= {name: entry[name]["en"], f"{name}_zh": entry[name]["zh"]}
        loader.load(entry["code"], fields)


def _competence_values(entry: dict[str, Any], core_required: dict[str, int], chinese: dict[str, Any]) -> dict[str, Any]:
    outline = {"en": {part: entry[part] for part in OUTLINE_PARTS}}
    if chinese:
        outline["zh"] = {part: chinese.get(part, []) for part in OUTLINE_PARTS}
    return {
        "code": entry["code"],
        "track": entry.get("track"),
        "title": entry["title_en"],
        "title_zh": entry["title_zh"],
        "required": entry.get("required", core_required),
        "outline": outline,
        "mapping": entry.get("mapping", {}),
        "standards": sorted(entry["standards"]),
    }


def _load_competences(
    content: Any, chinese: Any, tracks: dict[str, Track], standards: dict[str, Standard], report: LoadReport
) -> None:
    def read(competence: Competence) -> Values:
        plain = {name: getattr(competence, name) for name in ("code", "title", "title_zh", "required", "outline", "mapping")}
        return plain | {
            "track": competence.track.code if competence.track else None,
            "standards": sorted(standard.slug for standard in competence.standards.all()),
        }

    def write(competence: Competence | None, values: Values) -> Competence:
        fields = dict(values)
        slugs = fields.pop("standards")
        fields["track"] = tracks[fields["track"]] if fields["track"] else None
        competence, _ = Competence.objects.update_or_create(code=fields["code"], defaults=fields)
        competence.standards.set([standards[slug] for slug in slugs if slug in standards])
        return competence

    rows = {row.code: row for row in Competence.objects.select_related("track").prefetch_related("standards")}
    loader = Loader("competence", rows, read, write, report)
    for entry in [*content["core"], *content["competences"]]:
        values = _competence_values(entry, content["core_required"], chinese.get(entry["code"]) or {})
        loader.load(entry["code"], values)
