"""Attempts and answers."""

from __future__ import annotations

from exams.triggers.conditions import CLOSED, attempt_in_rehearsal, changed, in_rehearsal

# name, table, act, refused when, in words
TRIGGERS = [
    (
        "exams_upload_same",
        "exams_upload",
        "UPDATE",
        changed("uuid", "attempt_id", "position", "name", "file", "size", "sha256", "media_type", "uploaded_at"),
        "an uploaded file never changes; another one is added",
    ),
    ("exams_upload_kept", "exams_upload", "DELETE", f"NOT {attempt_in_rehearsal('OLD.attempt_id')}", "uploads are kept"),
    (
        "exams_response_rises",
        "exams_response",
        "UPDATE",
        "(NEW.seq <= OLD.seq OR NEW.attempt_id <> OLD.attempt_id OR NEW.position <> OLD.position)",
        "the sequence number of a response only rises",
    ),
    ("exams_response_kept", "exams_response", "DELETE", f"NOT {attempt_in_rehearsal('OLD.attempt_id')}", "responses are kept"),
    (
        "exams_attempt_moves",
        "exams_attempt",
        "UPDATE",
        "(NEW.status <> OLD.status AND NOT (OLD.status = 'open' AND NEW.status IN ('paused', 'submitted', 'timed_out')) "
        "AND NOT (OLD.status = 'paused' AND NEW.status IN ('open', 'submitted', 'timed_out')))",
        "this move of an attempt is not legal",
    ),
    (
        "exams_attempt_identity",
        "exams_attempt",
        "UPDATE",
        changed("uuid", "registration_id", "paper_id", "language", "started_at", "break_seconds"),
        "an attempt keeps its registration, paper, language, start and breaks",
    ),
    (
        "exams_attempt_final",
        "exams_attempt",
        "UPDATE",
        f"(OLD.status IN {CLOSED} AND "
        + changed("submitted_at", "receipt", "closes_at", "accept_until", "paused_at", "added_seconds")
        + ")",
        "a closed attempt is final",
    ),
    ("exams_attempt_kept", "exams_attempt", "DELETE", f"NOT {in_rehearsal('OLD.registration_id')}", "attempts are kept"),
]
