"""Results and what may happen to them: board records, re-marks, appeals."""

from __future__ import annotations

from exams.triggers.conditions import attempt_in_rehearsal, changed

SCORES = ("raw_score", "max_score", "cut_score", "scaled_score", "outcome", "areas", "positions")


def under_signed_record(result: object) -> str:
    return (
        "EXISTS (SELECT 1 FROM exams_boardentry e JOIN exams_boardrecord b ON b.id = e.record_id "
        f"WHERE e.result_id = {result} AND b.status = 'signed')"
    )


# A committed re-mark foresaw exactly this step.
FORESEEN = (
    "EXISTS (SELECT 1 FROM exams_resultchange c JOIN exams_remark m ON m.id = c.remark_id "
    "WHERE c.result_id = OLD.id AND m.status = 'committed' "
    "AND c.raw_before = OLD.raw_score AND c.max_before = OLD.max_score AND c.cut_before = OLD.cut_score "
    "AND c.scaled_before = OLD.scaled_score AND c.outcome_before = OLD.outcome "
    "AND c.raw_after = NEW.raw_score AND c.max_after = NEW.max_score AND c.cut_after = NEW.cut_score "
    "AND c.scaled_after = NEW.scaled_score AND c.outcome_after = NEW.outcome)"
)


def record_closed(record: object) -> str:
    return f"EXISTS (SELECT 1 FROM exams_boardrecord b WHERE b.id = {record} AND b.status IN ('signed', 'released'))"


def remark_committed(remark: object) -> str:
    return f"EXISTS (SELECT 1 FROM exams_remark m WHERE m.id = {remark} AND m.status = 'committed')"


def remark_in_rehearsal(result: object) -> str:
    return (
        "EXISTS (SELECT 1 FROM exams_result t JOIN exams_attempt a ON a.id = t.attempt_id "
        "JOIN exams_registration r ON r.id = a.registration_id JOIN exams_sitting s ON s.id = r.sitting_id "
        f"WHERE t.id = {result} AND s.is_rehearsal)"
    )


# Whoever is a candidate under a record neither drafts nor signs it.
SIGNED_BY_A_CANDIDATE = (
    "EXISTS (SELECT 1 FROM exams_boardentry e JOIN exams_result t ON t.id = e.result_id "
    "JOIN exams_attempt a ON a.id = t.attempt_id JOIN exams_registration r ON r.id = a.registration_id "
    "WHERE e.record_id = NEW.id AND r.candidate_id IN (NEW.drafted_by_id, NEW.first_by_id, NEW.second_by_id))"
)

# Released, signed, marked, or on duty at the sitting.
TOOK_PART = (
    "(EXISTS (SELECT 1 FROM exams_result t WHERE t.id = NEW.result_id AND t.released_by_id = NEW.decided_by_id) "
    "OR EXISTS (SELECT 1 FROM exams_boardentry e JOIN exams_boardrecord b ON b.id = e.record_id "
    "WHERE e.result_id = NEW.result_id AND NEW.decided_by_id IN (b.first_by_id, b.second_by_id)) "
    "OR EXISTS (SELECT 1 FROM exams_mark m JOIN exams_markingtask k ON k.id = m.task_id "
    "JOIN exams_result t ON t.attempt_id = k.attempt_id WHERE t.id = NEW.result_id AND m.marker_id = NEW.decided_by_id) "
    "OR EXISTS (SELECT 1 FROM exams_sittingstaff f JOIN exams_registration r ON r.sitting_id = f.sitting_id "
    "JOIN exams_attempt a ON a.registration_id = r.id JOIN exams_result t ON t.attempt_id = a.id "
    "WHERE t.id = NEW.result_id AND f.user_id = NEW.decided_by_id))"
)

