"""Sets up a test run; the parts are in tests/harness."""

from __future__ import annotations

import os

import django
import pytest
from django.utils import translation

from tests.harness import environment

environment.prepare()
# Here and not by pytest-django, which would read the settings before this file.
django.setup()
# xdist's workers inherit the environment: with this in it pytest-django would read theirs before this file does.
os.environ.pop("DJANGO_SETTINGS_MODULE")

pytest_plugins = [
    "tests.harness.database",
    "tests.harness.seeded",
    "tests.harness.processes",
    "tests.harness.browser",
    "tests.harness.triggers",
]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the server and migrate the template before the first test, whose time limit would have to cover it."""
    is_controller = not hasattr(session.config, "workerinput")
    if is_controller and not session.config.option.collectonly:
        from tests.harness import database

        database.prepare_template()


def pytest_unconfigure(config: pytest.Config) -> None:
    if environment.ON_POSTGRES:
        from tests.harness import postgres

        postgres.stop_server()
    environment.clear()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks what needs a database; `make fast` takes of these only the main road.

    Tests that only PostgreSQL can answer are left out on SQLite, and counted as such in the closing lines.
    """
    for item in items:
        if item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")
    if environment.ON_POSTGRES:
        return
    only_postgres = [item for item in items if item.get_closest_marker("postgres")]
    if only_postgres:
        config.hook.pytest_deselected(items=only_postgres)
        items[:] = [item for item in items if item not in only_postgres]


@pytest.fixture(autouse=True)
def _in_english():
    """Whatever language an earlier test's page was asked in: a test that says nothing of it reads English."""
    translation.activate("en")
    yield
    translation.deactivate()
