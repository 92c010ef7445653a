"""Checking papers by looking at them: loops and sums, no solver, none of its code (`plan` only for the shapes).

What assembly promises is promised by a programme of thousands of lines that we did not write. This is the other opinion:
it reads sealed papers as they are stored and says, in words, every rule they break. An empty list is the good answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from django.utils.translation import gettext as _

from exams.assembly.plan import FEW_OPTIONS, SCALE, Specification, key_limit


@dataclass(frozen=True)
class Position:
    """One position of a paper and all that the rules ask about it; units as in `plan`."""

    number: int
    item: int
    code: str
    area: int
    level: str
    is_scored: bool
    tenths: int
    points: int
    borderline: int
    information: int | None = None
    key_position: int = 0
    option_count: int = 0
    stimulus: str = ""
    together: int = 0
    seen: int = 0
    is_approved: bool = True
    languages: frozenset[str] = frozenset()


Papers = Mapping[str, Sequence[Position]]


def check_papers(
    papers: Papers, plan: Specification, enemies: Collection[frozenset[int]], *, languages: Collection[str] = ()
) -> list[str]:
    """Every rule of the blueprint and the limits that these papers break, one sentence each."""
    findings: list[str] = []
    if sorted(papers) != sorted(plan.letters):
        findings.append(_("There are papers %(found)s instead of %(wanted)s.") % _named(papers, plan.letters))
    for letter in sorted(papers):
        positions = papers[letter]
        for check in (_numbering, _quotas, _cases, _keys):
            findings += [_on(letter, sentence) for sentence in check(positions, plan)]
        findings += [_on(letter, sentence) for sentence in _meetings(positions, enemies)]
        findings += [_on(letter, sentence) for sentence in _fitness(positions, plan, languages)]
    findings += _overlaps(papers, plan)
    findings += _inequalities(papers, plan)
    return findings


def _named(found: Collection[str], wanted: Collection[str]) -> dict[str, str]:
    return {"found": ", ".join(sorted(found)) or "–", "wanted": ", ".join(sorted(wanted))}


def _on(letter: str, sentence: str) -> str:
    return _("Paper %(letter)s: %(sentence)s") % {"letter": letter, "sentence": sentence}


def _numbering(positions: Sequence[Position], plan: Specification) -> Iterator[str]:
    if [each.number for each in positions] != list(range(1, len(positions) + 1)):
        yield _("the positions do not run from 1 without a gap.")
    doubled = [code for code, count in Counter(each.code for each in positions).items() if count > 1]
    if doubled:
        yield _("items %(codes)s stand on it twice.") % {"codes": ", ".join(sorted(doubled))}


def _quotas(positions: Sequence[Position], plan: Specification) -> Iterator[str]:
    scored = [each for each in positions if each.is_scored]
    on_trial = len(positions) - len(scored)
    if on_trial != plan.pretest:
        yield _("items on trial: %(found)s instead of %(wanted)s.") % {"found": on_trial, "wanted": plan.pretest}
    areas = Counter(each.area for each in scored)
    for area in sorted({*areas, *plan.areas}):
        if areas[area] != plan.areas.get(area, 0):
            yield _("scored items in area %(area)s: %(found)s instead of %(wanted)s.") % {
                "area": area, "found": areas[area], "wanted": plan.areas.get(area, 0),
            }  # fmt: skip
    if plan.cells:
        cells = Counter((each.area, each.level) for each in scored)
        for area, level in sorted({*cells, *plan.cells}):
            wanted = plan.cells.get((area, level), 0)
            if cells[area, level] != wanted:
                yield _("scored items in area %(area)s, %(level)s: %(found)s instead of %(wanted)s.") % {
                    "area": area, "level": level_name(level), "found": cells[area, level], "wanted": wanted,
                }  # fmt: skip
        return
    levels = Counter(each.level for each in scored)
    for level, share in sorted(plan.levels.items()):
        if abs(levels[level] - share) > 1:
            yield _("scored items to %(level)s: %(found)s, the mix says %(wanted)s.") % {
                "level": level_name(level), "found": levels[level], "wanted": share,
            }  # fmt: skip


def _cases(positions: Sequence[Position], plan: Specification) -> Iterator[str]:
    places: dict[str, list[int]] = {}
    for place, each in enumerate(positions):
        if each.stimulus:
            places.setdefault(each.stimulus, []).append(place)
    for case, at in sorted(places.items()):
        together = positions[at[0]].together
        if together and len(at) != together:
            yield _("items of case %(case)s: %(found)s instead of %(wanted)s.") % {
                "case": case, "found": len(at), "wanted": together,
            }  # fmt: skip
        if at[-1] - at[0] + 1 != len(at):
            yield _("the items of case %(case)s do not stand together.") % {"case": case}


def _keys(positions: Sequence[Position], plan: Specification) -> Iterator[str]:
    for few in (True, False):
        keyed = [each for each in positions if each.key_position and (each.option_count < FEW_OPTIONS) == few]
        share = key_limit(plan.limits.most_key_percent, FEW_OPTIONS - 1 if few else FEW_OPTIONS)
        # Rounded up: of ten items at most four at 40 percent, of eleven at most five.
        most = -(-share * len(keyed) // 100)
        for place, count in sorted(Counter(each.key_position for each in keyed).items()):
            if count > most:
                yield _("keys at place %(place)s: %(count)s of %(all)s, at most %(most)s may be.") % {
                    "count": count, "all": len(keyed), "place": place, "most": most,
                }  # fmt: skip


def _meetings(positions: Sequence[Position], enemies: Collection[frozenset[int]]) -> Iterator[str]:
    codes = {each.item: each.code for each in positions}
    for pair in sorted(sorted(codes[item] for item in pair) for pair in enemies if len(pair) == 2 and pair <= codes.keys()):
        yield _("items %(first)s and %(second)s must not share a paper.") % {"first": pair[0], "second": pair[1]}


def _fitness(positions: Sequence[Position], plan: Specification, languages: Collection[str]) -> Iterator[str]:
    most = plan.limits.most_seen
    for each in positions:
        if not each.is_approved:
            yield _("item %(code)s was never approved.") % {"code": each.code}
        missing = sorted(set(languages) - each.languages)
        if missing:
            yield _("item %(code)s does not speak %(languages)s.") % {"code": each.code, "languages": ", ".join(missing)}
        if most is not None and each.seen > most:
            yield _("candidates who had seen item %(code)s: %(seen)s, at most %(most)s may have.") % {
                "code": each.code, "seen": each.seen, "most": most,
            }  # fmt: skip
    tenths = sum(each.tenths for each in positions)
    if tenths > plan.most_tenths:
        yield _("it takes %(found)s minutes, the blueprint gives %(wanted)s.") % {
            "found": Decimal(tenths) / 10, "wanted": Decimal(plan.most_tenths) / 10,
        }  # fmt: skip


def _overlaps(papers: Papers, plan: Specification) -> Iterator[str]:
    for first, second in combinations(sorted(papers), 2):
        shared = {each.code for each in papers[first]} & {each.code for each in papers[second]}
        if len(shared) > plan.limits.most_common:
            yield _("Papers %(first)s and %(second)s have items in common: %(codes)s (%(count)s, at most %(most)s may be).") % {
                "first": first, "second": second, "count": len(shared), "most": plan.limits.most_common,
                "codes": ", ".join(sorted(shared)[:8]),
            }  # fmt: skip


def _inequalities(papers: Papers, plan: Specification) -> Iterator[str]:
    if not papers:
        return
    limits = plan.limits
    expected = {letter: expected_score(positions) for letter, positions in papers.items()}
    spread = max(expected.values()) - min(expected.values())
    if spread > Decimal(limits.borderline_spread) / SCALE:
        yield _("What a borderline candidate is expected to score differs by %(found)s points, at most %(most)s may be.") % {
            "found": spread, "most": Decimal(limits.borderline_spread) / SCALE,
        }  # fmt: skip
    if limits.target is not None:
        target, most = Decimal(limits.target) / SCALE, Decimal(limits.borderline_spread) / SCALE
        for letter, score in sorted(expected.items()):
            if abs(score - target) > most:
                yield _on(letter, _("a borderline candidate is expected to score %(found)s instead of %(wanted)s points.") % {
                    "found": score, "wanted": target,
                })  # fmt: skip
    minutes = [expected_minutes(positions) for positions in papers.values()]
    if max(minutes) - min(minutes) > Decimal(limits.tenths_spread) / 10:
        yield _("The expected minutes differ by %(found)s, at most %(most)s may be.") % {
            "found": max(minutes) - min(minutes), "most": Decimal(limits.tenths_spread) / 10,
        }  # fmt: skip
    if len({most_points(positions) for positions in papers.values()}) > 1:
        yield _("The papers are not worth the same number of points.")
    told = [information(positions) for positions in papers.values()]
    if 100 * max(told) > (100 + limits.information_spread_percent) * min(told):
        yield _("The information at the cut differs by more than %(most)s percent.") % {
            "most": limits.information_spread_percent
        }  # fmt: skip


# --- Figures of one paper, for checks and pages ---------------------------------------------------


def expected_score(positions: Sequence[Position]) -> Decimal:
    """Points a borderline candidate is expected to earn on the counted items."""
    return Decimal(sum(each.borderline * each.points for each in positions if each.is_scored)) / SCALE


def expected_minutes(positions: Sequence[Position]) -> Decimal:
    return Decimal(sum(each.tenths for each in positions)) / 10


def most_points(positions: Sequence[Position]) -> int:
    return sum(each.points for each in positions if each.is_scored)


def information(positions: Sequence[Position]) -> Decimal:
    """Fisher information at the cut of the counted, calibrated items."""
    return Decimal(sum(each.information or 0 for each in positions if each.is_scored)) / SCALE


def key_places(positions: Sequence[Position]) -> dict[int, int]:
    return dict(sorted(Counter(each.key_position for each in positions if each.key_position).items()))


def level_name(level: str) -> str:
    from exams.models.items import CognitiveLevel

    return str(CognitiveLevel(level).label) if level in CognitiveLevel.values else level
