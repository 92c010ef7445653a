"""`check_integrity` tells which rows break which invariant, and its exit code says whether any does."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from django.utils.module_loading import autodiscover_modules

from common import integrity
from common.integrity import Violation, invariant


@pytest.fixture
def planted(monkeypatch):
    """Two checks of our own and nobody else's: one that always finds a row, one that never does."""
    autodiscover_modules("integrity")  # else the first test would find the others' checks registered into our list
    monkeypatch.setattr(integrity, "_checks", [])

    @invariant(10, "every certificate has its bytes")
    def without_bytes():
        return []

    @invariant(2, "sequence numbers only rise")
    def fallen():
        yield Violation("response 7", "went from 5 to 4")


def test_the_broken_rows_are_printed_and_the_exit_code_is_one(planted, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("check_integrity", "--no-color")

    assert ended.value.code == 1
    assert capsys.readouterr().out.splitlines() == [
        " 2. sequence numbers only rise: 1 broken",
        "      response 7: went from 5 to 4",
        "10. every certificate has its bytes: kept",
        "2 checks, 1 broken.",
    ]


def test_programs_get_the_same_as_json(planted, capsys):
    with pytest.raises(SystemExit):
        call_command("check_integrity", "--json")

    assert json.loads(capsys.readouterr().out) == {
        "ok": False,
        "invariants": [
            {
                "invariant": 2,
                "check": "sequence numbers only rise",
                "rows": [{"row": "response 7", "problem": "went from 5 to 4"}],
            },
            {"invariant": 10, "check": "every certificate has its bytes", "rows": []},
        ],
    }


@pytest.mark.django_db
def test_the_checks_of_every_package_are_found_and_an_empty_site_is_whole(capsys):
    call_command("check_integrity", "--json")

    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is True
    assert "audit chain is unbroken" in {each["check"] for each in answer["invariants"]}
