"""PostgreSQL for the tests: the server named by TEST_POSTGRES_URL, or a private one of this run.

The private one listens on a Unix socket in a temporary folder only, so it meets no other server.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from scripts.supervisor import end_with_parent
from tests.harness.environment import CACHE_DIR, WORKER
from tests.harness.template import keep, migrate, migrations_key, nearest, only_one_process

BASELINE = "test_baseline"
START_SECONDS = 60


class Cluster:
    """A PostgreSQL server that lives as long as the test run."""

    def __init__(self) -> None:
        self.bin = find_programs()
        # PostgreSQL refuses to run as root.
        self.user: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        self.folder = Path(tempfile.mkdtemp(prefix="touchstone-postgres-"))
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql://postgres@{quote(str(self.folder), safe='')}/postgres"

    def start(self) -> None:
        if self.user:
            shutil.chown(self.folder, "postgres", "postgres")
        self._run(
            "initdb", "--pgdata=data", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"
        )
        # Nothing here outlives the run, so nothing waits for a disk.
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "fsync": "off",
            "full_page_writes": "off",
        }
        options |= {"max_connections": "200", "shared_buffers": "128MB"}
        command = [str(self.bin / "postgres"), "-D", "data", *(f"--{name}={value}" for name, value in options.items())]
        with (self.folder / "log").open("ab") as log:
            # A child of ours, not a daemon of pg_ctl's: it ends with the run, however that ends.
            self._process = subprocess.Popen(
                command,
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent,
                **self.user,
            )
        give_up_at = time.monotonic() + START_SECONDS
        while not self._accepts():
            if self._process.poll() is not None or time.monotonic() > give_up_at:
                raise RuntimeError(f"PostgreSQL does not start:\n{(self.folder / 'log').read_text(errors='replace')[-3000:]}")
            time.sleep(0.05)

    def _accepts(self) -> bool:
        try:
            psycopg.connect(self.url).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGQUIT)  # at once: there is nothing to keep
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        with tempfile.TemporaryFile() as output:  # pg_ctl's child would keep a pipe open for ever
            result = subprocess.run(
                [self.bin / program, *arguments], cwd=self.folder, stdout=output, stderr=subprocess.STDOUT, **self.user
            )
            output.seek(0)
            if result.returncode:
                raise RuntimeError(f"{program} failed:\n{output.read().decode(errors='replace')}")


def find_programs() -> Path:
    """The folder with initdb and pg_ctl; Debian keeps them off the PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[4]), reverse=True)
    on_path = shutil.which("initdb")
    if debian:
        return debian[0].parent
    if on_path:
        return Path(on_path).resolve().parent
    raise RuntimeError(
        "PostgreSQL is not installed, and TEST_DATABASE=postgres needs it. "
        "Run: apt-get install postgresql, or name a server in TEST_POSTGRES_URL."
    )


def own_database() -> str:
    """The database of this test process; its number keeps two runs on one server apart."""
    run = os.environ.setdefault("TEST_RUN", str(os.getpid()))
    return f"touchstone_{run}_{WORKER}"


_cluster: Cluster | None = None


def database_url(name: str) -> str:
    """The address of one database of the server; chooses a private server when none was named."""
    global _cluster
    if "TEST_POSTGRES_URL" not in os.environ:
        _cluster = Cluster()
        os.environ["TEST_POSTGRES_URL"] = _cluster.url
    return urlunsplit(urlsplit(os.environ["TEST_POSTGRES_URL"])._replace(path=f"/{name}"))


def start_server() -> None:
    """Only the process that chose the private server starts it; xdist's workers inherit its address."""
    if _cluster is not None:
        _cluster.start()


def stop_server() -> None:
    if _cluster is not None:
        _cluster.stop()


def _connect(url: str | None = None) -> psycopg.Connection[Any]:
    return psycopg.connect(url or os.environ["TEST_POSTGRES_URL"], autocommit=True)


