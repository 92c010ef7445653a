"""Re-marks as their readers, the dry run and the sweeper ask for them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When
from django.utils import timezone

from exams.models import BoardEntry, ItemVersion, Paper, Remark, Result, ResultChange
from exams.queries.board_records import canonical_number
from exams.signals import what_rests_on_results

NUMBERS = ("raw", "max", "cut")


def due_remarks(at: datetime | None = None) -> QuerySet[Remark]:
    """Dry runs nobody is doing: waiting, or claimed by a worker whose time is over."""
    now = at or timezone.now()
    return Remark.objects.filter(
        Q(status=Remark.Status.WAITING) | Q(status=Remark.Status.RUNNING, claimed_until__lt=now)
    ).order_by("asked_at")


def papers_with(version_id: int) -> QuerySet[Paper]:
    """Every paper that has this very version, whatever became of it."""
    return Paper.objects.filter(items__version=version_id).select_related("exam__blueprint").distinct().order_by("pk")


def results_under(paper: Paper) -> QuerySet[Result]:
    return Result.objects.filter(attempt__paper=paper).select_related("attempt").order_by("pk")


def is_being_released(remark: Remark) -> bool:
    """Whether results of a paper with this version are on their way out at this moment."""
    return BoardEntry.objects.filter(
        record__status="signed", result__status=Result.Status.HELD, result__attempt__paper__items__version=remark.version_id
    ).exists()


def what_rests_on(changes: Iterable[ResultChange]) -> list[dict[str, Any]]:
    """What other packages say rests on the released results that change, in a fixed order.

    A receiver that fails fails the act: what is touched has to be known before anybody commits.
    """
    uuids = [str(change.result.uuid) for change in changes if change.was_released]
    answers: list[Any] = what_rests_on_results.send(sender=None, result_uuids=uuids) if uuids else []
    found = [row for _receiver, rows in answers for row in rows or ()]
    return sorted(found, key=lambda row: (row["kind"], row["name"], row["result"]))


def digest_of_run(remark: Remark, changes: Iterable[ResultChange], touched: list[dict[str, Any]]) -> str:
    """SHA-256 over the correction, every change and everything touched: what a commit has to find again."""
    content = [
        str(remark.uuid),
        remark.kind,
        remark.keys,
        sorted(_as_found(change) for change in changes),
        [[row["kind"], row["name"], row["status"], row["result"]] for row in touched],
    ]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _as_found(change: ResultChange) -> list[str]:
    found = [str(change.result.uuid)]
    for when in ("before", "after"):
        found += [canonical_number(getattr(change, f"{name}_{when}")) for name in NUMBERS]
        found += [str(getattr(change, f"scaled_{when}")), getattr(change, f"outcome_{when}")]
        found.append(json.dumps(getattr(change, when), sort_keys=True, ensure_ascii=False))
    return [*found, str(change.was_released)]


def changes_of(remark: Remark) -> QuerySet[ResultChange]:
    """Real candidates' changes, those that turn an outcome first."""
    return (
        remark.changes.filter(result__attempt__registration__sitting__is_rehearsal=False)
        .select_related("result__attempt__registration__candidate", "result__attempt__registration__sitting")
        .annotate(turned=Case(When(outcome_before=F("outcome_after"), then=0), default=1))
        .order_by("-turned", "pk")
    )


def history_of(result: Result) -> QuerySet[ResultChange]:
    """The committed corrections of a result, the newest first."""
    committed = result.changes.filter(remark__status=Remark.Status.COMMITTED)
    return committed.select_related("remark").order_by("-remark__decided_at", "-pk")


def counts_of(remark: Remark) -> dict[str, int]:
    """How many real results change, how many turn, and which way; one query."""
    passed, failed = Result.Outcome.PASSED, Result.Outcome.FAILED
    counts: dict[str, int] = remark.changes.filter(result__attempt__registration__sitting__is_rehearsal=False).aggregate(
        changed=Count("pk"),
        up=Count("pk", filter=Q(outcome_before=failed, outcome_after=passed)),
        down=Count("pk", filter=Q(outcome_before=passed, outcome_after=failed)),
        released=Count("pk", filter=Q(result__status=Result.Status.RELEASED)),
    )
    return counts


def versions_with_results(search: str) -> QuerySet[ItemVersion]:
    """Versions that somebody was scored on; `search` looks into the item's code."""
    scored = Result.objects.filter(attempt__paper__items__version=OuterRef("pk"))
    versions = ItemVersion.objects.filter(Exists(scored)).select_related("item")
    if search:
        versions = versions.filter(item__code__icontains=search)
    return versions.prefetch_related("wordings", "options__wordings").order_by("item__code", "number")
