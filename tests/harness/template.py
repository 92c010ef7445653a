"""A migrated database, made once per set of migrations and copied for each test process."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import metadata
from pathlib import Path

from tests.harness.environment import CACHE_DIR, PROJECT

KEPT_TEMPLATES = 4


@cache
def fingerprints() -> dict[str, str]:
    """Every migration file of ours, what it may read, and the installed packages, each with its hash."""
    sources = [
        *PROJECT.glob("*/migrations/*.py"),
        *PROJECT.glob("*/apps.py"),
        *PROJECT.glob("*/triggers.py"),
        *PROJECT.glob("*/**/*.sql"),
    ]
    found = {str(source.relative_to(PROJECT)): digest(source.read_bytes()) for source in sources if ".venv" not in source.parts}
    packages = sorted(f"{each.name}=={each.version}" for each in metadata.distributions())
    return {**found, "packages": digest(" ".join(packages).encode())}


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


@cache
def migrations_key() -> str:
    """Changes with any of them."""
    return digest(json.dumps(fingerprints(), sort_keys=True).encode())


@contextmanager
def only_one_process(name: str) -> Iterator[None]:
    CACHE_DIR.mkdir(parents=True, exist_ok=True)
    with (CACHE_DIR / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrate(database_url: str) -> None:
    """Run all migrations against one database, in a process of its own."""
    with tempfile.TemporaryDirectory() as var_dir:
        migration = subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity=0"],
            cwd=PROJECT,
            env={**os.environ, "DATABASE_URL": database_url, "VAR_DIR": var_dir},
            capture_output=True,
            text=True,
        )
    if migration.returncode:
        raise RuntimeError(f"The migrations do not run, so no test can:\n{migration.stderr[-4000:]}")


def sqlite_template() -> Path:
    """The migrated SQLite file; built by the first process that asks, under a lock."""
    template = CACHE_DIR / f"template-{migrations_key()}.sqlite3"
    with only_one_process("sqlite"):
        if not template.exists():
            unfinished = template.with_suffix(".unfinished")
            remove_database(unfinished)
            if older := nearest("template-*.sqlite3"):
                shutil.copyfile(older, unfinished)
            migrate(f"sqlite:///{unfinished}")
            fold_log(unfinished)
            keep(unfinished, template)
    return template


def nearest(pattern: str) -> Path | None:
    """The newest template whose migrations are all among ours, unchanged: only the newer ones need to run on a copy.

    Not by apps.py: what it does after migrations is done again after the newer ones.
    """
    ours = fingerprints().items()
    for path in _by_age(pattern):
        made_of = path.with_name(path.name + ".made-of")
        if made_of.exists():
            its = {name: found for name, found in json.loads(made_of.read_text()).items() if not name.endswith("apps.py")}
            if its.items() <= ours:
                return path
    return None


def keep(unfinished: Path, template: Path) -> None:
    """Name a finished template, note what it was made of, and let the oldest ones go."""
    template.with_name(template.name + ".made-of").write_text(json.dumps(fingerprints()))
    unfinished.rename(template)
    discard_old(f"template-*{template.suffix}")


def discard_old(pattern: str) -> None:
    """Keep the last few, so that switching between branches stays quick."""
    for path in _by_age(pattern)[KEPT_TEMPLATES:]:
        path.unlink(missing_ok=True)
        path.with_name(path.name + ".made-of").unlink(missing_ok=True)


def _by_age(pattern: str) -> list[Path]:
    return sorted(CACHE_DIR.glob(pattern), key=lambda path: path.stat().st_mtime, reverse=True)


def fold_log(database: Path) -> None:
    """Bring the write-ahead log into the file, so that the one file is the whole database."""
    import sqlite3

    connection = sqlite3.connect(database)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def remove_database(database: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
