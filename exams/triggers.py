"""What the database itself refuses, on SQLite and on PostgreSQL alike.

On SQLite a migration that rebuilds one of these tables drops its triggers: the last migration of the app runs `install`,
and a later one that touches these tables must end with it too. `exams.integrity` names every trigger that is missing.
"""

from __future__ import annotations

from typing import Any

CLOSED = "('submitted', 'timed_out')"
FROZEN = "('approved', 'retired')"


def changed(*columns: str) -> str:
    """True when one of the columns changes; {differs} is each vendor's null-safe comparison."""
    return "(" + " OR ".join(f"NEW.{column} {{differs}} OLD.{column}" for column in columns) + ")"


def in_rehearsal(registration: object) -> str:
    return (
        "EXISTS (SELECT 1 FROM exams_registration r JOIN exams_sitting s ON s.id = r.sitting_id "
        f"WHERE r.id = {registration} AND s.is_rehearsal)"
    )


def attempt_in_rehearsal(attempt: object) -> str:
    return (
        "EXISTS (SELECT 1 FROM exams_attempt a JOIN exams_registration r ON r.id = a.registration_id "
        f"JOIN exams_sitting s ON s.id = r.sitting_id WHERE a.id = {attempt} AND s.is_rehearsal)"
    )


def paper_sealed(paper: object) -> str:
    return f"EXISTS (SELECT 1 FROM exams_paper p WHERE p.id = {paper} AND p.status <> 'draft')"


def rating_closed(judge: object, number: object) -> str:
    return (
        "NOT EXISTS (SELECT 1 FROM exams_cutjudge j JOIN exams_cutstudy s ON s.id = j.study_id "
        f"WHERE j.id = {judge} AND s.status = CASE {number} WHEN 1 THEN 'round_1' ELSE 'round_2' END)"
    )


