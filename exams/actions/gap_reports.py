"""The bank-gap report: for one, two, … parallel papers, what would have to be written first."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from common.errors import DomainError
from common.events import ring
from exams.actions.claims import CLAIM, kept_claim
from exams.actions.paper_sets import MOST_TRIES
from exams.assembly import apart
from exams.assembly.plan import MOST_PAPERS, Limits
from exams.errors import NotYourBank
from exams.models import Blueprint, GapReport
from exams.queries.assembling import LETTERS, plan_of, pool_of
from exams.queries.drawing import enemy_pairs
from exams.queries.paper_sets import due_gap_reports
from exams.rules.bank import can_administer_exams

log = structlog.get_logger("touchstone.exams")

Status, Step = GapReport.Status, GapReport.Step
# The bank grows under a report; older than this, the sweeper has it worked out anew.
STANDS_FOR = timedelta(days=1)
# Named like papers, though nobody will sit them.
NAMES = (*LETTERS, "F")


@transaction.atomic
def request_gap_report(blueprint: Blueprint, *, paper_count: int, by: User, at: datetime | None = None) -> GapReport:
    """Work out, or anew, what the bank lacks for up to so many papers. Raises NotYourBank, BlueprintInvalid."""
    if not can_administer_exams(by):
        raise NotYourBank
    count = min(max(paper_count, 1), MOST_PAPERS)
    plan_of(blueprint, letters=NAMES[:count], limits=Limits())
    report, _is_new = GapReport.objects.select_for_update().get_or_create(
        blueprint=blueprint, defaults={"asked_at": at or timezone.now()}
    )
    report.paper_count, report.asked_by = count, by
    record("gap_report.requested", report, by=by, summary=blueprint.code, details={"papers": count}, at=at)
    return _ask(report, at=at)


def _ask(report: GapReport, *, at: datetime | None) -> GapReport:
    from exams.tasks import work_out_gaps_task

    if report.status == Status.SOLVING and report.claimed_until and report.claimed_until > (at or timezone.now()):
        return report
    report.status, report.tries, report.failure, report.asked_at = Status.WAITING, 0, "", at or timezone.now()
    report.save()
    ring(work_out_gaps_task, report.pk)
    return report


@transaction.atomic
def renew_old_gap_reports(*, at: datetime | None = None) -> int:
    """Have reports that are older than a day worked out anew: that is what makes them standing."""
    before = (at or timezone.now()) - STANDS_FOR
    old = GapReport.objects.select_for_update().filter(status=Status.DONE, finished_at__lt=before)
    return len([_ask(report, at=at) for report in old])


def work_out_gaps(report_id: int, *, at: datetime | None = None) -> GapReport | None:
    """Ask the solver for one paper, two, … None when another worker has it, or when it is done."""
    now = at or timezone.now()
    due = due_gap_reports(now).filter(pk=report_id).order_by()
    if not due.update(status=Status.SOLVING, step=Step.READING, claimed_until=now + CLAIM, tries=F("tries") + 1):
        return None
    report = GapReport.objects.select_related("blueprint__bank").get(pk=report_id)
    if report.tries > MOST_TRIES:
        return _end(report, Status.FAILED, failure=_("The worker ended every time before the answer was found."))
    try:
        with kept_claim(GapReport.objects.filter(pk=report.pk, status=Status.SOLVING, tries=report.tries)):
            rows = _rows(report)
        return _end(report, Status.DONE, rows=rows)
    except DomainError as refusal:
        return _end(report, Status.FAILED, failure=str(refusal.text))
    except Exception as error:  # the row must say what happened, whatever it was
        log.warning("gap_report_failed", report=report.pk, error=type(error).__name__)
        if report.tries < MOST_TRIES:
            GapReport.objects.filter(pk=report.pk).update(status=Status.WAITING, claimed_until=None)
            raise
        return _end(report, Status.FAILED, failure=f"{type(error).__name__}: {error}")
    finally:
        apart.rest()


def _rows(report: GapReport) -> list[dict[str, object]]:
    pool, enemies = pool_of(report.blueprint), enemy_pairs(report.blueprint.bank)
    rows: list[dict[str, object]] = []
    for count in range(1, report.paper_count + 1):
        GapReport.objects.filter(pk=report.pk, tries=report.tries).update(step=Step.SOLVING)
        plan = plan_of(report.blueprint, letters=NAMES[:count], limits=Limits())
        found = apart.missing_items(pool, plan, enemies, seed=report.seed)
        rows.append(
            {
                "papers": count,
                "gaps": [asdict(gap) for gap in found.gaps],
                "is_known": not found.ran_out_of_time,
                "gaps_are_fewest": found.gaps_are_fewest,
            }
        )
    return rows


def _end(report: GapReport, status: str, *, rows: list[dict[str, object]] | None = None, failure: str = "") -> GapReport | None:
    """Nothing when another worker has taken the row over meanwhile."""
    changes: dict[str, Any] = {
        "status": status,
        "step": "",
        "failure": failure[:500],
        "claimed_until": None,
        "finished_at": timezone.now(),
    }
    if rows is not None:
        changes["report"] = {"rows": rows}
    if not GapReport.objects.filter(pk=report.pk, tries=report.tries, status=Status.SOLVING).update(**changes):
        return None
    report.refresh_from_db()
    return report
