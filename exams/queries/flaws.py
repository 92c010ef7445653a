"""The flaws of a version: what the rules find, and what is waived for the words as they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from exams.content import VersionContent, content_of
from exams.flaws import REGISTRY, Finding, digest_of, findings_in
from exams.flaws.key_positions import Positions, key_positions
from exams.flaws.reading import subjects_of
from exams.models import FlawWaiver, ItemBank, ItemVersion, Option
from exams.queries.readiness import language_name


@dataclass(frozen=True)
class FlawLine:
    """A finding as a page says it, and its waiver where it has one that holds."""

    rule: str
    name: str
    severity: str
    language: str
    sentence: str
    waiver: FlawWaiver | None = None


def flaws_of(version: ItemVersion, content: VersionContent | None = None) -> list[FlawLine]:
    """Every finding, waived or not; the words and one query more."""
    subjects = subjects_of(content or content_of(version), version.item.type)
    digest = digest_of(subjects)
    waived = {waiver.rule: waiver for waiver in version.flaw_waivers.select_related("by") if waiver.words_digest == digest}
    return [line_of(finding, waived.get(finding.rule)) for finding in findings_in(subjects)]


def open_flaws(version: ItemVersion) -> list[FlawLine]:
    return [line for line in flaws_of(version) if line.waiver is None]


def line_of(finding: Finding, waiver: FlawWaiver | None = None) -> FlawLine:
    rule = REGISTRY[finding.rule]
    return FlawLine(rule.id, str(rule.name), rule.severity, language_name(finding.language), sentence_of(finding), waiver)


def sentence_of(finding: Finding) -> str:
    """The rule's sentence with what was found, and the language it was found in."""
    said = str(REGISTRY[finding.rule].sentence) % finding.details
    return f"{language_name(finding.language)}: {said}"


def words_digest(version: ItemVersion) -> str:
    return digest_of(subjects_of(content_of(version), version.item.type))


# --- Over a bank ---------------------------------------------------------------------------------


def rule_counts(bank: ItemBank) -> list[dict[str, Any]]:
    """How many items of a bank break each rule in their newest version, waived or not; rules nobody breaks as well."""
    from django.db.models import Count

    from exams.models import ItemFlaw

    counts = dict(
        ItemFlaw.objects.filter(version__in=newest_versions(bank))
        .values_list("rule")
        .annotate(items=Count("version", distinct=True))
        .order_by()
    )
    return [
        {"id": rule.id, "name": rule.name, "severity": rule.severity, "source": rule.source, "items": counts.get(rule.id, 0)}
        for rule in REGISTRY.values()
    ]


def newest_versions(bank: ItemBank) -> QuerySet[ItemVersion]:
    newest = ItemVersion.objects.filter(item=OuterRef("item")).order_by("-number").values("pk")[:1]
    return ItemVersion.objects.filter(item__bank=bank, pk=Subquery(newest))


ONE_KEY_TYPES: Iterable[str] = ("single_choice", "true_false")


def key_position_report(bank: ItemBank) -> list[tuple[str, Positions]]:
    """Where the keys of a bank stand, by type and number of options, over newest versions with exactly one key."""
    rows: dict[str, dict[int, list[tuple[int, bool]]]] = {type: {} for type in ONE_KEY_TYPES}
    options = Option.objects.filter(version__in=newest_versions(bank), version__item__type__in=rows)
    for type, version, place, is_key in options.values_list("version__item__type", "version", "position", "is_key"):
        rows[type].setdefault(version, []).append((place, is_key))
    report = []
    for type, versions in rows.items():
        keys = []
        for placed in versions.values():
            places = [number for number, (_place, is_key) in enumerate(sorted(placed), 1) if is_key]
            if len(places) == 1:
                keys.append((places[0], len(placed)))
        name = _("single choice") if type == "single_choice" else _("true or false")
        report += [(name, positions) for positions in key_positions(keys)]
    return report
