"""What `make run` refuses, and what it prints."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

import pytest

from scripts import run
from tests.harness.environment import PROJECT, free_port
from tests.harness.processes import wait_until


def launch(**environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts.run"]
    return subprocess.run(command, cwd=PROJECT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60)


def test_a_busy_port_is_refused_in_one_sentence(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        outcome = launch(PORT=str(port), VAR_DIR=str(tmp_path))

    assert outcome.returncode == 1
    assert outcome.stderr == (
        f"Touchstone cannot run: another program already listens on 127.0.0.1:{port}. "
        f"Stop it or choose another port: PORT={port + 1} make run\n"
    )


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80.5"])
def test_a_port_that_is_none_is_refused(port, tmp_path):
    outcome = launch(PORT=port, VAR_DIR=str(tmp_path))

    assert (outcome.returncode, outcome.stderr) == (
        1,
        f"Touchstone cannot run: PORT should be a number from 1 to 65535, and is {port!r}.\n",
    )


def test_two_sites_do_not_share_one_data_folder(tmp_path):
    with run.only_run(tmp_path, "http://127.0.0.1:8001"):
        outcome = launch(PORT=str(free_port()), VAR_DIR=str(tmp_path))

    assert outcome.returncode == 1
    assert f"a site already runs on the data in {tmp_path}: http://127.0.0.1:8001/ (process {os.getpid()})." in outcome.stderr


def test_a_lock_left_by_a_killed_run_blocks_nobody(tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", "import sys; from pathlib import Path; from scripts.run import only_run\n"
         "with only_run(Path(sys.argv[1]), 'http://gone'): print('held', flush=True); sys.stdin.read()", str(tmp_path)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    assert holder.stdout.readline() == b"held\n"
    holder.kill()
    holder.wait()

    with run.only_run(tmp_path, "http://127.0.0.1:8001"):
        assert "8001" in (tmp_path / "run.lock").read_text()
    assert (tmp_path / "run.lock").read_text() == ""


def test_the_table_of_logins_names_every_role():
    table = run.table_of_logins(
        {
            "trainee": {"email": "ada@example.org", "password": "one", "totp_secret": ""},
            "certification_officer": {"email": "eve@example.org", "password": "two", "totp_secret": "ABC"},
        }
    )

    assert table.splitlines() == [
        "Role                   E-mail           Password  Second factor (TOTP secret)",
        "trainee                ada@example.org  one       –",
        "certification officer  eve@example.org  two       ABC",
    ]


@pytest.mark.parametrize(("value", "expected"), [("", True), ("false", False), ("True", True), ("0", False), ("yes", True)])
def test_the_demo_is_on_unless_said_otherwise(value, expected, monkeypatch):
    monkeypatch.setenv("DEMO", value)

    assert run.is_true("DEMO", default=True) is expected


def test_an_interrupted_make_is_noticed(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["run", "--under-make"])
    caught, ignored, interrupted = (
        subprocess.Popen([sys.executable, "-c", f"import signal, sys; {act}; print('set', flush=True); sys.stdin.read()"],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for act in (f"signal.signal(signal.SIGINT, {how})" for how in ("lambda *a: None", "signal.SIG_IGN", "signal.SIG_DFL"))
    )  # fmt: skip
    assert [each.stdout.readline() for each in (caught, ignored, interrupted)] == [b"set\n"] * 3

    assert run.make_was_interrupted(caught.pid) is False
    # A script that starts us in the background has SIGINT ignored: that is not an interruption.
    assert run.make_was_interrupted(ignored.pid) is False
    assert run.make_was_interrupted(interrupted.pid) is True
    for process in (caught, ignored, interrupted):
        process.kill()
        process.wait()


@pytest.mark.faults
@pytest.mark.timeout(300)
def test_the_whole_site_starts_and_a_signal_ends_every_process(tmp_path):
    """Without the demo's seed, which has tests of its own."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name not in ("BROKER_URL", "DATABASE_URL", "SITE_URL")}
    environment |= {"PORT": str(port), "VAR_DIR": str(tmp_path), "DEMO": "false", "TESTING": "false", "LOG_LEVEL": "INFO"}
    with (tmp_path / "said").open("wb") as said:
        launcher = subprocess.Popen(
            [sys.executable, "-m", "scripts.run"], cwd=PROJECT, env=environment, stdout=said, stderr=subprocess.STDOUT
        )
    try:
        wait_until(lambda: launcher.poll() is not None or b"is ready" in (tmp_path / "said").read_bytes(), "not ready", 200)
        assert launcher.poll() is None, (tmp_path / "said").read_text()
        assert run.answers(f"http://127.0.0.1:{port}/healthz")
        mine = descendants(launcher.pid)
        assert len(mine) >= 5  # valkey, the worker and its child, beat, the web server and its workers
    finally:
        launcher.send_signal(signal.SIGINT)
        code = launcher.wait(timeout=60)

    assert code == 0
    wait_until(lambda: not any(is_alive(pid) for pid in mine), "a process outlived the launcher", 10)
    assert (tmp_path / "touchstone.sqlite3").exists()


def descendants(pid: int) -> set[int]:
    listing = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    children: dict[int, list[int]] = {}
    for line in listing.splitlines():
        child, parent = map(int, line.split())
        children.setdefault(parent, []).append(child)
    found, waiting = set(), [pid]
    while waiting:
        for child in children.get(waiting.pop(), []):
            found.add(child)
            waiting.append(child)
    return found


def is_alive(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout.strip()
    return bool(state) and not state.startswith("Z")
