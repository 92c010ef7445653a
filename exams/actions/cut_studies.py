"""A cut-score study from its opening to the board's decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from common.errors import InvalidInput, NotPermitted
from exams.actions.estimates import Estimate, set_estimates
from exams.actions.scoring import apply_cut
from exams.errors import CutLocked, RatingsMissing, SecondPersonNeeded, StudyElsewhere
from exams.models import CutDecision, CutJudge, CutRating, CutStudy, ItemEstimate, Paper, Result
from exams.queries.cut_studies import figures, judges_behind, ratable_items, released_results
from exams.rules.cut_studies import can_confirm_cut, can_judge, can_run_studies

Status = CutStudy.Status
ROUND_OF = {Status.ROUND_1: 1, Status.ROUND_2: 2}
LEAST_JUDGES = 2


@dataclass(frozen=True)
class JudgeLimits:
    """What the two compromises ask of a judge, all in percent."""

    least_cut: int
    most_cut: int
    least_fail: int
    most_fail: int
    right_cut: int
    expected_passes: int


@transaction.atomic
def open_study(paper: Paper, *, borderline: str, borderline_zh: str, by: User, at: datetime | None = None) -> CutStudy:
    """Begin a study of a sealed paper. Raises NotPermitted, StudyElsewhere, CutLocked, InvalidInput."""
    if not can_run_studies(by):
        raise NotPermitted
    paper = Paper.objects.select_for_update().get(pk=paper.pk)
    if paper.status != Paper.Status.SEALED:
        raise InvalidInput(_("Judges rate a fixed set of items: seal the paper first."))
    if CutDecision.objects.filter(paper=paper).exists():
        raise CutLocked
    if paper.cut_studies.exclude(status=Status.DECIDED).exists():
        raise StudyElsewhere
    if not borderline.strip() or not borderline_zh.strip():
        raise InvalidInput(_("Describe the borderline candidate in both languages: judges must think of the same person."))
    study = CutStudy.objects.create(
        paper=paper,
        borderline=borderline.strip(),
        borderline_zh=borderline_zh.strip(),
        opened_by=by,
        opened_at=at or timezone.now(),
    )
    record("cut_study.opened", study, by=by, summary=str(study), at=at)
    return study


@transaction.atomic
def add_judge(study: CutStudy, user: User, *, by: User) -> CutJudge:
    """Before round 1 only. Raises NotPermitted, RatingsMissing (the study has begun), InvalidInput (no judge's role)."""
    study = _run_by(study, by, Status.SETUP)
    if not can_judge(user):
        raise InvalidInput(_("Judges are examiners, item reviewers or item writers."))
    judge, is_new = CutJudge.objects.get_or_create(study=study, user=user)
    if is_new:
        record("cut_study.judge_added", study, by=by, summary=str(study), details={"judge": user.pk})
    return judge


@transaction.atomic
def excuse_judge(judge: CutJudge, *, reason: str, by: User) -> CutJudge:
    """Count somebody's ratings no longer, with a reason. Raises NotPermitted, InvalidInput."""
    study = _run_by(judge.study, by, Status.SETUP, Status.ROUND_1, Status.ROUND_2)
    if not reason.strip():
        raise InvalidInput(_("Say why this judge no longer counts."))
    judge.excused = reason.strip()[:240]
    judge.save(update_fields=["excused"])
    record("cut_study.judge_excused", study, by=by, summary=str(study), details={"judge": judge.user_id, "reason": reason})
    return judge


@transaction.atomic
def begin_round(study: CutStudy, *, by: User) -> CutStudy:
    """Setup → round 1 → round 2. Raises RatingsMissing while a judge has not rated every item of the round before."""
    study = _run_by(study, by, Status.SETUP, Status.ROUND_1)
    if study.judges.filter(excused="").count() < LEAST_JUDGES:
        raise RatingsMissing(_("A study needs at least two judges."))
    if study.status == Status.ROUND_1:
        _require_complete(study, 1)
    study.status = Status.ROUND_1 if study.status == Status.SETUP else Status.ROUND_2
    study.save(update_fields=["status"])
    record("cut_study.round_began", study, by=by, summary=str(study), details={"round": ROUND_OF[Status(study.status)]})
    return study


@transaction.atomic
def rate_items(study: CutStudy, percents: Mapping[int, int], *, by: User, limits: JudgeLimits | None = None) -> CutJudge:
    """One judge's ratings of this round, by position; others given before stay. Raises NotPermitted, RatingsMissing."""
    study = CutStudy.objects.select_for_update().get(pk=study.pk)
    judge = study.judges.filter(user=by, excused="").first()
    if judge is None:
        raise NotPermitted
    number = ROUND_OF.get(Status(study.status))
    if number is None:
        raise RatingsMissing(_("No round of this study is open."))
    items = {item.position: item for item in ratable_items(study.paper)}
    if any(position not in items or not 0 <= percent <= 100 for position, percent in percents.items()):
        raise InvalidInput(_("Rate the items of this paper with numbers from 0 to 100."))
    for position, percent in percents.items():
        CutRating.objects.update_or_create(judge=judge, item=items[position], round=number, defaults={"percent": percent})
    if limits is not None:
        _store_limits(judge, limits)
    return judge


def _store_limits(judge: CutJudge, limits: JudgeLimits) -> None:
    values = vars(limits)
    if not all(0 <= value <= 100 for value in values.values()):
        raise InvalidInput(_("Give percentages from 0 to 100."))
    if limits.least_cut > limits.most_cut or limits.least_fail > limits.most_fail:
        raise InvalidInput(_("The lowest acceptable value must not be above the highest."))
    for name, value in values.items():
        setattr(judge, name, value)
    judge.save(update_fields=list(values))


@transaction.atomic
def propose_cut(study: CutStudy, *, percent: Decimal, reason: str, by: User) -> CutStudy:
    """Put a cut before a second person. Raises NotPermitted, RatingsMissing, CutLocked, InvalidInput."""
    study = _run_by(study, by, Status.ROUND_2)
    _require_complete(study, 2)
    _require_unseen(study)
    if not reason.strip() or not 0 < percent <= 100:
        raise InvalidInput(_("Give a cut between 0 and 100 percent, and the reason for it."))
    study.proposed_percent, study.proposed_reason, study.proposed_by = percent, reason.strip(), by
    study.status = Status.PROPOSED
    study.save(update_fields=["proposed_percent", "proposed_reason", "proposed_by", "status"])
    record("cut_study.proposed", study, by=by, summary=str(study), details={"percent": str(percent), "reason": reason.strip()})
    return study


@transaction.atomic
def send_back_proposal(study: CutStudy, *, reason: str, by: User) -> CutStudy:
    """Not this cut: round 2 is open again. Raises NotPermitted, SecondPersonNeeded, InvalidInput."""
    study = _before_the_board(study, by)
    if not reason.strip():
        raise InvalidInput(_("Say why the proposal goes back."))
    study.status = Status.ROUND_2
    study.save(update_fields=["status"])
    record("cut_study.sent_back", study, by=by, summary=str(study), details={"reason": reason.strip()})
    return study


@transaction.atomic
def confirm_cut(study: CutStudy, *, by: User, at: datetime | None = None) -> CutDecision:
    """The second person's yes: the cut holds for this paper for good, and held results are judged by it at once.

    Raises NotPermitted, SecondPersonNeeded (the database keeps it too), CutLocked when a result is visible already.
    """
    study = _before_the_board(study, by)
    _require_unseen(study)
    if study.proposed_percent is None or study.proposed_by is None:
        raise RatingsMissing  # a constraint keeps this from being so
    decision = CutDecision.objects.create(
        paper=study.paper,
        study=study,
        cut_percent=study.proposed_percent,
        reason=study.proposed_reason,
        proposed_by=study.proposed_by,
        confirmed_by=by,
        decided_at=at or timezone.now(),
    )
    study.status = Status.DECIDED
    study.save(update_fields=["status"])
    moved = apply_cut(study.paper)
    _remember_judgements(study, at)
    details = {"percent": str(decision.cut_percent), "proposed_by": study.proposed_by_id, "results_judged_anew": moved}
    record("cut_study.decided", study, by=by, summary=str(study), details=details, at=at)
    return decision


def _remember_judgements(study: CutStudy, at: datetime | None) -> None:
    """What the judges held a borderline candidate's chance to be, item by item: later papers are balanced by it."""
    found = figures(study, 2)
    bank = study.paper.exam.blueprint.bank
    means = {item.item: Decimal(str(item.mean)) / 100 for item in found.items} if found else {}
    judged = [
        Estimate(item.version, borderline=means[item.position].quantize(Decimal("0.0001")))
        for item in ratable_items(study.paper).filter(version__item__bank=bank)
        if item.position in means
    ]
    set_estimates(bank, judged, source=ItemEstimate.Source.JUDGED, by=None, at=at)


def _run_by(study: CutStudy, by: User, *allowed: str) -> CutStudy:
    if not can_run_studies(by):
        raise NotPermitted
    study = CutStudy.objects.select_for_update(of=("self",)).select_related("paper__exam").get(pk=study.pk)
    if study.status not in allowed:
        raise RatingsMissing(_("The study has moved on; reload the page."))
    return study


def _before_the_board(study: CutStudy, by: User) -> CutStudy:
    if not can_confirm_cut(by):
        raise NotPermitted
    study = CutStudy.objects.select_for_update(of=("self",)).select_related("paper__exam").get(pk=study.pk)
    if study.status != Status.PROPOSED:
        raise RatingsMissing(_("No cut is proposed; reload the page."))
    if study.proposed_by_id == by.pk:
        raise SecondPersonNeeded
    return study


def _require_complete(study: CutStudy, number: int) -> None:
    behind = judges_behind(study, number)
    if behind:
        raise RatingsMissing(_("Not every judge has rated every item: %(names)s.") % {"names": ", ".join(behind)})


def _require_unseen(study: CutStudy) -> None:
    """A cut chosen by people who know who would pass is not a standard. The lock makes a release wait its turn."""
    list(Result.objects.select_for_update(of=("self",)).filter(attempt__paper=study.paper).values_list("pk", flat=True))
    if released_results(study.paper).exists():
        raise CutLocked
