"""What a board record is about: the results it covers, their figures, and the digest that signing compares."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from exams.models import Attempt, BoardRecord, CutDecision, Paper, Result, Sitting

CLOSED = (Attempt.Status.SUBMITTED, Attempt.Status.TIMED_OUT)


def held_results_of(sitting: Sitting) -> QuerySet[Result]:
    """Scored and under no record that was signed: what the next record covers."""
    return (
        Result.objects.filter(attempt__registration__sitting=sitting, status=Result.Status.HELD)
        .exclude(board_entry__record__status__in=[BoardRecord.Status.SIGNED, BoardRecord.Status.RELEASED])
        .order_by("pk")
    )


def canonical_number(number: Decimal | int | str) -> str:
    """The same text for a number however it was read: 3, 3.0 and 3.000 are one score."""
    return f"{Decimal(number).normalize():f}"


def fingerprint(result: Result) -> str:
    """SHA-256 over the result as it stands: whose attempt, points, cut, outcome, areas and positions."""
    content = [
        str(result.attempt.uuid),
        canonical_number(result.raw_score),
        canonical_number(result.max_score),
        canonical_number(result.cut_score),
        result.scaled_score,
        result.outcome,
        result.is_provisional,
        result.areas,
        result.positions,
    ]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def digest_of(fingerprints: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(fingerprints)).encode()).hexdigest()


def figures_of(sitting: Sitting, results: list[Result]) -> dict[str, Any]:
    """The sitting in figures, and the covered results by paper, as the board is to see them."""
    attempts = Attempt.objects.filter(registration__sitting=sitting).aggregate(
        attended=Count("pk"),
        running=Count("pk", filter=~Q(status__in=CLOSED)),
        unscored=Count("pk", filter=Q(status__in=CLOSED, result=None)),
        released=Count("pk", filter=Q(result__status=Result.Status.RELEASED)),
    )
    papers = Paper.objects.filter(pk__in={result.attempt.paper_id for result in results}).order_by("code")
    decisions = {each.paper_id: each for each in CutDecision.objects.filter(paper__in=papers)}  # type: ignore[attr-defined]
    return {
        "registered": sitting.registrations.filter(status="registered").count(),
        **attempts,
        "covered": len(results),
        "papers": [
            _paper_figures(paper, [each for each in results if each.attempt.paper_id == paper.pk], decisions.get(paper.pk))
            for paper in papers
        ],
    }


def _paper_figures(paper: Paper, results: list[Result], decision: CutDecision | None) -> dict[str, Any]:
    shares = [100 * result.raw_score / result.max_score for result in results if result.max_score]
    scaled = [result.scaled_score for result in results]
    passed = sum(result.outcome == Result.Outcome.PASSED for result in results)
    return {
        "paper": paper.code,
        "n": len(results),
        "passed": passed,
        "pass_rate": round(100 * passed / len(results), 1),
        "mean_percent": round(float(sum(shares) / len(shares)), 1) if shares else None,
        "mean_scaled": round(sum(scaled) / len(scaled), 1),
        "lowest_scaled": min(scaled),
        "highest_scaled": max(scaled),
        "cut_percent": canonical_number(decision.cut_percent if decision else paper.cut_percent),
        "cut_is_decided": decision is not None,
    }


def sittings_awaiting_board() -> QuerySet[Sitting]:
    """Real sittings with results that no signed record covers, the longest waiting first."""
    held = Q(
        registrations__attempts__result__status=Result.Status.HELD,
        registrations__candidate__is_synthetic=False,
    ) & (
        Q(registrations__attempts__result__board_entry=None)
        | Q(registrations__attempts__result__board_entry__record__status="draft")
    )
    return (
        Sitting.objects.filter(is_rehearsal=False)
        .annotate(
            held_count=Count("registrations__attempts__result", filter=held, distinct=True),
            waiting_since=Min("registrations__attempts__result__scored_at", filter=held),
        )
        .filter(held_count__gt=0)
        .select_related("exam")
        .order_by("waiting_since", "pk")
    )


def due_releases() -> QuerySet[BoardRecord]:
    """Signed records whose results are not all out."""
    return BoardRecord.objects.filter(status=BoardRecord.Status.SIGNED).order_by("second_at")


def released_count(record: BoardRecord) -> int:
    return record.entries.filter(result__status=Result.Status.RELEASED).count()


def next_number(sitting: Sitting) -> int:
    return (sitting.board_records.aggregate(last=Max("number"))["last"] or 0) + 1
