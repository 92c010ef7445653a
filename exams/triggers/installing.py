from __future__ import annotations

from typing import Any

from exams.triggers import bank, defence, delivery, marking, on_paper, papers, quality, results, room, timing
from exams.triggers.marking import LOOK_BACK

PARTS = (bank, defence, delivery, marking, on_paper, papers, quality, results, room, timing)
TRIGGERS = [trigger for part in PARTS for trigger in part.TRIGGERS]
# What the two databases say differently.
WORDS = {
    "postgresql": {"{differs}": "IS DISTINCT FROM", "{look_back}": LOOK_BACK["postgresql"]},
    "sqlite": {"{differs}": "IS NOT", "{look_back}": LOOK_BACK["sqlite"]},
}


def spoken(condition: str, vendor: str) -> str:
    for name, words in WORDS[vendor].items():
        condition = condition.replace(name, words)
    return condition


def install(apps: Any, schema_editor: Any) -> None:
    """Drop what stands and put every trigger in place."""
    uninstall(apps, schema_editor)
    if schema_editor.connection.vendor == "postgresql":
        for name, table, act, condition, words in TRIGGERS:
            install_on_postgresql(schema_editor, name, table, act, spoken(condition, "postgresql"), words)
        # Saves update in place; a little room on each page keeps them from moving rows and touching indexes.
        schema_editor.execute("ALTER TABLE exams_response SET (fillfactor = 80)")
        schema_editor.execute("ALTER TABLE exams_attempt SET (fillfactor = 80)")
        return
    for name, table, act, condition, words in TRIGGERS:
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {spoken(condition, 'sqlite')} "
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
