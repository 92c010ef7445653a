"""Cut-score studies."""

from __future__ import annotations

from exams.triggers.conditions import changed


def rating_closed(judge: object, number: object) -> str:
    return (
        "NOT EXISTS (SELECT 1 FROM exams_cutjudge j JOIN exams_cutstudy s ON s.id = j.study_id "
        f"WHERE j.id = {judge} AND s.status = CASE {number} WHEN 1 THEN 'round_1' ELSE 'round_2' END)"
    )


# name, table, act, refused when, in words
TRIGGERS = [
    (
        "exams_cutdecision_same",
        "exams_cutdecision",
        "UPDATE",
        changed("paper_id", "study_id", "cut_percent", "reason", "proposed_by_id", "confirmed_by_id", "decided_at"),
        "a decision on a cut never changes",
    ),
    ("exams_cutdecision_kept", "exams_cutdecision", "DELETE", "(OLD.id IS NOT NULL)", "a decision on a cut is kept"),
    (
        "exams_cutrating_added",
        "exams_cutrating",
        "INSERT",
        rating_closed("NEW.judge_id", "NEW.round"),
        "ratings are given in their round",
    ),
    (
        "exams_cutrating_closed",
        "exams_cutrating",
        "UPDATE",
        rating_closed("OLD.judge_id", "OLD.round"),
        "ratings are given in their round",
    ),
    (
        "exams_cutstudy_decided",
        "exams_cutstudy",
        "UPDATE",
        "(OLD.status = 'decided' AND " + changed("status", "paper_id", "proposed_percent", "proposed_reason") + ")",
        "a decided study never changes",
    ),
]
