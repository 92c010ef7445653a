"""What a cut-score study shows to judges and to the board."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from exams.models import CutJudge, CutRating, CutStudy, Paper, PaperItem, Result
from exams.standard_setting.angoff import AngoffFigures, angoff
from exams.standard_setting.compromise import Expectation, Limits, beuk, fail_rate, hofstee

# Below this, what candidates did says more about them than about the items.
LEAST_CANDIDATES = 30
Status = CutStudy.Status


def ratable_items(paper: Paper) -> QuerySet[PaperItem]:
    """The scored positions: what does not count has no part in a cut."""
    return paper.items.filter(is_scored=True).select_related("version__item").order_by("position")


def counting_judges(study: CutStudy) -> list[CutJudge]:
    return list(study.judges.filter(excused="").select_related("user").order_by("pk"))


def progress(study: CutStudy, number: int) -> list[dict[str, Any]]:
    """Each judge, how many items are rated in that round, and of how many; never what was said."""
    rated = Count("ratings", filter=Q(ratings__round=number))
    most = ratable_items(study.paper).count()
    judges = study.judges.select_related("user").annotate(rated=rated).order_by("pk")
    return [{"judge": judge, "rated": judge.rated, "of": most} for judge in judges]  # type: ignore[attr-defined]


def judges_behind(study: CutStudy, number: int) -> list[str]:
    return [str(row["judge"]) for row in progress(study, number) if not row["judge"].excused and row["rated"] < row["of"]]


def estimates(study: CutStudy, number: int) -> dict[int, dict[int, float]]:
    """{judge: {position: percent}} of those who count and have rated everything; one query."""
    said: dict[int, dict[int, float]] = defaultdict(dict)
    rows = CutRating.objects.filter(judge__study=study, judge__excused="", round=number)
    for judge, position, percent in rows.values_list("judge_id", "item__position", "percent"):
        said[judge][position] = percent
    whole = len(ratable_items(study.paper))
    return {judge: rated for judge, rated in said.items() if len(rated) == whole}


def figures(study: CutStudy, number: int) -> AngoffFigures | None:
    """The study's figures in that round; None until somebody has rated everything."""
    said = estimates(study, number)
    points = {item.position: float(item.version.points) for item in ratable_items(study.paper)}
    return angoff(said, points) if said and points else None


def released_results(paper: Paper) -> QuerySet[Result]:
    """Results of this paper that somebody has seen, or that a signed record is about to show; rehearsals are nobody's."""
    seen = Q(status=Result.Status.RELEASED) | Q(board_entry__record__status="signed")
    return Result.objects.filter(seen, attempt__paper=paper, attempt__registration__sitting__is_rehearsal=False)


@dataclass(frozen=True)
class Impact:
    """What the paper's candidates did. `facility`: {position: percent of the points earned}."""

    percents: list[float]
    facility: dict[int, float]

    @property
    def says_something(self) -> bool:
        return len(self.percents) >= LEAST_CANDIDATES

    def pass_rate(self, cut_percent: float) -> float:
        return 100 - fail_rate(self.percents, cut_percent)


def impact_of(paper: Paper) -> Impact:
    """From every scored attempt at this paper outside rehearsals, whether held or released; one query."""
    rows = Result.objects.filter(attempt__paper=paper, attempt__registration__sitting__is_rehearsal=False)
    percents: list[float] = []
    earned: dict[int, float] = defaultdict(float)
    most: dict[int, float] = {}
    for raw, highest, positions in rows.values_list("raw_score", "max_score", "positions"):
        percents.append(float(100 * raw / highest) if highest else 0.0)
        for position, row in positions.items():
            if row["points"] is not None:
                earned[int(position)] += float(row["points"])
                most[int(position)] = float(row["max"])
    count = len(percents)
    facility = {position: 100 * earned[position] / (most[position] * count) for position in most if most[position] and count}
    return Impact(percents, facility)


def compromises(study: CutStudy, impact: Impact) -> dict[str, float | None]:
    """Hofstee's and Beuk's cut in percent; None where judges or candidates are too few, or they contradict each other."""
    if not impact.says_something:
        return {"hofstee": None, "beuk": None}
    judges = counting_judges(study)
    return {"hofstee": hofstee(list(_limits(judges)), impact.percents), "beuk": beuk(list(_hopes(judges)), impact.percents)}


def _limits(judges: Iterable[CutJudge]) -> Iterable[Limits]:
    for judge in judges:
        said = (judge.least_cut, judge.most_cut, judge.least_fail, judge.most_fail)
        if None not in said:
            yield Limits(*(float(value) for value in said if value is not None))


def _hopes(judges: Iterable[CutJudge]) -> Iterable[Expectation]:
    for judge in judges:
        if judge.right_cut is not None and judge.expected_passes is not None:
            yield Expectation(float(judge.right_cut), float(judge.expected_passes))


def judge_of(study: CutStudy, user: User) -> CutJudge | None:
    return study.judges.filter(user=user, excused="").first()


def own_ratings(judge: CutJudge, number: int) -> dict[int, int]:
    """{position: percent}"""
    return dict(judge.ratings.filter(round=number).values_list("item__position", "percent"))
