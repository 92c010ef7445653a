"""The seeded demonstration as a template: made once for a state of the code and a day, and copied for each test."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.harness import environment, postgres
from tests.harness.database import restore_database
from tests.harness.environment import CACHE_DIR, PROJECT
from tests.harness.template import (
    discard_old,
    fold_log,
    migrations_key,
    only_one_process,
    remove_database,
    sqlite_template,
)

SCHEMA = "test_seeded"
PACKAGES = "accounts certificates cms common config courses demo exams partners portal standards"
READ_BY_THE_SEED = {".py", ".yaml", ".png", ".md"}
# Seeding takes half a minute on an idle machine and several when two cores are shared by many.
SECONDS = 900


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test that asks for the demonstration waits until it is made."""
    for item in items:
        if "seeded" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.timeout(SECONDS))


@pytest.fixture
def seeded(transactional_db: None) -> Iterator[dict[str, Any]]:
    """The demonstration in this test's database, with what `seed_demo --json` says of it.

    Committed, so that servers, workers and browsers see it; `transactional_db` puts everything back afterwards.
    """
    if environment.ON_POSTGRES:
        _seed_postgres()
    else:
        template = seeded_template()
        shutil.copytree(_media(template), environment.VAR_DIR / "media", dirs_exist_ok=True)
        restore_database(template)
    from demo.seed.report import report

    yield report()


@cache
def seed_key() -> str:
    """Changes with whatever the seed runs or reads, and with the day it counts from."""
    digest = hashlib.sha256(f"{migrations_key()} {date.today()}".encode())
    for package in PACKAGES.split():
        for path in sorted((PROJECT / package).rglob("*")):
            if path.suffix in READ_BY_THE_SEED and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(PROJECT)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@cache
def seeded_template() -> Path:
    """The seeded SQLite file, with its media beside it; built by the first process that asks, under a lock."""
    template = CACHE_DIR / f"seeded-{seed_key()}.sqlite3"
    with only_one_process("seeded"):
        if not template.exists():
            unfinished = template.with_suffix(".unfinished")
            remove_database(unfinished)
            shutil.copyfile(sqlite_template(), unfinished)
            var_dir = CACHE_DIR / "seeding"
            shutil.rmtree(var_dir, ignore_errors=True)
            var_dir.mkdir()
            _seed(f"sqlite:///{unfinished}", var_dir)
            fold_log(unfinished)
            shutil.rmtree(_media(template), ignore_errors=True)
            (var_dir / "media").rename(_media(template))
            unfinished.rename(template)
            discard_old("seeded-*.sqlite3")
            _discard_media()
    return template


def _media(template: Path) -> Path:
    return template.with_suffix(".media")


def _discard_media() -> None:
    for folder in CACHE_DIR.glob("seeded-*.media"):
        if not folder.with_suffix(".sqlite3").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _seed(database_url: str, var_dir: Path) -> None:
    seeding = subprocess.run(
        [sys.executable, "manage.py", "seed_demo", "--json"],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": database_url, "VAR_DIR": str(var_dir)},
        capture_output=True,
        text=True,
    )
    if seeding.returncode:
        raise RuntimeError(f"The demonstration cannot be seeded:\n{seeding.stderr[-4000:]}")


@cache
def _kept_on_postgres() -> str:
    """Seeded once in this process's own database, and set aside in a schema of its own."""
    _seed(os.environ["DATABASE_URL"], environment.VAR_DIR)
    postgres.keep_own_database(SCHEMA)
    return SCHEMA


def _seed_postgres() -> None:
    restore_database(schema=_kept_on_postgres())
