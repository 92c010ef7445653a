"""Paper sets: what is pending, what a sealed one looks like to the validator, what stands in the way of one, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exams.assembly.plan import SCALE, Gap, Specification
from exams.assembly.validating import (
    Position,
    check_papers,
    expected_minutes,
    expected_score,
    information,
    key_places,
    level_name,
    most_points,
)
from exams.models import GapReport, ItemVersion, Paper, PaperItem, PaperSet
from exams.queries.assembling import key_place
from exams.queries.drawing import enemy_pairs
from exams.queries.sources import stale_languages

Status = PaperSet.Status


def due_sets(now: datetime) -> QuerySet[PaperSet]:
    return PaperSet.objects.filter(_due(now)).order_by("asked_at", "pk")


def due_gap_reports(now: datetime) -> QuerySet[GapReport]:
    return GapReport.objects.filter(_due(now)).order_by("asked_at", "pk")


def _due(now: datetime) -> Q:
    """Waiting, or claimed by a worker that never came back."""
    return Q(status=Status.WAITING) | Q(status=Status.SOLVING, claimed_until__lt=now)


def sets_with_counts() -> QuerySet[PaperSet]:
    return PaperSet.objects.select_related("exam", "asked_by").annotate(made=Count("papers")).order_by("-asked_at", "pk")


def stored_papers(paper_set: PaperSet) -> dict[str, list[Position]]:
    """The set's papers as they are stored, for whoever checks or shows them.

    What never changes after approval is read from the rows; what may change later comes from the set's own facts.
    """
    facts = paper_set.facts.get("versions", {})
    papers: dict[str, list[Position]] = {paper.letter: [] for paper in paper_set.papers.all()}
    rows = (
        PaperItem.objects.filter(paper__set=paper_set)
        .select_related("paper", "version__item", "version__stimulus")
        .prefetch_related("version__wordings", "version__translations", "version__options__wordings")
        .order_by("paper", "position")
    )
    for row in rows:
        papers[row.paper.letter].append(_position(row, facts.get(str(row.version_id), {})))
    return papers


def _position(row: PaperItem, known: Mapping[str, Any]) -> Position:
    version, item = row.version, row.version.item
    key_position, option_count = key_place(version)
    return Position(
        number=row.position,
        item=version.item_id,
        code=item.code,
        area=row.content_area,
        level=known.get("level", item.cognitive_level),
        is_scored=row.is_scored,
        tenths=known.get("tenths", int(version.minutes * 10)),
        points=version.points,
        borderline=known.get("borderline", 0),
        information=known.get("information"),
        key_position=key_position,
        option_count=option_count,
        stimulus=version.stimulus.code if version.stimulus else "",
        together=known.get("together", 0),
        seen=known.get("seen", 0),
        is_approved=version.status in ItemVersion.FROZEN,
        languages=frozenset(code for code, _name in settings.LANGUAGES if _speaks(version, code)),
    )


def _speaks(version: ItemVersion, language: str) -> bool:
    stems = [wording.stem for wording in version.wordings.all() if wording.language == language]
    texts = [
        any(wording.language == language and wording.text.strip() for wording in option.wordings.all())
        for option in version.options.all()
    ]
    return bool(stems and stems[0].strip()) and all(texts) and language not in stale_languages(version)


def findings_of(paper_set: PaperSet, papers: dict[str, list[Position]] | None = None) -> list[str]:
    """What the validator finds wrong with the papers by the rules they were assembled under."""
    facts = paper_set.facts
    return check_papers(
        stored_papers(paper_set) if papers is None else papers,
        Specification.from_json(paper_set.plan),
        [frozenset(pair) for pair in facts.get("enemies", [])],
        languages=facts.get("languages", []),
    )


def news_since(paper_set: PaperSet, papers: dict[str, list[Position]]) -> list[str]:
    """What was not so when the papers were assembled: enemies declared since. No rule broken, but worth knowing."""
    then = {frozenset(pair) for pair in paper_set.facts.get("enemies", [])}
    new = enemy_pairs(paper_set.exam.blueprint.bank) - then
    news = []
    for letter, positions in sorted(papers.items()):
        codes = {each.item: each.code for each in positions}
        for pair in sorted(sorted(codes[item] for item in pair) for pair in new if pair <= codes.keys()):
            news.append(
                _("Paper %(letter)s: items %(first)s and %(second)s were declared enemies after it was assembled.")
                % {"letter": letter, "first": pair[0], "second": pair[1]}
            )
    return news


@dataclass(frozen=True)
class Figures:
    """One paper of a set in numbers, computed from its positions."""

    paper: Paper
    items: int
    on_trial: int
    points: int
    expected: Decimal
    expected_percent: Decimal
    minutes: Decimal
    information: Decimal
    keys: dict[int, int]
    assumed: int


def figures_of(paper_set: PaperSet, papers: Mapping[str, list[Position]]) -> list[Figures]:
    """The papers side by side, the spare last."""
    known = paper_set.facts.get("versions", {})
    assumed = {fact["item"] for fact in known.values() if fact.get("source") == "assumed"}
    rows = []
    for paper in paper_set.papers.order_by("is_spare", "letter"):
        positions = papers.get(paper.letter, [])
        points, expected = most_points(positions), expected_score(positions)
        rows.append(
            Figures(
                paper,
                len(positions),
                sum(not each.is_scored for each in positions),
                points,
                expected,
                100 * expected / points if points else Decimal(0),
                expected_minutes(positions),
                information(positions),
                key_places(positions),
                sum(each.is_scored and each.item in assumed for each in positions),
            )
        )
    return rows


# --- What is in the way, in words -----------------------------------------------------------------


def gaps_of(report: Mapping[str, Any]) -> list[Gap]:
    return [Gap(**gap) for gap in report.get("gaps", [])]


def gap_sentences(gaps: Iterable[Gap]) -> list[str]:
    """Such as "2 more approved items in area 1, apply", one sentence per gap, areas in order and items on trial last."""
    return [_gap_sentence(gap) for gap in sorted(gaps, key=lambda gap: (gap.area is None, gap.area or 0, gap.level))]


def _gap_sentence(gap: Gap) -> str:
    words = {"count": gap.count, "area": gap.area, "level": level_name(gap.level)}
    if gap.area is None:
        return (
            ngettext(
                "%(count)s more approved item as a pretest item, in any area",
                "%(count)s more approved items as pretest items, in any area",
                gap.count,
            )
            % words
        )
    if not gap.level:
        return (
            ngettext(
                "%(count)s more approved item in area %(area)s",
                "%(count)s more approved items in area %(area)s",
                gap.count,
            )
            % words
        )
    return (
        ngettext(
            "%(count)s more approved item in area %(area)s, %(level)s",
            "%(count)s more approved items in area %(area)s, %(level)s",
            gap.count,
        )
        % words
    )


def limit_sentences(tight: Mapping[str, int | None]) -> list[str]:
    """Which limit would have to give way, and how far, as far as that was found out."""
    names = {
        "target": _("the expected score that was asked for"),
        "borderline_spread": _("how far the expected scores of a borderline candidate may be apart"),
        "tenths_spread": _("how far the expected minutes may be apart"),
        "most_tenths": _("the minutes of the blueprint"),
        "information_spread_percent": _("how far the information at the cut may be apart"),
        "most_key_percent": _("how many keys may stand at the same place"),
        "points": _("that the papers are worth the same points"),
    }
    units = {
        "borderline_spread": lambda value: _("%(value)s points are possible") % {"value": f"{Decimal(value) / SCALE:.2f}"},
        "tenths_spread": lambda value: _("%(value)s minutes are possible") % {"value": Decimal(value) / 10},
        "most_key_percent": lambda value: _("%(value)s percent are possible") % {"value": value},
    }
    sentences = []
    for name, value in tight.items():
        words = {"limit": names[name]}
        if value is None or name not in units:
            sentences.append(_("Too tight: %(limit)s.") % words)
        else:
            sentences.append(_("Too tight: %(limit)s; %(possible)s.") % {**words, "possible": units[name](value)})
    return sentences
