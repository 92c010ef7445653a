"""Triggers as migration operations: rules the database keeps whoever writes to it."""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

SQLITE = "sqlite"


class Trigger(Operation):
    """BEFORE `event` on `table`, refuse with `sentence` when `condition` (SQL over OLD and NEW) holds.

    One condition serves both databases: keep to SQL that SQLite and PostgreSQL read alike.
    """

    reversible = True

    def __init__(self, name: str, table: str, event: str, condition: str, sentence: str) -> None:
        self.name, self.table, self.event, self.condition, self.sentence = name, table, event, condition, sentence

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Models know nothing of triggers."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for statement in self.create(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if schema_editor.connection.vendor == SQLITE:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.name}", params=None)
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {self.name} ON {self.table}", params=None)
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {self.name}()", params=None)

    def create(self, vendor: str) -> list[str]:
        sentence = self.sentence.replace("'", "''")
        if vendor == SQLITE:
            return [
                f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} FOR EACH ROW WHEN {self.condition} "
                f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            ]
        row = "OLD" if self.event.startswith("DELETE") else "NEW"
        # Not WHEN: PostgreSQL allows no subquery there, and some rules look at another table.
        return [
            f"CREATE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {self.condition} THEN "
            f"RAISE EXCEPTION '{sentence.replace('%', '%%')}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"RETURN {row}; END $$",
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} FOR EACH ROW EXECUTE FUNCTION {self.name}()",
        ]

    def describe(self) -> str:
        return f"Refuse {self.event} on {self.table}: {self.sentence}"

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return (self.__class__.__qualname__, [self.name, self.table, self.event, self.condition, self.sentence], {})


class ForbidChange(Operation):
    """Make a table append-only: neither UPDATE nor DELETE."""

    reversible = True

    def __init__(self, table: str, sentence: str) -> None:
        self.table, self.sentence = table, sentence
        self.triggers = [
            Trigger(f"{table}_no_{event.lower()}", table, event, "TRUE", sentence) for event in ("UPDATE", "DELETE")
        ]

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Models know nothing of triggers."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for trigger in self.triggers:
            trigger.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for trigger in self.triggers:
            trigger.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Make {self.table} append-only"

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return (self.__class__.__qualname__, [self.table, self.sentence], {})
