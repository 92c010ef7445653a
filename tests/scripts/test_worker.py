"""A worker that ends by itself is started again, whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.environment import PROJECT
from tests.harness.processes import wait_until

pytestmark = pytest.mark.faults


def test_make_worker_starts_its_worker_again(broker, tmp_path):
    said = tmp_path / "said"
    with said.open("wb") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "scripts.worker"],
            cwd=PROJECT,
            env={**os.environ, "LOG_LEVEL": "INFO"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(lambda: said.read_text().count(" ready.") == 1, "the worker does not start")
        children = Path(f"/proc/{keeper.pid}/task/{keeper.pid}/children").read_text().split()
        os.kill(int(children[0]), signal.SIGKILL)
        wait_until(lambda: said.read_text().count(" ready.") == 2, "the worker was not started again")
        assert "The worker program ended (code -9); starting it again." in said.read_text()
    finally:
        keeper.terminate()
        assert keeper.wait(timeout=30) == 0


def test_the_harness_keeps_its_worker_as_production_does(worker):
    first = worker.pid
    os.killpg(first, signal.SIGKILL)
    wait_until(lambda: worker.is_running and worker.pid != first and worker.said().count(" ready.") > 1, "not started again")
