"""Importing 5,000 items: CPU seconds against the ten that are allowed (docs/interchange.md)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.table import Line
from tests.harness.template import sqlite_template

AREA = "items"
ITEMS = 5_000
SECONDS = 10

PROGRAM = f"""
import json, time, uuid
import django
django.setup()
from exams.actions.importing import import_items
from exams.interchange.options import ImportOptions
from exams.models import ItemBank
from standards.models import Competence
code = uuid.uuid4().hex[:8]
bank = ItemBank.objects.create(code=code, name="bench")
Competence.objects.get_or_create(code="BENCH", defaults={{"title": "bench"}})
question = "::Q%d::Question %d about <b>x</b>?{{=right %d ~wrong %d ~other %d ~more %d}}"
text = "\\n\\n".join(question % ((n,) * 6) for n in range({ITEMS}))
before = time.process_time()
report = import_items(bank, text.encode(), format="gift", options=ImportOptions(competence="BENCH"), by=None)
print(json.dumps({{"seconds": time.process_time() - before, "imported": report.imported_count}}))
"""


def measure(seconds: float) -> list[Line]:
    """In a process and a database of its own; `seconds` means nothing here: the work is one file."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "bench.sqlite3"
        shutil.copy(sqlite_template(), database)
        environment = {**os.environ, "DATABASE_URL": f"sqlite:///{database}", "DJANGO_SETTINGS_MODULE": "config.settings"}
        done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True)
    answer = json.loads(done.stdout.splitlines()[-1])
    taken = float(answer["seconds"])
    return [
        Line(
            AREA, f"CPU to import {answer['imported']:,} items of GIFT", f"{taken:.1f} s", f"{SECONDS} s", taken / SECONDS, 1.0
        )
    ]
