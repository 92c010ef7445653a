"""The ground itself: what a committing test leaves behind, and the programs tests may kill."""

from __future__ import annotations

import threading

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from wagtail.models import Locale, Page, Site

from accounts.models import User


def refuse_changes(table: str) -> None:
    """What the audit trail does: no row may be changed or deleted."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TRIGGER test_no_delete BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, 'history stays'); END"
            )
            return
        cursor.execute(
            "CREATE FUNCTION test_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'history stays'; END $$"
        )
        cursor.execute(f"CREATE TRIGGER test_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION test_refuse()")
        cursor.execute(f"CREATE TRIGGER test_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION test_refuse()")


def drop_refusal(table: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER IF EXISTS test_no_delete")
        else:
            cursor.execute("DROP FUNCTION IF EXISTS test_refuse CASCADE")


@pytest.fixture(scope="module", autouse=True)
def no_refusal_stays(django_db_setup, django_db_blocker):
    """Rows come back after a committing test; triggers of its own making are its own to take away."""
    yield
    with django_db_blocker.unblock():
        drop_refusal(User._meta.db_table)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_number", [1, 2])
def test_a_committing_test_finds_and_leaves_only_what_the_migrations_made(round_number):
    drop_refusal(User._meta.db_table)
    assert list(User.objects.all()) == []
    assert Page.objects.filter(depth=1).count() == 1
    assert Locale.objects.exists()
    assert Site.objects.count() == 1
    assert Permission.objects.count() > 100

    User.objects.create_user(email="ada@example.org", password="correct horse battery")
    Site.objects.all().delete()
    refuse_changes(User._meta.db_table)


@pytest.mark.django_db
def test_the_database_is_the_one_the_run_asked_for():
    from tests.harness import environment

    assert connection.vendor == ("postgresql" if environment.ON_POSTGRES else "sqlite")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            settings = [
                cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
        assert settings == ["wal", 2, 1]


@pytest.mark.django_db(transaction=True)
def test_a_thread_may_leave_its_connection_open():
    seen = []

    def look() -> None:
        seen.append(User.objects.count())  # and never closes

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [0]


def test_the_broker_is_away_until_asked_for(valkey):
    assert not valkey.is_running
    assert not valkey.is_ready()


def test_the_broker_runs_empty_and_can_be_stopped(broker):
    assert broker.client.dbsize() == 0
    broker.client.set("left", "behind")

    broker.stop()
    assert not broker.is_ready()
    broker.start()

    assert broker.is_ready()


@pytest.mark.faults
def test_the_web_server_shares_the_database_and_survives_a_kill(web_server):
    import json
    import urllib.request

    def readiness() -> dict:
        with urllib.request.urlopen(f"{web_server.url}/healthz") as answer:
            return json.load(answer)

    assert readiness() == {"status": "ok"}
    web_server.kill()
    assert not web_server.is_ready()
    web_server.start()
    assert readiness() == {"status": "ok"}


@pytest.mark.faults
def test_the_worker_starts_and_can_be_killed(worker):
    assert worker.is_running
    worker.kill()
    assert not worker.is_running


@pytest.mark.browser
def test_chromium_opens_a_page_of_the_live_server(page):
    answer = page.goto("/healthz")

    assert answer is not None and answer.json() == {"status": "ok"}
