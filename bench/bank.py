"""The bank list of 50,000 items and the look-up of near-duplicates, on SQLite and on PostgreSQL (docs/item-quality.md).

The list is asked by page, with each filter, search and order. Searches are held against one plain pass over the same
words; everything else against the page that finds nothing; and all of it against the 300 ms that were promised.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.servers import PROJECT, DurablePostgres
from bench.table import Line
from tests.harness.template import migrate, sqlite_template

AREA = "bank"
ITEMS = 50_000
PROMISED = 300  # milliseconds
SEARCHES = ("a word", "a word nobody wrote", "two words of Chinese", "a code")
NOTHING = "open flaws"


def measure(seconds: float) -> list[Line]:
    """In processes of its own; `seconds` means nothing here: the work is the bank."""
    return [*on_sqlite(), *on_postgresql()]


def on_sqlite() -> list[Line]:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "bench.sqlite3"
        shutil.copy(sqlite_template(), database)
        return _lines("SQLite", _asked(f"sqlite:///{database}", folder))


def on_postgresql() -> list[Line]:
    postgres = DurablePostgres()
    postgres.start()
    try:
        subprocess.run([postgres.bin / "createdb", "bench"], env=postgres.environment(), check=True)
        url = postgres.database("bench")
        migrate(url)
        with tempfile.TemporaryDirectory() as folder:
            return _lines("PostgreSQL", _asked(url, folder))
    finally:
        postgres.stop()


def _asked(database_url: str, folder: str) -> dict[str, Any]:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "VAR_DIR": folder,
        "TESTING": "true",
        "LOG_LEVEL": "ERROR",
    }
    done = subprocess.run(
        [sys.executable, "-m", "bench.bank_list", str(ITEMS)], cwd=PROJECT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"the bank list failed:\n{done.stderr[-3000:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _lines(where: str, found: dict[str, Any]) -> list[Line]:
    pages: dict[str, float] = found["pages"]
    slowest = max(pages, key=lambda name: pages[name])
    search = max(SEARCHES, key=lambda name: pages[name])
    plain = max(pages.keys() - set(SEARCHES), key=lambda name: pages[name])
    list_of = f"bank list of {ITEMS:,}, {where}"
    return [
        _line(f"{list_of}: slowest of {len(pages)} ways ({slowest})", pages[slowest], "promised", PROMISED, 1),
        _line(f"{list_of}: slowest search ({search})", pages[search], "one pass over the words", found["one_pass"], 6),
        _line(f"{list_of}: slowest filter or order ({plain})", pages[plain], "the page without items", pages[NOTHING], 4),
        _line(f"near-duplicates among {ITEMS:,}, {where}", found["look_up"], "promised", PROMISED, 1),
    ]


def _line(what: str, measured: float, against: str, limit: float, target: float) -> Line:
    return Line(AREA, what, f"{measured:.0f} ms CPU", f"{against}: {limit:.0f} ms", measured / limit, target)
