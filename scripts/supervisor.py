"""Starts a few programs, keeps them running, and ends them together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
LOG_BYTES = 5_000_000


def end_with_parent() -> None:
    """Linux: SIGTERM reaches this process when its parent dies, however it dies. Elsewhere nothing happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Program:
    """One program to run. It leads a process group of its own, so that nothing it starts can outlive it."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    standard_input: str = ""
    restarts: bool = True  # else its end is the end of everything
    patience_seconds: float = 10  # between the polite request and the kill
    process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self, log_folder: Path | None) -> None:
        """Its words go to NAME.log in the folder, or where ours go."""
        with open_log(log_folder / f"{self.name}.log") if log_folder else contextlib.nullcontext() as log:
            self.process = subprocess.Popen(
                self.command,
                env={**os.environ, **self.environment},
                stdin=subprocess.PIPE if self.standard_input else subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        if self.process.stdin:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.write(self.standard_input.encode())
                self.process.stdin.close()

    def ask_to_end(self) -> None:
        """SIGTERM to the program alone: a Celery worker lets its children finish, which the same signal would kill."""
        if self.is_running and self.process:
            self.process.terminate()

    def make_sure_it_ended(self, deadline: float) -> None:
        """Wait until the deadline, then kill the whole group; also whoever an already ended program left behind."""
        if self.process is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(0.0, deadline - time.monotonic()))
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


def open_log(path: Path) -> Any:
    """Append; a long log is set aside once, so that two files are the most there will be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


class Supervisor:
    """Runs programs until a signal or the end of one that must not end; returns the exit code."""

    most_restarts = 5
    restart_window_seconds = 60.0
    poll_seconds = 0.2

    def __init__(
        self, log_folder: Path | None, say: Callable[[str], None], should_end: Callable[[], bool] = lambda: False
    ) -> None:
        self.log_folder = log_folder
        self.say = say
        self.should_end = should_end
        self.programs: list[Program] = []
        self._signals = 0
        self._restarts: dict[str, deque[float]] = {}

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    @property
    def is_asked_to_end(self) -> bool:
        return self._signals > 0

    def _on_signal(self, number: int, frame: object) -> None:
        self._signals += 1

    def start(self, program: Program) -> None:
        self.programs.append(program)
        program.start(self.log_folder)

    def run(self) -> int:
        """Keep everything running. 0 after a signal, 1 when a program that must not end ended."""
        while not self.is_asked_to_end and not self.should_end():
            for program in self.programs:
                if not program.is_running and not self._revive(program):
                    return 1
            time.sleep(self.poll_seconds)
        return 0

    def _revive(self, program: Program) -> bool:
        code = program.process.returncode if program.process else None
        if not program.restarts:
            self.say(f"The {program.name} program ended (code {code}), so everything ends.{self._last_words(program)}")
            return False
        times = self._restarts.setdefault(program.name, deque(maxlen=self.most_restarts))
        now = time.monotonic()
        if len(times) == self.most_restarts and now - times[0] < self.restart_window_seconds:
            self.say(f"The {program.name} program ends again and again, so everything ends.{self._last_words(program)}")
            return False
        times.append(now)
        where = f" Its log: {self.log_folder / program.name}.log" if self.log_folder else ""
        self.say(f"The {program.name} program ended (code {code}); starting it again.{where}")
        program.make_sure_it_ended(now)
        program.start(self.log_folder)
        return True

    def _last_words(self, program: Program) -> str:
        return f" Its last words:\n{last_lines(self.log_folder / f'{program.name}.log')}" if self.log_folder else ""

    def end(self) -> None:
        """End what was started last first: the web before the worker, the worker before the broker it reports to."""
        asked_before = self._signals
        for program in reversed(self.programs):
            program.ask_to_end()
            deadline = time.monotonic() + program.patience_seconds
            while program.is_running and time.monotonic() < deadline and self._signals <= asked_before:
                time.sleep(0.05)
            program.make_sure_it_ended(time.monotonic())


def last_lines(log: Path, number: int = 15) -> str:
    lines = log.read_text(errors="replace").splitlines()[-number:] if log.exists() else []
    return "\n".join(f"  {line}" for line in lines)
