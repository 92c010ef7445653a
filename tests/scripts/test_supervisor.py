"""Programs are kept running, and none outlives its supervisor."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from scripts.supervisor import LOG_BYTES, Program, Supervisor, last_lines, open_log
from tests.harness.environment import PROJECT
from tests.harness.processes import wait_until

FOR_EVER = [sys.executable, "-c", "import time; time.sleep(600)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)",
]
WITH_CHILD = [
    sys.executable,
    "-c",
    "import subprocess, sys, time; c = subprocess.Popen(['sleep', '600']); print(c.pid, flush=True); time.sleep(600)",
]


def lives(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return status.rsplit(")", 1)[1].split()[0] != "Z"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path, said):
    supervisor = Supervisor(tmp_path, said.append)
    supervisor.poll_seconds = 0.02
    yield supervisor
    supervisor.end()


def run_in_thread(supervisor: Supervisor) -> tuple[threading.Thread, list[int]]:
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(supervisor.run()))
    thread.start()
    return thread, codes


def test_a_program_that_ends_is_started_again(supervisor, said):
    program = Program("worker", FOR_EVER)
    supervisor.start(program)
    first = program.process.pid
    thread, codes = run_in_thread(supervisor)

    os.kill(first, signal.SIGKILL)
    wait_until(lambda: program.process and program.process.pid != first and program.is_running, "no new worker", 10)
    supervisor._on_signal(signal.SIGINT, None)
    thread.join(timeout=10)

    assert codes == [0]
    assert [sentence.split(";")[0] for sentence in said] == ["The worker program ended (code -9)"]


def test_the_end_of_the_web_server_ends_everything(supervisor, said):
    worker = Program("worker", FOR_EVER)
    supervisor.start(worker)
    supervisor.start(Program("web", [sys.executable, "-c", "print('no room'); raise SystemExit(3)"], restarts=False))

    assert supervisor.run() == 1
    pid = worker.process.pid
    supervisor.end()

    assert said == ["The web program ended (code 3), so everything ends. Its last words:\n  no room"]
    assert not lives(pid)


def test_a_program_that_cannot_live_is_not_started_for_ever(supervisor, said):
    supervisor.start(Program("beat", [sys.executable, "-c", "raise SystemExit(1)"]))

    assert supervisor.run() == 1
    assert len(said) == supervisor.most_restarts + 1
    assert "again and again" in said[-1]


def test_a_program_that_does_not_listen_is_killed_in_time(supervisor, tmp_path):
    program = Program("worker", DEAF, patience_seconds=0.3)
    supervisor.start(program)
    pid = program.process.pid
    wait_until(lambda: last_lines(tmp_path / "worker.log"), "it never became deaf", 10)
    began = time.monotonic()

    supervisor.end()

    assert not lives(pid)
    assert time.monotonic() - began < 5


def test_a_second_signal_ends_the_patience(supervisor, tmp_path):
    program = Program("worker", DEAF, patience_seconds=60)
    supervisor.start(program)
    wait_until(lambda: last_lines(tmp_path / "worker.log"), "it never became deaf", 10)
    threading.Timer(0.2, supervisor._on_signal, (signal.SIGINT, None)).start()
    began = time.monotonic()

    supervisor.end()

    assert time.monotonic() - began < 20


def test_what_a_program_started_ends_with_it(supervisor, tmp_path):
    supervisor.start(Program("web", WITH_CHILD))
    wait_until(lambda: last_lines(tmp_path / "web.log"), "no child", 10)
    child = int(last_lines(tmp_path / "web.log"))
    assert lives(child)

    supervisor.end()

    wait_until(lambda: not lives(child), "the child lives on", 10)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_programs_end_when_the_supervisor_is_killed(tmp_path):
    story = (
        "import sys; from pathlib import Path; from scripts.supervisor import Program, Supervisor\n"
        "s = Supervisor(Path(sys.argv[1]), print); p = Program('web', [sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "s.start(p); print(p.process.pid, flush=True); s.run()"
    )
    parent = subprocess.Popen([sys.executable, "-c", story, str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    assert lives(child)

    parent.kill()
    parent.wait()

    wait_until(lambda: not lives(child), "the child lives on", 10)


def test_standard_input_carries_what_a_command_line_must_not(supervisor, tmp_path):
    supervisor.start(Program("broker", ["cat"], standard_input="requirepass secret\n"))

    wait_until(lambda: last_lines(tmp_path / "broker.log") == "  requirepass secret", "it was told nothing", 10)


def test_a_long_log_is_set_aside_once(tmp_path):
    log = tmp_path / "web.log"
    log.write_bytes(b"x" * (LOG_BYTES + 1))

    open_log(log).close()

    assert log.stat().st_size == 0
    assert (tmp_path / "web.log.1").stat().st_size == LOG_BYTES + 1