# name, table, act, refused when, in words
TRIGGERS = [
    (
        "exams_result_final",
        "exams_result",
        "UPDATE",
        "(OLD.status = 'released' AND ("
        + changed("status", "attempt_id", "released_at", "released_by_id")
        + f" OR ({changed(*SCORES)} AND NOT {FORESEEN})))",
        "a released result is final",
    ),
    (
        "exams_result_signed",
        "exams_result",
        "UPDATE",
        f"(OLD.status = 'held' AND {changed(*SCORES)} AND {under_signed_record('OLD.id')})",
        "a result under a signed record does not change before it is released",
    ),
    (
        "exams_result_released",
        "exams_result",
        "UPDATE",
        "(OLD.status = 'held' AND NEW.status = 'released' "
        f"AND NOT {attempt_in_rehearsal('OLD.attempt_id')} AND NOT {under_signed_record('OLD.id')})",
        "results are released by a record that two people signed",
    ),
    ("exams_result_kept", "exams_result", "DELETE", f"NOT {attempt_in_rehearsal('OLD.attempt_id')}", "results are kept"),
    (
        "exams_boardrecord_signed",
        "exams_boardrecord",
        "UPDATE",
        "(OLD.status IN ('signed', 'released', 'withdrawn') AND ("
        + changed(
            "uuid", "sitting_id", "number", "incidents", "decision", "figures", "digest", "drafted_by_id", "drafted_at",
            "first_by_id", "first_at", "second_by_id", "second_at", "withdrawn_because",
        )
        + " OR NOT (NEW.status = OLD.status OR (OLD.status = 'signed' AND NEW.status = 'released'))))",
        "a signed record never changes",
    ),
    (
        "exams_boardrecord_party",
        "exams_boardrecord",
        "UPDATE",
        f"(NEW.status IN ('draft', 'signed') AND {SIGNED_BY_A_CANDIDATE})",
        "nobody signs a record of their own result",
    ),
    (
        "exams_boardrecord_kept",
        "exams_boardrecord",
        "DELETE",
        "(OLD.status IN ('signed', 'released', 'withdrawn'))",
        "a board record is kept",
    ),
    ("exams_boardentry_added", "exams_boardentry", "INSERT", record_closed("NEW.record_id"), "a signed record never changes"),
    (
        "exams_boardentry_signed",
        "exams_boardentry",
        "UPDATE",
        f"({record_closed('OLD.record_id')} OR {record_closed('NEW.record_id')})",
        "a signed record never changes",
    ),
    ("exams_boardentry_kept", "exams_boardentry", "DELETE", record_closed("OLD.record_id"), "a signed record never changes"),
    (
        "exams_remark_decided",
        "exams_remark",
        "UPDATE",
        "(OLD.status IN ('committed', 'refused') AND "
        + changed(
            "uuid", "version_id", "kind", "keys", "reason", "words", "words_zh", "status", "proposed_by_id", "touched",
            "digest", "decided_by_id", "decided_at",
        )
        + ")",
        "a decided re-mark never changes",
    ),
    (
        "exams_remark_same",
        "exams_remark",
        "UPDATE",
        changed("uuid", "version_id", "kind", "keys", "reason", "words", "words_zh", "proposed_by_id"),
        "a proposed re-mark keeps what was proposed",
    ),
    ("exams_remark_kept", "exams_remark", "DELETE", "(OLD.status IN ('committed', 'refused'))", "a decided re-mark is kept"),
    (
        "exams_resultchange_added",
        "exams_resultchange",
        "INSERT",
        remark_committed("NEW.remark_id"),
        "a committed re-mark never changes",
    ),
    (
        "exams_resultchange_same",
        "exams_resultchange",
        "UPDATE",
        f"({remark_committed('OLD.remark_id')} OR {remark_committed('NEW.remark_id')})",
        "a committed re-mark never changes",
    ),
    (
        "exams_resultchange_kept",
        "exams_resultchange",
        "DELETE",
        f"({remark_committed('OLD.remark_id')} AND NOT {remark_in_rehearsal('OLD.result_id')})",
        "the history of results is kept",
    ),
    (
        "exams_appeal_moves",
        "exams_resultappeal",
        "UPDATE",
        "(NEW.status <> OLD.status AND NOT (OLD.status = 'open' AND NEW.status IN ('under_review', 'withdrawn')) "
        "AND NOT (OLD.status = 'under_review' AND NEW.status IN ('upheld', 'rejected', 'withdrawn')))",
        "this move of an appeal is not legal",
    ),
    (
        "exams_appeal_decided",
        "exams_resultappeal",
        "UPDATE",
        "(OLD.status IN ('upheld', 'rejected', 'withdrawn') AND "
        + changed("decided_by_id", "decided_at", "outcome", "free_resit", "reason")
        + ")",
        "a decided appeal is final",
    ),
    (
        "exams_appeal_same",
        "exams_resultappeal",
        "UPDATE",
        changed("uuid", "result_id", "appellant_id", "reason", "opened_at", "due_at"),
        "an appeal stays as it came",
    ),
    (
        "exams_appeal_impartial",
        "exams_resultappeal",
        "UPDATE",
        f"(NEW.status IN ('upheld', 'rejected') AND OLD.status <> NEW.status AND {TOOK_PART})",
        "whoever took part in a result does not decide an appeal against it",
    ),
    ("exams_appeal_kept", "exams_resultappeal", "DELETE", "(OLD.id IS NOT NULL)", "an appeal is kept"),
]  # fmt: skip
