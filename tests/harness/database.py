"""Each test process works on its own copy of the migrated template; after a committing test the copy is put back."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.harness import environment, postgres
from tests.harness.template import sqlite_template

RESTORE_SECONDS = 20


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Replaces pytest-django's: migrations take half a minute, a copy takes none.

    The settings already name this process's database, so servers and workers that a test starts share it.
    """
    from django.conf import settings
    from django.db import connections
    from django.test import TransactionTestCase

    _refuse_foreign_database(str(settings.DATABASES["default"]["NAME"]))
    if environment.ON_POSTGRES:
        postgres.create_own_database()
    else:
        shutil.copyfile(sqlite_template(), sqlite_file())
    # Django would empty every table: triggers refuse that for history, and Wagtail's root page would be gone.
    emptying = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda case: restore_database()
    yield
    TransactionTestCase._fixture_teardown = emptying
    with django_db_blocker.unblock():
        connections.close_all()
    if environment.ON_POSTGRES:
        postgres.drop_own_database()


def prepare_template() -> None:
    if environment.ON_POSTGRES:
        postgres.start_server()
        postgres.ensure_template()
    else:
        sqlite_template()


def _refuse_foreign_database(name: str) -> None:
    """Tests empty their database: settings read before tests/harness/environment.py would make that a real one."""
    own = postgres.own_database() if environment.ON_POSTGRES else str(sqlite_file())
    if name != own:
        pytest.exit(f"The settings name the database {name}, which is not this test run's.", returncode=4)


def sqlite_file() -> Path:
    return environment.VAR_DIR / "touchstone.sqlite3"


def restore_database(template: Path | None = None, schema: str = postgres.BASELINE) -> None:
    """Every row as the migrations left it, whatever was committed; or as another template keeps it."""
    from django.contrib.contenttypes.models import ContentType
    from django.core.cache import cache
    from django.db import connections

    connections.close_all()
    if environment.ON_POSTGRES:
        postgres.restore_own_database(schema)
    else:
        _restore_sqlite(template or sqlite_template())
    ContentType.objects.clear_cache()
    cache.clear()


def _restore_sqlite(source: Path) -> None:
    """Overwrite all pages in one transaction: connections of servers and threads may stay open."""
    give_up_at = time.monotonic() + RESTORE_SECONDS

    def check_patience(status: int, remaining: int, total: int) -> None:
        if time.monotonic() > give_up_at:
            raise TimeoutError("Somebody still writes to the test database: a thread or server outlived its test.")

    template, copy = sqlite3.connect(source), sqlite3.connect(sqlite_file())
    try:
        template.backup(copy, progress=check_patience)
    finally:
        template.close()
        copy.close()


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    """What one test cached, such as Wagtail's site addresses, must not answer in the next."""
    from django.core.cache import caches

    yield
    if "LocMem" in type(caches["default"]).__name__:
        caches["default"].clear()
