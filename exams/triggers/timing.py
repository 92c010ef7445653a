"""Breaks, added time, exceptions from the retake rules: kept as they were written."""

from __future__ import annotations

from exams.triggers.conditions import attempt_in_rehearsal, changed

REHEARSED = "EXISTS (SELECT 1 FROM exams_sitting s WHERE s.id = OLD.sitting_id AND s.is_rehearsal)"

# name, table, act, refused when, in words
TRIGGERS = [
    (
        "exams_attemptbreak_same",
        "exams_attemptbreak",
        "UPDATE",
        "(OLD.ended_at IS NOT NULL OR " + changed("attempt_id", "started_at", "ends_by") + ")",
        "a break only ends, once",
    ),
    (
        "exams_attemptbreak_kept",
        "exams_attemptbreak",
        "DELETE",
        f"NOT {attempt_in_rehearsal('OLD.attempt_id')}",
        "breaks are kept",
    ),
    (
        "exams_timegrant_same",
        "exams_timegrant",
        "UPDATE",
        changed("uuid", "sitting_id", "is_for_all", "seconds", "category", "note", "granted_by_id", "granted_at", "undoes_id"),
        "added time never changes; it is taken back by another row",
    ),
    ("exams_timegrant_kept", "exams_timegrant", "DELETE", f"NOT {REHEARSED}", "added time is kept"),
    (
        "exams_addedtime_same",
        "exams_addedtime",
        "UPDATE",
        changed("grant_id", "attempt_id", "seconds"),
        "added time never changes; it is taken back by another row",
    ),
    (
        "exams_addedtime_kept",
        "exams_addedtime",
        "DELETE",
        f"NOT {attempt_in_rehearsal('OLD.attempt_id')}",
        "added time is kept",
    ),
    (
        "exams_retakeexception_same",
        "exams_retakeexception",
        "UPDATE",
        changed("exam_id", "candidate_id", "reason", "granted_by_id", "granted_at"),
        "an exception only finds its registration",
    ),
    ("exams_retakeexception_kept", "exams_retakeexception", "DELETE", "(OLD.id IS NOT NULL)", "exceptions are kept"),
]
