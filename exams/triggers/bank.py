"""Items, their words and pictures: live ones never change."""

from __future__ import annotations

from exams.models import states
from exams.triggers.conditions import FROZEN, changed, listed


def stimulus_frozen(stimulus: object) -> str:
    return f"EXISTS (SELECT 1 FROM exams_itemversion v WHERE v.stimulus_id = {stimulus} AND v.status IN {FROZEN})"


def version_frozen(version: object) -> str:
    return f"EXISTS (SELECT 1 FROM exams_itemversion v WHERE v.id = {version} AND v.status IN {FROZEN})"


def option_frozen(option: object) -> str:
    return (
        "EXISTS (SELECT 1 FROM exams_option o JOIN exams_itemversion v ON v.id = o.version_id "
        f"WHERE o.id = {option} AND v.status IN {FROZEN})"
    )


def illegal_move() -> str:
    """True for a change of state that exams.models.states does not list."""
    legal = [f"(OLD.status = '{before}' AND NEW.status IN {listed(after)})" for before, after in states.MOVES.items() if after]
    return f"(NEW.status <> OLD.status AND NOT ({' OR '.join(legal)}))"


def written_by_its_reviewer() -> str:
    return (
        "(NEW.finding IN ('approved', 'sent_back') AND EXISTS (SELECT 1 FROM exams_itemversion v "
        "WHERE v.id = NEW.version_id AND v.written_by_id = NEW.reviewer_id))"
    )


# name, table, act, refused when, in words
TRIGGERS = [
    (
        "exams_picture_same",
        "exams_picture",
        "UPDATE",
        changed("uuid", "bank_id", "sha256", "file"),
        "a picture never changes; another one is added",
    ),
    (
        "exams_version_frozen",
        "exams_itemversion",
        "UPDATE",
        f"(OLD.status IN {FROZEN} AND "
        + changed(
            "uuid",
            "item_id",
            "number",
            "scoring_rule",
            "points",
            "key",
            "presentation",
            "stimulus_id",
            "keep_option_order",
            "written_by_id",
            "subject_reviewed_by_id",
            "subject_reviewed_at",
            "approved_by_id",
            "approved_at",
        )
        + ")",
        "an approved item version never changes",
    ),
    (
        "exams_version_moves",
        "exams_itemversion",
        "UPDATE",
        illegal_move(),
        "an item version goes from state to state as its list of moves says",
    ),
    ("exams_version_begins", "exams_itemversion", "INSERT", "(NEW.status <> 'draft')", "an item version begins as a draft"),
    ("exams_review_by_another", "exams_itemreview", "INSERT", written_by_its_reviewer(), "nobody reviews what they wrote"),
    ("exams_review_of_another", "exams_itemreview", "UPDATE", written_by_its_reviewer(), "nobody reviews what they wrote"),
    (
        "exams_overlap_of_one_bank",
        "exams_overlapgroup_items",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM exams_overlapgroup g JOIN exams_item i ON i.bank_id = g.bank_id "
        "WHERE g.id = NEW.overlapgroup_id AND i.id = NEW.item_id)",
        "the items of a group are of its bank",
    ),
    ("exams_version_kept", "exams_itemversion", "DELETE", f"(OLD.status IN {FROZEN})", "an approved item version is kept"),
]
for table, owner, frozen in (
    ("exams_itemwording", "version_id", version_frozen),
    ("exams_option", "version_id", version_frozen),
    ("exams_optionwording", "option_id", option_frozen),
    ("exams_stimuluswording", "stimulus_id", stimulus_frozen),
):
    words = "an approved item version never changes"
    TRIGGERS += [
        (f"{table}_added", table, "INSERT", frozen(f"NEW.{owner}"), words),
        (f"{table}_frozen", table, "UPDATE", f"({frozen(f'OLD.{owner}')} OR {frozen(f'NEW.{owner}')})", words),
        (f"{table}_kept", table, "DELETE", frozen(f"OLD.{owner}"), words),
    ]