def _exists(server: psycopg.Connection[Any], name: str) -> bool:
    return server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def ensure_template() -> str:
    """A migrated database beside a copy of every row the migrations made; kept as a dump between runs."""
    name = f"touchstone_template_{migrations_key()}"
    with only_one_process("postgres"), _connect() as server:
        if not _exists(server, name):
            unfinished = f"{name}_unfinished"
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(unfinished)))
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(unfinished)))
            _fill_template(database_url(unfinished))
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            server.execute(rename.format(sql.Identifier(unfinished), sql.Identifier(name)))
    return name


def _fill_template(url: str) -> None:
    dump = CACHE_DIR / f"template-{migrations_key()}.pgdump"
    programs = _cluster.bin if _cluster else None
    if programs and (made := dump if dump.exists() else nearest("template-*.pgdump")):
        subprocess.run([programs / "pg_restore", "--no-owner", "--dbname", url, made], check=True, capture_output=True)
        if made == dump:
            return
    migrate(url)
    with _connect(url) as database:
        database.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(BASELINE)))
        _keep_baseline(database)
    if programs:
        unfinished = dump.with_suffix(".unfinished")
        subprocess.run([programs / "pg_dump", "--format=custom", "--file", unfinished, url], check=True, capture_output=True)
        keep(unfinished, dump)


def _tables(database: psycopg.Connection[Any], schema: str) -> list[str]:
    found = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [schema])
    return [name for (name,) in found.fetchall()]


def _filled(database: psycopg.Connection[Any], tables: list[str]) -> list[str]:
    """Those of the tables that have rows, in one question."""
    question = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM public.{})").format(sql.Literal(name), sql.Identifier(name))
        for name in tables
    )
    return [name for (name,) in database.execute(question).fetchall()]


def _keep_baseline(database: psycopg.Connection[Any], schema: str = BASELINE) -> None:
    """Set aside what the migrations wrote: Wagtail's root page, site and locale, permissions, content types."""
    database.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    for table in _filled(database, _tables(database, "public")):
        copy = sql.SQL("CREATE TABLE {}.{} AS TABLE public.{}")
        database.execute(copy.format(sql.Identifier(schema), sql.Identifier(table), sql.Identifier(table)))


def keep_own_database(schema: str) -> None:
    """Set aside every row as it is now, for `restore_own_database` to bring back."""
    with _connect(database_url(own_database())) as database:
        _keep_baseline(database, schema)


def create_own_database() -> None:
    template = ensure_template()
    with only_one_process("postgres"), _connect() as server:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(create.format(sql.Identifier(own_database()), sql.Identifier(template)))


def drop_own_database() -> None:
    with _connect() as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(own_database())))


def restore_own_database(schema: str = BASELINE) -> None:
    """Every table as the migrations left it, or as another schema keeps it.

    As a replica the session fires no triggers: those that refuse to change history, and foreign keys, stay quiet.
    Other connections may stay open; they see the change as one commit.
    """
    with _connect(database_url(own_database())) as database, database.transaction():
        database.execute("SET LOCAL session_replication_role = replica")
        database.execute("SET LOCAL lock_timeout = '10s'")
        for table in _filled(database, _tables(database, "public")):
            database.execute(sql.SQL("DELETE FROM public.{}").format(sql.Identifier(table)))
        for table in _tables(database, schema):
            columns = sql.SQL(", ").join(map(sql.Identifier, _stored_columns(database, table)))
            database.execute(
                sql.SQL("INSERT INTO public.{} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {}.{}").format(
                    sql.Identifier(table), columns, columns, sql.Identifier(schema), sql.Identifier(table)
                )
            )


def _stored_columns(database: psycopg.Connection[Any], table: str) -> list[str]:
    """All columns but the generated ones, which the database fills itself."""
    found = database.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    return [name for (name,) in found.fetchall()]
