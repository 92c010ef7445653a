"""The programs that are measured, each in a folder of its own that goes when they end."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.harness.postgres import Cluster

PROJECT = Path(__file__).resolve().parents[1]
TICKS = os.sysconf("SC_CLK_TCK")


class DurablePostgres(Cluster):
    """As a careful operator runs it: what is committed is on the disk."""

    def start(self) -> None:
        if self.user:
            shutil.chown(self.folder, "postgres", "postgres")
        arguments = ("--pgdata=data", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale")
        self._run("initdb", *arguments)
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c synchronous_commit=on -c fsync=on"
        options += " -c shared_buffers=256MB -c max_wal_size=4GB -c max_connections=100 -c jit=off"
        self._run("pg_ctl", "--pgdata=data", "--log=log", "--wait", f"--options={options}", "start")

    @property
    def pid(self) -> int:
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def database(self, name: str) -> str:
        return f"postgresql://postgres@{quote(str(self.folder), safe='')}/{name}"

    def environment(self) -> dict[str, str]:
        return {**os.environ, "PGHOST": str(self.folder), "PGUSER": "postgres"}


class Site:
    """The site on one database: prepares it, then granian as `make run` starts it."""

    def __init__(self, database_url: str, folder: Path | None = None) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix="touchstone-bench-"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "TEST_POSTGRES_URL"},
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "DATABASE_URL": database_url,
            "VAR_DIR": str(self.folder),
            "SECRET_KEY": "bench-only-" + "k" * 50,
            "PRODUCTION": "false",
            "DEBUG": "false",
            "BROKER_URL": "redis://127.0.0.1:1/0",
            "LOG_LEVEL": "ERROR",
            "EXAM_SAVES_PER_SECOND": "1000000",
        }
        self.server: subprocess.Popen[bytes] | None = None

    def run(self, *command: str) -> str:
        result = subprocess.run(
            [sys.executable, *command], cwd=PROJECT, env=self.environment, capture_output=True, text=True, check=False
        )
        if result.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{result.stderr[-3000:]}")
        return result.stdout

    def migrate(self) -> None:
        self.run("manage.py", "migrate", "--verbosity=0")

    def seats(self, number: int) -> list[dict[str, Any]]:
        return json.loads(self.run("-m", "bench.seats", str(number)).splitlines()[-1])

    def start(self, *, workers: int = 2, threads: int = 4) -> None:
        options = [f"--workers={workers}", f"--blocking-threads={threads}", "--interface=wsgi", "--host=127.0.0.1"]
        options += [f"--port={self.port}", "--log-level=error", "--backlog=1024"]
        granian = str(Path(sys.executable).with_name("granian"))
        self.server = subprocess.Popen(
            [granian, *options, "config.wsgi:application"], cwd=PROJECT, env=self.environment, start_new_session=True
        )
        give_up = time.monotonic() + 120
        while not self._answers():
            if self.server.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError("granian did not start")
            time.sleep(0.2)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        if self.server is not None and self.server.poll() is None:
            os.killpg(self.server.pid, signal.SIGTERM)
            try:
                self.server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(self.server.pid, signal.SIGKILL)
                self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def load(self, requests: str, *, seconds: float, connections: int = 32, **more: Any) -> dict[str, Any]:
        plan = {"port": self.port, "seconds": seconds, "connections": connections, "requests": requests, **more}
        result = subprocess.run(
            [sys.executable, "-m", "bench.load"],
            input=json.dumps(plan),
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise RuntimeError(result.stderr[-2000:])
        answer = json.loads(result.stdout)
        if answer["bad"]:
            raise RuntimeError(f"{answer['bad']} of {answer['done']} were not 200: {answer['first_bad']}")
        return answer


def family(root: int) -> list[int]:
    """The process and all below it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        found.append(pid := waiting.pop())
        waiting += parents.get(pid, [])
    return found


def cpu_seconds(root: int) -> float:
    """What the process and all below it have used, those it has buried included."""
    ticks = 0
    for pid in family(root):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[11:15] if pid == root else fields[11:13]))
    return ticks / TICKS
