"""Invariants 1, 11 and 13 over what happens to results: records, re-marks, appeals (see exams.integrity)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import CharField, Exists, F, OuterRef
from django.db.models.functions import Cast

from accounts.models import AuditEntry
from common.integrity import Violation, invariant
from exams.clock import server_now
from exams.models import BoardEntry, BoardRecord, Remark, Result, ResultAppeal, ResultChange
from exams.queries.board_records import digest_of, due_releases
from exams.queries.remarks import digest_of_run, due_remarks, history_of

# A sweep runs every few seconds; a dry run of a large paper takes minutes, a release less.
WORK_TAKES = timedelta(minutes=40)
CLOSED_RECORDS = (BoardRecord.Status.SIGNED, BoardRecord.Status.RELEASED)


@invariant(1, "a corrected result is as its last committed re-mark left it")
def corrected_results_match_their_history() -> Iterator[Violation]:
    committed = ResultChange.objects.filter(remark__status=Remark.Status.COMMITTED, result=OuterRef("pk"))
    for result in Result.objects.filter(Exists(committed)).iterator():
        last = history_of(result).first()
        if last and (result.raw_score, result.max_score, result.outcome) != (
            last.raw_after,
            last.max_after,
            last.outcome_after,
        ):
            yield Violation(f"result {result.pk}", "it is not what its last committed re-mark left")


@invariant(1, "a committed re-mark is what its dry run listed")
def remarks_match_their_dry_run() -> Iterator[Violation]:
    for remark in Remark.objects.filter(status=Remark.Status.COMMITTED):
        changes = list(remark.changes.select_related("result"))
        # A rehearsal that was cleaned away has taken its rows along; then there is nothing whole to compare.
        whole = len(changes) == remark.changed
        if whole and digest_of_run(remark, changes, remark.touched) != remark.digest:
            yield Violation(f"re-mark {remark.pk}", "its changes are not those of its dry run")
        if len(changes) > remark.changed:
            yield Violation(f"re-mark {remark.pk}", "it has more changes than its dry run listed")


@invariant(11, "no dry run and no release is forgotten")
def no_result_work_is_forgotten() -> Iterator[Violation]:
    before = server_now() - WORK_TAKES
    for remark in due_remarks(before).filter(asked_at__lt=before):
        yield Violation(f"re-mark {remark.pk}", "its dry run was asked for and nobody does it")
    for record in due_releases().filter(second_at__lt=before):
        yield Violation(f"board record {record.pk}", "it is signed and its results are not out")


@invariant(13, "every released result is under a record that two people signed")
def releases_are_signed() -> Iterator[Violation]:
    signed = BoardEntry.objects.filter(result=OuterRef("pk"), record__status__in=CLOSED_RECORDS)
    released = Result.objects.filter(status=Result.Status.RELEASED, attempt__registration__sitting__is_rehearsal=False).exclude(
        Exists(signed)
    )
    for pk in released.values_list("pk", flat=True):
        yield Violation(f"result {pk}", "it was released without a signed record")


@invariant(13, "a signed board record is as it was signed")
def records_match_their_digest() -> Iterator[Violation]:
    for record in BoardRecord.objects.filter(status__in=CLOSED_RECORDS).prefetch_related("entries"):
        if digest_of(entry.digest for entry in record.entries.all()) != record.digest:
            yield Violation(f"board record {record.pk}", "its digest is not that of its results")
        if record.first_by_id is None or record.first_by_id == record.second_by_id:
            yield Violation(f"board record {record.pk}", "two people did not sign it")


@invariant(13, "re-marks and appeals were decided by another person, and have their audit entries")
def decisions_are_others_and_audited() -> Iterator[Violation]:
    alone = Remark.objects.filter(status=Remark.Status.COMMITTED, decided_by=F("proposed_by"))
    for pk in alone.values_list("pk", flat=True):
        yield Violation(f"re-mark {pk}", "whoever proposed it committed it")
    decided = ResultAppeal.objects.filter(status__in=["upheld", "rejected"])
    kinds = (
        ("re-mark", Remark.objects.filter(status=Remark.Status.COMMITTED), "remark.committed"),
        ("board record", BoardRecord.objects.filter(status__in=CLOSED_RECORDS), "board_record.signed"),
        ("appeal", decided, "result_appeal.decided"),
    )
    for name, rows, act in kinds:
        entries = AuditEntry.objects.filter(
            act=act,
            thing=rows.model._meta.label_lower,  # type: ignore[attr-defined]
            thing_id=Cast(OuterRef("pk"), CharField()),
        )
        for pk in rows.exclude(Exists(entries)).values_list("pk", flat=True):  # type: ignore[attr-defined]
            yield Violation(f"{name} {pk}", "decided without an audit entry")