def sitting_begun(sitting: object) -> str:
    return (
        "EXISTS (SELECT 1 FROM exams_attempt a JOIN exams_registration r ON r.id = a.registration_id "
        f"WHERE r.sitting_id = {sitting})"
    )


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
    (
        "exams_picture_same",
        "exams_picture",
        "UPDATE",
        changed("uuid", "bank_id", "sha256", "file"),
        "a picture never changes; another one is added",
    ),
    (
        "exams_upload_same",
        "exams_upload",
        "UPDATE",
        changed("uuid", "attempt_id", "position", "name", "file", "size", "sha256", "media_type", "uploaded_at"),
        "an uploaded file never changes; another one is added",
    ),
    ("exams_upload_kept", "exams_upload", "DELETE", f"NOT {attempt_in_rehearsal('OLD.attempt_id')}", "uploads are kept"),
    (
        "exams_paperpicture_added",
        "exams_paper_pictures",
        "INSERT",
        paper_sealed("NEW.paper_id"),
        "a sealed paper never changes",
    ),
    (
        "exams_paperpicture_kept",
        "exams_paper_pictures",
        "DELETE",
        paper_sealed("OLD.paper_id"),
        "a sealed paper never changes",
    ),
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
        changed("uuid", "registration_id", "paper_id", "language", "started_at"),
        "an attempt keeps its registration, paper, language and start",
    ),
    (
        "exams_attempt_final",
        "exams_attempt",
        "UPDATE",
        f"(OLD.status IN {CLOSED} AND {changed('submitted_at', 'receipt', 'closes_at', 'accept_until', 'paused_at')})",
        "a closed attempt is final",
    ),
    ("exams_attempt_kept", "exams_attempt", "DELETE", f"NOT {in_rehearsal('OLD.registration_id')}", "attempts are kept"),
    (
        "exams_result_final",
        "exams_result",
        "UPDATE",
        "(OLD.status = 'released' AND "
        + changed(
            "status",
            "attempt_id",
            "raw_score",
            "max_score",
            "cut_score",
            "scaled_score",
            "outcome",
            "areas",
            "positions",
            "released_at",
            "released_by_id",
        )
        + ")",
        "a released result is final",
    ),
    ("exams_result_kept", "exams_result", "DELETE", f"NOT {attempt_in_rehearsal('OLD.attempt_id')}", "results are kept"),
    (
        "exams_paper_sealed",
        "exams_paper",
        "UPDATE",
        "(OLD.status <> 'draft' AND ("
        + changed(
            "uuid",
            "exam_id",
            "code",
            "seed",
            "minutes",
            "cut_percent",
            "cut_is_provisional",
            "digest",
            "sealed_at",
            "sealed_by_id",
            "set_id",
            "letter",
            "is_spare",
        )
        + " OR NOT (NEW.status = OLD.status OR (OLD.status = 'sealed' AND NEW.status = 'retired'))))",
        "a sealed paper never changes",
    ),
    ("exams_paper_kept", "exams_paper", "DELETE", "(OLD.status <> 'draft')", "a sealed paper is kept"),
    (
        "exams_paperset_sealed",
        "exams_paperset",
        "UPDATE",
        "(OLD.status = 'sealed' AND "
        + changed(
            "uuid",
            "exam_id",
            "code",
            "status",
            "seed",
            "paper_count",
            "has_spare",
            "plan",
            "limits",
            "facts",
            "digest",
            "sealed_at",
            "sealed_by_id",
        )
        + ")",
        "a sealed paper set never changes",
    ),
    ("exams_paperset_kept", "exams_paperset", "DELETE", "(OLD.status = 'sealed')", "a sealed paper set is kept"),
    (
        "exams_sitting_paper",
        "exams_sitting",
        "UPDATE",
        f"({changed('paper_id')} AND {sitting_begun('OLD.id')})",
        "a sitting that somebody has started keeps its paper",
    ),
    (
        "exams_swap_final",
        "exams_spareswap",
        "UPDATE",
        "(OLD.status <> 'proposed' OR "
        + changed("uuid", "sitting_id", "paper_before_id", "paper_after_id", "reason", "proposed_by_id", "proposed_at")
        + ")",
        "a decided swap is final",
    ),
    ("exams_paperitem_added", "exams_paperitem", "INSERT", paper_sealed("NEW.paper_id"), "a sealed paper never changes"),
    (
        "exams_paperitem_sealed",
        "exams_paperitem",
        "UPDATE",
        f"({paper_sealed('OLD.paper_id')} OR {paper_sealed('NEW.paper_id')})",
        "a sealed paper never changes",
    ),
    ("exams_paperitem_kept", "exams_paperitem", "DELETE", paper_sealed("OLD.paper_id"), "a sealed paper never changes"),
    ("exams_rendering_added", "exams_paperrendering", "INSERT", paper_sealed("NEW.paper_id"), "a sealed paper never changes"),
    (
        "exams_rendering_sealed",
        "exams_paperrendering",
        "UPDATE",
        f"({paper_sealed('OLD.paper_id')} OR {paper_sealed('NEW.paper_id')})",
        "a sealed paper never changes",
    ),
    ("exams_rendering_kept", "exams_paperrendering", "DELETE", paper_sealed("OLD.paper_id"), "a sealed paper never changes"),
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


def install(apps: Any, schema_editor: Any) -> None:
    """Drop what stands and put every trigger in place."""
    uninstall(apps, schema_editor)
    if schema_editor.connection.vendor == "postgresql":
        for name, table, act, condition, words in TRIGGERS:
            install_on_postgresql(schema_editor, name, table, act, condition.replace("{differs}", "IS DISTINCT FROM"), words)
        # Saves update in place; a little room on each page keeps them from moving rows and touching indexes.
        schema_editor.execute("ALTER TABLE exams_response SET (fillfactor = 80)")
        schema_editor.execute("ALTER TABLE exams_attempt SET (fillfactor = 80)")
        return
    for name, table, act, condition, words in TRIGGERS:
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {condition.replace('{differs}', 'IS NOT')} "
            f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
        )


def install_on_postgresql(schema_editor: Any, name: str, table: str, act: str, condition: str, words: str) -> None:
    """A condition on the row alone stands in WHEN, where it costs no function call; one with a look-up cannot."""
    looks_up = "SELECT" in condition
    check = f"IF {condition} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; END IF;"
    always = f"RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation';"
    back = "OLD" if act == "DELETE" else "NEW"
    schema_editor.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"{check if looks_up else always} RETURN {back}; END $$"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW "
        f"{'' if looks_up else f'WHEN ({condition}) '}EXECUTE FUNCTION {name}()"
    )


def uninstall(apps: Any, schema_editor: Any) -> None:
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    for name, table, *_rest in TRIGGERS:
        if on_postgresql:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
