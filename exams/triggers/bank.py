"""Items, their words and pictures: live ones never change."""

from __future__ import annotations

from exams.triggers.conditions import FROZEN, changed


def stimulus_frozen(stimulus: object) -> str:
    return f"EXISTS (SELECT 1 FROM exams_itemversion v WHERE v.stimulus_id = {stimulus} AND v.status IN {FROZEN})"


def version_frozen(version: object) -> str:
    return f"EXISTS (SELECT 1 FROM exams_itemversion v WHERE v.id = {version} AND v.status IN {FROZEN})"


def option_frozen(option: object) -> str:
    return (
        "EXISTS (SELECT 1 FROM exams_option o JOIN exams_itemversion v ON v.id = o.version_id "
        f"WHERE o.id = {option} AND v.status IN {FROZEN})"
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
        f"(OLD.status IN {FROZEN} AND ("
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
            "approved_by_id",
            "approved_at",
        )
        + " OR NOT (NEW.status = OLD.status OR (OLD.status = 'approved' AND NEW.status = 'retired'))))",
        "an approved item version never changes",
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
