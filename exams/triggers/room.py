"""Sections of a run, and answers that came too late."""

from __future__ import annotations

from exams.triggers.conditions import attempt_in_rehearsal, changed

BUNDLE_IN_REHEARSAL = (
    "EXISTS (SELECT 1 FROM exams_latebundle b JOIN exams_attempt a ON a.id = b.attempt_id "
    "JOIN exams_registration r ON r.id = a.registration_id JOIN exams_sitting s ON s.id = r.sitting_id "
    "WHERE b.id = OLD.bundle_id AND s.is_rehearsal)"
)

# name, table, act, refused when, in words
TRIGGERS = [
    (
        "exams_section_left",
        "exams_attemptsection",
        "UPDATE",
        "("
        + changed("attempt_id", "number", "opened_at")
        + " OR (OLD.left_at IS NOT NULL AND "
        + changed("left_at", "closes_at", "accept_until")
        + "))",
        "a section that was left stays left",
    ),
    (
        "exams_section_kept",
        "exams_attemptsection",
        "DELETE",
        f"NOT {attempt_in_rehearsal('OLD.attempt_id')}",
        "the sections of a run are kept",
    ),
    (
        "exams_latebundle_same",
        "exams_latebundle",
        "UPDATE",
        changed("uuid", "attempt_id", "answers", "reason", "received_at", "sha256"),
        "a late bundle never changes",
    ),
    (
        "exams_latebundle_kept",
        "exams_latebundle",
        "DELETE",
        f"NOT {attempt_in_rehearsal('OLD.attempt_id')}",
        "late bundles are kept",
    ),
    (
        "exams_latedecision_final",
        "exams_latedecision",
        "UPDATE",
        "(OLD.confirmed_at IS NOT NULL OR " + changed("bundle_id", "verdict", "reason", "proposed_by_id", "proposed_at") + ")",
        "a decision on late answers never changes",
    ),
    (
        "exams_latedecision_kept",
        "exams_latedecision",
        "DELETE",
        f"(OLD.confirmed_at IS NOT NULL AND NOT {BUNDLE_IN_REHEARSAL})",
        "a decision on late answers is kept",
    ),
]
