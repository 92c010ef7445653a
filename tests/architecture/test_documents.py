"""What the documents say of the program is so."""

from __future__ import annotations

import re

import pytest

from common import integrity
from tests.harness.environment import PROJECT

DOCUMENTS = [
    PROJECT / "README.md",
    PROJECT / "CONTRIBUTING.md",
    PROJECT / "SECURITY.md",
    *sorted((PROJECT / "docs").rglob("*.md")),
]
READS_A_VARIABLE = re.compile(
    r"""(?:env\.(?:flag|text|number|url|words|folder)|environ\.get|self\.text)\(\s*["']([A-Z_]+)["']"""
)


def test_every_variable_is_explained_and_every_explained_one_is_read():
    sources = [
        *sorted((PROJECT / "config").glob("*.py")),
        PROJECT / "scripts" / "run.py",
        PROJECT / "tests/harness/environment.py",
    ]
    read = {name for path in sources for name in READS_A_VARIABLE.findall(path.read_text())}
    table = (PROJECT / "docs" / "operations.md").read_text().split("## Variables")[1].split("\n## ")[0]
    explained = {
        name for row in re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE) for name in re.findall(r"`([A-Z_]+)`", row)
    }

    assert read - explained - {"PYTEST_XDIST_WORKER"} == set()
    assert explained - read - {"TEST_POSTGRES_URL"} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_links_between_documents_lead_somewhere(document):
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text())
    dead = [link for link in links if "://" not in link and not link.endswith(".png") and not (document.parent / link).exists()]

    assert dead == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_files_that_documents_name_exist(document):
    named = re.findall(r"`((?:[a-z_]+/)+[a-z_0-9-]+\.(?:py|md|toml))`", document.read_text())

    assert [name for name in named if not (PROJECT / name).exists()] == []


def test_every_target_of_make_that_a_document_names_exists():
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    named = {name for document in DOCUMENTS for name in re.findall(r"`make ([a-z-]+)", document.read_text())}

    assert "run" in named
    assert named - targets == set()


def test_the_thirteen_invariants_are_listed_and_every_check_is_of_one():
    from django.utils.module_loading import autodiscover_modules

    autodiscover_modules("integrity")
    table = (PROJECT / "docs" / "architecture.md").read_text().split("## The thirteen invariants")[1]
    listed = [int(number) for number in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)]

    assert listed == list(range(1, 14))
    assert {check.invariant for check in integrity._checks} <= set(listed)
