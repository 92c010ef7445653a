"""Invariants 1 to 4, 6, 11 and 13 over what is stored (docs/architecture.md); `check_integrity` runs them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import CharField, Count, Exists, F, OuterRef, Q
from django.db.models.functions import Cast

from accounts.models import AuditEntry
from common.integrity import Violation, invariant
from exams.actions.delivery import receipt_of
from exams.actions.paper_sets import set_digest
from exams.actions.sealing import paper_digest, paper_items
from exams.clock import server_now
from exams.item_types import key_of
from exams.models import Attempt, Paper, PaperRendering, PaperSet, Response, Result, Upload
from exams.queries.marking import unscored_since
from exams.queries.paper_sets import due_gap_reports, due_sets, findings_of
from exams.queries.reports import due_reports
from exams.rules.deadlines import pause_ends_at
from exams.triggers.installing import TRIGGERS

CLOSED = (Attempt.Status.SUBMITTED, Attempt.Status.TIMED_OUT)
# A sweep runs every few seconds; what waits longer than this was forgotten.
FORGOTTEN_AFTER = timedelta(minutes=5)
# Three tries of the solver's longest, one after the other.
ASSEMBLY_TAKES = timedelta(minutes=40)
PUBLIC_FIELDS = {
    "position", "type", "stem", "options", "unit", "keep_option_order", "scoring", "stimulus",
    "left", "right", "gaps", "image", "words", "accepts", "most_bytes",
}  # fmt: skip
# What the parts of a position may have, by the field they stand in.
PUBLIC_PARTS = {
    "options": {"id", "text"}, "left": {"id", "text"}, "right": {"id", "text"}, "gaps": {"id", "kind", "options"},
    "image": {"src", "width", "height", "alt"}, "scoring": {"rule", "points"}, "words": {"least", "most"},
}  # fmt: skip


@invariant(1, "the receipt says what is stored, and what was marked")
def receipts_match_responses() -> Iterator[Violation]:
    for attempt in Attempt.objects.filter(status__in=CLOSED).select_related("paper").iterator():
        if attempt.submitted_at is None or receipt_of(attempt, attempt.submitted_at) != attempt.receipt:
            yield Violation(f"attempt {attempt.pk}", "its receipt is not that of its stored responses")


@invariant(1, "the result is that of the stored responses")
def results_match_responses() -> Iterator[Violation]:
    from exams.actions.scoring import score_of

    for result in Result.objects.select_related("attempt__paper__exam__blueprint").iterator():
        if not result.attempt.is_open and score_of(result.attempt)["positions"] != result.positions:
            yield Violation(f"result {result.pk}", "scoring the stored responses again gives other points")


@invariant(1, "an uploaded file lies where its row says, whole")
def uploads_are_there() -> Iterator[Violation]:
    for upload in Upload.objects.iterator():
        name = str(upload.file.name)
        if not upload.file.storage.exists(name) or upload.file.storage.size(name) != upload.size:
            yield Violation(f"upload {upload.pk}", "its file is missing or of another size")


@invariant(2, "sequence numbers only rise")
def sequence_numbers_are_guarded() -> Iterator[Violation]:
    """History is not kept, so what is checked is the guard: the triggers, and that no number is below 1."""
    for response in Response.objects.filter(seq__lt=1):
        yield Violation(f"response {response.pk}", "its sequence number is below 1")
    yield from _missing_triggers()


def _missing_triggers() -> Iterator[Violation]:
    wanted = {name for name, *_rest in TRIGGERS}
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
    for name in sorted(wanted - present):
        yield Violation(f"trigger {name}", "it is not in the database")


@invariant(3, "nothing was accepted after the deadline")
def nothing_is_late() -> Iterator[Violation]:
    for response in Response.objects.filter(saved_at__gt=F("attempt__accept_until")):
        yield Violation(f"response {response.pk}", "it was saved after its attempt accepted answers")
    for attempt in Attempt.objects.filter(submitted_at__gt=F("closes_at")):
        yield Violation(f"attempt {attempt.pk}", "it is dated after its deadline")
    grace = {"open", "paused"}
    for attempt in Attempt.objects.filter(status__in=grace).select_related("registration__sitting"):
        allowed = timedelta(seconds=attempt.registration.sitting.grace_seconds)
        if attempt.accept_until - attempt.closes_at != allowed:
            yield Violation(f"attempt {attempt.pk}", "its grace is not the sitting's")


@invariant(4, "one attempt per registration, in a legal state")
def attempts_are_single_and_legal() -> Iterator[Violation]:
    doubled = Attempt.objects.values("registration").annotate(number=Count("pk")).filter(number__gt=1)
    for row in doubled:
        yield Violation(f"registration {row['registration']}", f"it has {row['number']} attempts")
    legal = (
        Q(status=Attempt.Status.OPEN, submitted_at=None, receipt__isnull=True, paused_at=None)
        | Q(status=Attempt.Status.PAUSED, submitted_at=None, receipt__isnull=True, paused_at__isnull=False)
        | Q(status__in=CLOSED, submitted_at__isnull=False, receipt__isnull=False)
    )
    for attempt in Attempt.objects.exclude(legal):
        yield Violation(f"attempt {attempt.pk}", f"{attempt.status} does not fit its other fields")


@invariant(6, "what candidates are served depends on no key")
def renderings_have_no_key() -> Iterator[Violation]:
    for rendering in PaperRendering.objects.select_related("paper").iterator():
        if set(rendering.document) - {"language", "sections", "stimuli"}:
            yield Violation(f"rendering {rendering.pk}", "it has fields beyond the public ones")
        for section in rendering.document["sections"]:
            for position in section["positions"]:
                if beyond_public(position):
                    yield Violation(
                        f"rendering {rendering.pk}", f"position {position['position']} has fields beyond the public ones"
                    )


def beyond_public(position: dict[str, Any]) -> set[str]:
    """The fields of a delivered position, or of its parts, that are not among the public ones."""
    beyond = set(position) - PUBLIC_FIELDS
    for name, allowed in PUBLIC_PARTS.items():
        parts = position.get(name, [])
        for part in parts if isinstance(parts, list) else [parts]:
            beyond |= set(part) - allowed
            beyond |= {field for option in part.get("options", ()) for field in set(option) - {"id", "text"}}
    return beyond


@invariant(6, "a sealed paper is as it was sealed")
def sealed_papers_match_their_digest() -> Iterator[Violation]:
    for paper in Paper.objects.exclude(status=Paper.Status.DRAFT).prefetch_related("renderings"):
        documents = {rendering.language: rendering.document for rendering in paper.renderings.all()}
        items = paper_items(paper)
        if paper_digest(paper, items, documents) != paper.digest:
            yield Violation(f"paper {paper.pk}", "its digest is not that of its items and renderings")
        yield from _accepted_answers_in(paper, documents, items)


def _accepted_answers_in(paper: Paper, documents: dict, items: list) -> Iterator[Violation]:
    """An option token or a rationale in the wrong place would be a leak that the field names do not show."""
    served = json.dumps(list(documents.values()), ensure_ascii=False)
    for item in items:
        rationales = [wording.rationale for wording in item.version.wordings.all() if len(wording.rationale) > 20]
        if any(json.dumps(rationale, ensure_ascii=False)[1:-1] in served for rationale in rationales):
            yield Violation(f"paper {paper.pk}", f"position {item.position} is served with its rationale")
        if not key_of(item.version).points:
            yield Violation(f"paper {paper.pk}", f"position {item.position} is worth nothing")


@invariant(11, "no exam work is forgotten")
def no_work_is_forgotten() -> Iterator[Violation]:
    before = server_now() - FORGOTTEN_AFTER
    for attempt in Attempt.objects.filter(status=Attempt.Status.OPEN, accept_until__lt=before):
        yield Violation(f"attempt {attempt.pk}", "its time is over and nobody closed it")
    for attempt in Attempt.objects.filter(status=Attempt.Status.PAUSED).select_related("registration__sitting"):
        if pause_ends_at(attempt) < before:
            yield Violation(f"attempt {attempt.pk}", "its pause is over and nobody closed it")
    for attempt in unscored_since(before).filter(status__in=CLOSED, submitted_at__lt=before):
        yield Violation(f"attempt {attempt.pk}", "it is closed and was never scored")
    for report in due_reports(before).filter(asked_at__lt=before):
        yield Violation(f"technical report {report.pk}", "it was asked for and nobody makes it")


@invariant(13, "every sealed paper and released result has its audit entry")
def acts_are_audited() -> Iterator[Violation]:
    sealed = Paper.objects.exclude(status=Paper.Status.DRAFT)
    released = Result.objects.filter(status=Result.Status.RELEASED)
    for name, rows, act in (("paper", sealed, "paper.sealed"), ("result", released, "result.released")):
        entries = AuditEntry.objects.filter(
            act=act, thing=rows.model._meta.label_lower, thing_id=Cast(OuterRef("pk"), CharField())
        )
        for pk in rows.filter(~Exists(entries)).values_list("pk", flat=True):
            yield Violation(f"{name} {pk}", f"{act.split('.')[1]} without an audit entry")


@invariant(6, "sealed parallel papers keep the rules they were assembled under")
def sealed_sets_keep_their_rules() -> Iterator[Violation]:
    """The validator again, over the stored rows: it shares no code with the solver."""
    for paper_set in PaperSet.objects.filter(status=PaperSet.Status.SEALED).select_related("exam__blueprint__bank"):
        papers = list(paper_set.papers.order_by("letter"))
        if set_digest(paper_set, papers) != paper_set.digest:
            yield Violation(f"paper set {paper_set.pk}", "its digest is not that of its papers, plan and facts")
        for finding in findings_of(paper_set):
            yield Violation(f"paper set {paper_set.pk}", finding)


@invariant(11, "no assembly is forgotten")
def no_assembly_is_forgotten() -> Iterator[Violation]:
    now = server_now()
    for kind, due in (("paper set", due_sets(now)), ("gap report", due_gap_reports(now))):
        for row in due.filter(asked_at__lt=now - ASSEMBLY_TAKES):
            yield Violation(f"{kind} {row.pk}", "it waits for a worker, and no sweeper rings")
