"""The rules of certification that the database keeps, whoever writes to it. Used by the migrations only."""

from __future__ import annotations

from common.triggers import SQLITE, Trigger

# Who taught a person within this time may not decide on them; `rules.py` says the same in Python.
LOOK_BACK = {SQLITE: "date(NEW.decided_at, '-24 months')", "postgresql": "(NEW.decided_at - interval '24 months')::date"}

TAUGHT = """EXISTS (
    SELECT 1 FROM partners_cohortplace place JOIN partners_cohort cohort ON cohort.id = place.cohort_id
    WHERE place.user_id = NEW.applicant_id AND cohort.instructor_id = NEW.decided_by_id AND cohort.ends_on >= {look_back})"""

EXAMINED = """EXISTS (
    SELECT 1 FROM exams_registration registration
    JOIN exams_sittingstaff duty ON duty.sitting_id = registration.sitting_id
    WHERE registration.candidate_id = NEW.applicant_id AND registration.status <> 'cancelled'
    AND duty.user_id = NEW.decided_by_id)"""

OTHER_APPLICANT = """NEW.applicant_id <> (
    SELECT application.applicant_id FROM certificates_application application WHERE application.id = NEW.application_id)"""


class DecisionTrigger(Trigger):
    """A Trigger whose condition may say {look_back}: the two databases count months differently."""

    def create(self, vendor: str) -> list[str]:
        condition = self.condition
        self.condition = condition.replace("{look_back}", LOOK_BACK[vendor])
        try:
            return super().create(vendor)
        finally:
            self.condition = condition


def changed(*columns: str) -> str:
    """SQL that holds when an update changes one of the columns; both databases read it."""
    return "(" + " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns) + ")"


def illegal_move(moves: dict[str, set[str]]) -> str:
    """SQL that holds when an update moves `status` in a way the model does not list."""
    legal = [
        f"(OLD.status = '{before}' AND NEW.status = '{after}')" for before in sorted(moves) for after in sorted(moves[before])
    ]
    return f"NEW.status <> OLD.status AND NOT ({' OR '.join(legal)})"
