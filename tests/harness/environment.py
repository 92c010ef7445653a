"""The environment of a test run, set before Django reads its settings."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]

# pytest-xdist names its workers gw0, gw1 …; each has a database, a folder and a port of its own.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
ON_POSTGRES = os.environ.get("TEST_DATABASE", "sqlite") == "postgres"
RUN_DIR = Path(tempfile.mkdtemp(prefix=f"touchstone-{WORKER}-"))
VAR_DIR = RUN_DIR / "var"
CACHE_DIR = PROJECT / "var" / "test"


def free_port() -> int:
    """A port nobody listens on now. Another process may take it first: whoever starts a server there must check."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


BROKER_PORT = free_port()


def prepare() -> None:
    """Give this process settings that touch nothing outside its own temporary folder."""
    (VAR_DIR / "static").mkdir(parents=True)  # whitenoise warns where it is absent
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        TESTING="true",
        PRODUCTION="false",
        DEBUG="false",
        VAR_DIR=str(VAR_DIR),
        SECRET_KEY="tests-only-" + "k" * 50,
        SITE_URL="http://127.0.0.1:8000",
        # Nothing listens there until a test asks for `broker`.
        BROKER_URL=f"redis://127.0.0.1:{BROKER_PORT}/0",
        LOG_LEVEL="ERROR",
        # Playwright's synchronous API keeps an event loop in this thread; our own code has none.
        DJANGO_ALLOW_ASYNC_UNSAFE="true",
    )
    for name in ("CACHE_URL", "EMAIL_HOST", "ALLOWED_HOSTS", "DEMO"):
        os.environ.pop(name, None)
    if ON_POSTGRES:
        from tests.harness import postgres

        os.environ["DATABASE_URL"] = postgres.database_url(postgres.own_database())
    else:
        os.environ["DATABASE_URL"] = f"sqlite:///{VAR_DIR}/touchstone.sqlite3"


def clear() -> None:
    shutil.rmtree(RUN_DIR, ignore_errors=True)
