"""Every hostile file ends in a sentence, within five seconds and 150 MB more than before (security.md T24)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from exams.actions.importing import import_items
from exams.errors import FileRefused
from exams.interchange.options import ImportOptions
from exams.models import ImportBatch, Item, Picture, Stimulus
from tests.exams.interchange.hostile import FILES
from tests.factories.bank import cleo
from tests.factories.exams import BankFactory, CompetenceFactory

PROJECT = Path(__file__).resolve().parents[3]
SECONDS, MEGABYTES = 5, 150
# Read in full, because nothing is wrong with them but their size or their words.
HARMLESS = {"elements within the limit", "nesting within the limit"}

pytestmark = pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the peak of memory is read from /proc")


@pytest.fixture(scope="module")
def measured() -> dict[str, dict[str, object]]:
    command = [sys.executable, "-m", "tests.exams.interchange.hostile"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return {line["file"]: line for line in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_costs_little_and_ends_in_a_sentence(name: str, measured: dict[str, dict[str, object]]) -> None:
    line = measured[name]

    assert line["refusal"] or name in HARMLESS
    assert float(str(line["seconds"])) < SECONDS
    assert float(str(line["megabytes"])) < MEGABYTES


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["entities", "packed bomb", "slip", "formula", "picture bomb", "wrong encoding", "open quote"])
def test_a_hostile_file_stores_nothing(name: str) -> None:
    format, make = FILES[name]
    options = ImportOptions(competence=CompetenceFactory(code="C01").code)
    try:
        report = import_items(BankFactory(), make(), format=format, options=options, by=cleo())
    except FileRefused:
        report = None

    assert report is None or report.is_refused or "Picture not kept" in report.notes[0]
    assert not Picture.objects.exists() and not Stimulus.objects.exists()
    assert (report is not None and report.imported) or (not Item.objects.exists() and not ImportBatch.objects.exists())
