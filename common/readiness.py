"""Whether what this process depends on answers."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _migrations() -> None:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        raise RuntimeError(f"{len(waiting)} migrations are not applied")


def _broker() -> None:
    from celery import current_app

    with current_app.connection_for_write() as broker:
        # Kombu's own first pause is two seconds: a probe that waits so long looks like a dead process.
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=1)


def _storage() -> None:
    storage = storages["private"]
    name = storage.save(f"readiness/{uuid.uuid4()}", ContentFile(b"ok"))
    storage.delete(name)


def readiness() -> dict[str, dict[str, object]]:
    """Each part with `ok` and, when it fails, the kind of failure; addresses and secrets are not told."""
    parts: dict[str, Callable[[], None]] = {
        "database": _database,
        "migrations": _migrations,
        "broker": _broker,
        "storage": _storage,
    }
    answers: dict[str, dict[str, object]] = {}
    for name, ask in parts.items():
        try:
            ask()
            answers[name] = {"ok": True}
        except Exception as error:
            answers[name] = {"ok": False, "error": str(error) if settings.DEBUG else type(error).__name__}
    return answers
