"""Loading the standards catalogue: bodies, standards, editions, relations."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils.text import slugify

from standards.actions.competences import load_competences
from standards.actions.starter import Loader, LoadReport, Values
from standards.models import Edition, Relation, Standard, StandardsBody

STARTER = Path(__file__).resolve().parent.parent / "starter"

# Which committee entry of the starter file describes which publishing body.
COMMITTEES = {
    "sc42": "ISO/IEC JTC 1/SC 42",
    "sc27": "ISO/IEC JTC 1/SC 27",
    "ieee-sa": "IEEE SA",
    "itu-t-sg17": "ITU-T SG17",
    "etsi-sai": "ETSI TC SAI",
    "jtc21": "CEN-CENELEC JTC 21",
    "tc260": "SAC/TC260",
    "tc28": "SAC/TC28",
}


def read_yaml(path: Path) -> Any:
    """The file's content, or an empty mapping where an optional file is absent."""
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}


def designation_of(identifier: str) -> str:
    """The identifier without year, version and stage: `ISO/IEC DIS 24029-3` and `ISO/IEC 24029-3:2023` are one standard."""
    text = re.sub(r"(:\d{4}.*| \(\d{2}/\d{4}\)| V\d[\d.]*)$", "", identifier)
    text = re.sub(r"^(GB.*|IEEE .*|YD/T .*|JR/T .*|TC260-TR-.*|T/CSAC .*)-\d{4}$", r"\1", text)
    text = re.sub(r"^(ISO\S*) (?:AWI|WD|CD|DIS|FDIS) ", r"\1 ", text)
    return re.sub(r"^prEN ", "EN ", text.replace(" DTS ", " TS ").replace("e2025", ""))


@transaction.atomic
def load_catalogue(folder: Path = STARTER) -> LoadReport:
    """Bring the catalogue and the competences to what the starter files say; rows edited since are left alone."""
    content = read_yaml(folder / "standards.yaml")
    chinese = read_yaml(folder / "standards_zh.yaml")
    report = LoadReport()
    bodies = _load_bodies(content, read_yaml(folder / "bodies_zh.yaml"), report)
    standards = _load_standards(content, chinese, bodies, report)
    _load_editions(content, standards, report)
    _load_relations(content, standards, report)
    return load_competences(folder, standards, report)


def _load_bodies(content: Any, chinese: Any, report: LoadReport) -> dict[str, StandardsBody]:
    committees = {COMMITTEES[entry["code"]]: entry for entry in content["committees"] if entry["code"] in COMMITTEES}

    def read(body: StandardsBody) -> Values:
        return {"name": body.name, "name_zh": body.name_zh, "focus": body.focus, "entry": body.entry}

    def write(body: StandardsBody | None, values: Values) -> StandardsBody:
        body, _ = StandardsBody.objects.update_or_create(slug=slugify(values["name"]), defaults=dict(values))
        return body

    loader = Loader("body", {body.slug: body for body in StandardsBody.objects.all()}, read, write, report)
    for name in sorted({entry["body"] for entry in content["standards"]}):
        committee = committees.get(name, {})
        loader.load(
            slugify(name),
            {
                "name": name,
                "name_zh": chinese.get(name, ""),
                "focus": committee.get("focus", ""),
                "entry": committee.get("entry", ""),
            },
        )
    return loader.rows


def _standard_values(entry: dict[str, Any], chinese: dict[str, str]) -> dict[str, Any]:
    return {
        "slug": entry["slug"],
        "designation": designation_of(entry["identifier"]),
        "title": entry["title_en"],
        "title_zh": entry.get("title_zh") or chinese.get("title", ""),
        "scope": entry["scope"].strip(),
        "scope_zh": chinese.get("scope", "").strip(),
        "body": slugify(entry["body"]),
        "doc_type": entry["doc_type"],
        "layer": entry["layer"],
        "related_domains": entry.get("related_domains", []),
        "aspects": entry.get("aspects", []),
        "sectors": entry.get("sectors", []),
    }


def _load_standards(content: Any, chinese: Any, bodies: dict[str, StandardsBody], report: LoadReport) -> dict[str, Standard]:
    plain = [name for name in _standard_values(content["standards"][0], {}) if name != "body"]

    def read(standard: Standard) -> Values:
        return {name: getattr(standard, name) for name in plain} | {"body": standard.body.slug}

    def write(standard: Standard | None, values: Values) -> Standard:
        standard, _ = Standard.objects.update_or_create(
            slug=values["slug"], defaults={**values, "body": bodies[values["body"]]}
        )
        return standard

    rows = {standard.slug: standard for standard in Standard.objects.select_related("body")}
    loader = Loader("standard", rows, read, write, report)
    for entry in content["standards"]:
        loader.load(entry["slug"], _standard_values(entry, chinese.get(entry["slug"]) or {}))
    return loader.rows


def _load_editions(content: Any, standards: dict[str, Standard], report: LoadReport) -> None:
    checked_on = str(content["meta"]["generated"])

    def read(edition: Edition) -> Values:
        return {
            "standard": edition.standard.slug,
            "identifier": edition.identifier,
            "stage": edition.stage,
            "published": edition.published,
            "url": edition.url,
            "confidence": edition.confidence,
            "last_checked_on": edition.last_checked_on.isoformat() if edition.last_checked_on else "",
        }

    def write(edition: Edition | None, values: Values) -> Edition:
        fields = dict(values)
        standard, identifier = standards[fields.pop("standard")], fields.pop("identifier")
        fields["last_checked_on"] = date.fromisoformat(fields["last_checked_on"])
        # A newer edition takes the place of the one that was current.
        Edition.objects.filter(standard=standard, is_current=True).exclude(identifier=identifier).update(is_current=False)
        edition, _ = Edition.objects.update_or_create(
            identifier=identifier, defaults={**fields, "standard": standard, "is_current": True}
        )
        return edition

    rows = {edition.identifier: edition for edition in Edition.objects.select_related("standard")}
    loader = Loader("edition", rows, read, write, report)
    for entry in content["standards"]:
        if entry["slug"] in standards:
            loader.load(
                entry["identifier"],
                {
                    "standard": entry["slug"],
                    "identifier": entry["identifier"],
                    "stage": entry["status"],
                    "published": str(entry.get("published") or ""),
                    "url": entry.get("url") or "",
                    "confidence": entry["confidence"],
                    "last_checked_on": checked_on,
                },
            )


def _load_relations(content: Any, standards: dict[str, Standard], report: LoadReport) -> None:
    def key_of(values: Values) -> str:
        return f"{values['from']} {values['kind']} {values['to']}"

    def read(relation: Relation) -> Values:
        return {"from": relation.source.slug, "to": relation.target.slug, "kind": relation.kind}

    def write(relation: Relation | None, values: Values) -> Relation:
        relation, _ = Relation.objects.get_or_create(
            source=standards[values["from"]], target=standards[values["to"]], kind=values["kind"]
        )
        return relation

    rows = {key_of(read(relation)): relation for relation in Relation.objects.select_related("source", "target")}
    loader = Loader("relation", rows, read, write, report)
    for entry in content["relations"]:
        if entry["from"] in standards and entry["to"] in standards:
            values = {"from": entry["from"], "to": entry["to"], "kind": entry["type"]}
            loader.load(key_of(values), values)
