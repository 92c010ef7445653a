"""Marks and what they settle: nobody marks a person they instructed, watched or are; what is handed in stays."""

from __future__ import annotations

from exams.triggers.conditions import attempt_in_rehearsal, changed

CANDIDATE = (
    "SELECT 1 FROM exams_markingtask t JOIN exams_attempt a ON a.id = t.attempt_id "
    "JOIN exams_registration r ON r.id = a.registration_id"
)
# partners.impartiality says the same in Python; {look_back} is each vendor's way to count months.
INSTRUCTED = (
    f"EXISTS ({CANDIDATE} JOIN partners_cohortplace p ON p.user_id = r.candidate_id "
    "JOIN partners_cohort c ON c.id = p.cohort_id "
    "WHERE t.id = NEW.task_id AND c.instructor_id = NEW.marker_id AND c.ends_on >= {look_back})"
)
SELF = f"EXISTS ({CANDIDATE} WHERE t.id = NEW.task_id AND r.candidate_id = NEW.marker_id)"
WATCHED = (
    f"EXISTS ({CANDIDATE} JOIN exams_sittingstaff s ON s.sitting_id = r.sitting_id "
    "WHERE t.id = NEW.task_id AND s.user_id = NEW.marker_id AND s.duty = 'invigilator')"
)
SETTLED = "EXISTS (SELECT 1 FROM exams_markingtask t WHERE t.id = NEW.task_id AND t.status = 'settled')"
OF_REHEARSAL = f"EXISTS (SELECT 1 FROM exams_markingtask t WHERE t.id = OLD.task_id AND {attempt_in_rehearsal('t.attempt_id')})"
LOOK_BACK = {
    "sqlite": "date(COALESCE(NEW.marked_at, NEW.assigned_at), '-24 months')",
    "postgresql": "(COALESCE(NEW.marked_at, NEW.assigned_at) - interval '24 months')::date",
}

# name, table, act, refused when, in words
TRIGGERS = [
    (
        "exams_mark_final",
        "exams_mark",
        "UPDATE",
        "(OLD.marked_at IS NOT NULL OR NEW.task_id <> OLD.task_id OR NEW.round <> OLD.round)",
        "a mark that was handed in never changes",
    ),
    (
        "exams_mark_kept",
        "exams_mark",
        "DELETE",
        f"(OLD.marked_at IS NOT NULL AND NOT {OF_REHEARSAL})",
        "a mark that was handed in is kept",
    ),
    (
        "exams_markingtask_same",
        "exams_markingtask",
        "UPDATE",
        "(OLD.status = 'settled' OR "
        + changed("uuid", "attempt_id", "position", "version_id", "script", "is_double", "third_above", "opened_at")
        + ")",
        "a settled answer and the rule it is marked by never change",
    ),
    (
        "exams_markingtask_kept",
        "exams_markingtask",
        "DELETE",
        f"NOT {attempt_in_rehearsal('OLD.attempt_id')}",
        "answers to mark are kept",
    ),
]
for act in ("INSERT", "UPDATE"):
    TRIGGERS += [
        (f"exams_mark_taught_{act.lower()}", "exams_mark", act, INSTRUCTED, "nobody marks a person they instructed"),
        (f"exams_mark_own_{act.lower()}", "exams_mark", act, f"({SELF} OR {WATCHED})", "nobody marks where they took part"),
        (f"exams_mark_late_{act.lower()}", "exams_mark", act, SETTLED, "a settled answer takes no more marks"),
    ]
