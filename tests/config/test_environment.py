"""A wrong variable stops the program before it half-starts, with a sentence that names the variable."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from config.environment import Environment, database
from tests.harness.environment import PROJECT

PRODUCTION = {
    "PRODUCTION": "true",
    "TESTING": "false",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "ALLOWED_HOSTS": "exams.example.org",
    "SITE_URL": "https://exams.example.org",
    "DEMO": "false",
    "EMAIL_HOST": "mail.example.org",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "",
}


def start(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *(arguments or ("-c", "import config.settings"))]
    return subprocess.run(command, cwd=PROJECT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=110)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"DEBUG": "perhaps"}, "DEBUG should be true or false, and is 'perhaps'."),
        ({"SWEEP_SECONDS": "often"}, "SWEEP_SECONDS should be a whole number, and is 'often'."),
        ({"SWEEP_SECONDS": "0"}, "SWEEP_SECONDS should be at least 1, and is 0."),
        ({"BROKER_URL": "filesystem://"}, "BROKER_URL should be an address starting with one of redis, "),
        ({"DATABASE_URL": "mysql://localhost/x"}, "DATABASE_URL should be an address starting with one of sqlite, "),
        ({"SITE_URL": "exams.example.org"}, "SITE_URL should be an address starting with one of http, https, and is "),
        ({**PRODUCTION, "SECRET_KEY": ""}, "SECRET_KEY should hold at least 50 random characters when PRODUCTION is true."),
        (
            {**PRODUCTION, "SECRET_KEY": "short"},
            "SECRET_KEY should hold at least 50 random characters when PRODUCTION is true.",
        ),
        ({**PRODUCTION, "ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS should list the host names of this site when PRODUCTION is true."),
        ({**PRODUCTION, "DEBUG": "true"}, "DEBUG should be false when PRODUCTION is true: error pages would show secrets."),
    ],
)
def test_a_wrong_value_stops_the_start_and_names_its_variable(environment, sentence):
    outcome = start(**environment)

    assert outcome.returncode == 78
    assert outcome.stderr.startswith(f"Touchstone cannot start: {sentence}")
    assert "Traceback" not in outcome.stderr


def test_right_values_start():
    assert start(**PRODUCTION).returncode == 0


def test_a_secret_key_is_drawn_once_and_kept_for_the_owner_alone(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    kept = tmp_path / "var" / "secret_key"

    first = Environment().secret_key(kept_in=kept, production=False)
    second = Environment().secret_key(kept_in=kept, production=False)

    assert first == second
    assert len(first) >= 50
    assert kept.stat().st_mode & 0o777 == 0o600


def test_an_address_below_the_project_and_an_absolute_one():
    assert database("sqlite:///var/a.sqlite3")["NAME"] == str(PROJECT / "var/a.sqlite3")
    assert database("sqlite:////srv/a%20b.sqlite3")["NAME"] == "/srv/a b.sqlite3"


def test_sqlite_queues_writers_and_syncs_fully():
    options = database("sqlite:///var/a.sqlite3")["OPTIONS"]

    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]
    assert "synchronous=FULL" in options["init_command"]


def test_a_postgresql_address_is_taken_apart():
    found = database("postgresql://exam%40site:p%2Fw@db.example.org:5433/touchstone")

    assert {name: found[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")} == {
        "USER": "exam@site",
        "PASSWORD": "p/w",
        "HOST": "db.example.org",
        "PORT": "5433",
        "NAME": "touchstone",
    }


@pytest.mark.parametrize("demo", ["true", "false"])
def test_a_deployment_check_refuses_the_demo(demo):
    outcome = start("manage.py", "check", "--deploy", **{**PRODUCTION, "DEMO": demo})

    assert ("touchstone.E001" in outcome.stderr) is (demo == "true")
    assert outcome.returncode == (1 if demo == "true" else 0), outcome.stderr


def test_a_deployment_check_refuses_what_only_suits_one_machine():
    outcome = start("manage.py", "check", "--deploy", DEMO="false", EMAIL_HOST="")

    assert outcome.returncode == 1
    assert [code for code in ("E001", "E002", "E003", "W001") if f"touchstone.{code}" in outcome.stderr] == [
        "E002",
        "E003",
        "W001",
    ]
