"""Make this machine able to run Touchstone: system libraries, a virtual environment, locked requirements.

Runs on a bare Python of the system, so it uses the standard library only.
"""

from __future__ import annotations

import ctypes.util
import hashlib
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
OLDEST_PYTHON = (3, 11)


def stop(sentence: str) -> None:
    """End with words an operator can act on."""
    raise SystemExit(f"Touchstone cannot be set up: {sentence}")


def library(name: str) -> Callable[[], bool]:
    return lambda: ctypes.util.find_library(name) is not None


def program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def some_file(pattern: str) -> Callable[[], bool]:
    return lambda: next(Path("/").glob(pattern), None) is not None


def can_make_venv() -> bool:
    """Debian ships Python without ensurepip, and then its venv has no pip."""
    return VENV.exists() or importlib.util.find_spec("ensurepip") is not None


# Debian package, and how to see that what we need of it is there, whoever installed it.
TO_RUN: dict[str, Callable[[], bool]] = {
    "python3-venv": can_make_venv,
    "libpangoft2-1.0-0": library("pangoft2-1.0"),
    "libharfbuzz-subset0": library("harfbuzz-subset"),
}
TO_TEST: dict[str, Callable[[], bool]] = {
    **TO_RUN,
    "chromium": program("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"),
    "fonts-noto-cjk": some_file("usr/share/fonts/**/NotoSansCJK*"),
    "gettext": program("xgettext"),
    "libatomic1": library("atomic"),  # the browser driver's Node.js is linked against it
    "poppler-utils": program("pdftotext"),
    "postgresql": lambda: bool(shutil.which("initdb")) or some_file("usr/lib/postgresql/*/bin/initdb")(),
    "qpdf": program("qpdf"),
}


def install_packages(wanted: dict[str, Callable[[], bool]]) -> None:
    """Install what is missing through apt as root or with sudo; otherwise say in one sentence what to install."""
    missing = [package for package, is_there in wanted.items() if not is_there()]
    if not missing:
        return
    apt_line = f"apt-get install --yes --no-install-recommends {' '.join(missing)}"
    prefix = root_prefix()
    if prefix is None or not shutil.which("apt-get"):
        stop(f"please install {', '.join(missing)} first; on Debian and Ubuntu: sudo {apt_line}")
        return
    say(f"Installing from the system's packages: {', '.join(missing)} …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for line in ("apt-get update", apt_line):
        outcome = subprocess.run([*prefix, *line.split()], env=environment, capture_output=True, text=True)
    if outcome.returncode:
        stop(f"this failed: {apt_line}\n{outcome.stderr[-2000:]}")
    importlib.invalidate_caches()
    still_missing = [package for package in missing if not wanted[package]()]
    if still_missing:
        stop(f"{', '.join(still_missing)} is installed, but what we need of it is not to be found.")


def root_prefix() -> list[str] | None:
    """What to write before a command that needs root; None when we may not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND"]
    return None


def make_venv() -> Path:
    """The environment's python; an environment whose Python has gone is made anew."""
    python = VENV / "bin" / "python"
    works = python.exists() and subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0
    if not works:
        say("Making the virtual environment …")
        outcome = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True)
        if outcome.returncode:
            stop(f"the virtual environment cannot be made.\n{outcome.stdout}{outcome.stderr}")
    return python


def install_requirements(python: Path, locked: Path) -> None:
    """pip, with hashes; a stamp makes the next start quick. The development lock holds the runtime lock."""
    contents = locked.read_bytes()
    stamp = VENV / f".{locked.stem}.installed"
    fingerprint = hashlib.sha256(contents + sys.version.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    say(f"Installing {contents.count(b'==')} Python packages from {locked.name}; the first time takes a minute or two …")
    options = ["--quiet", "--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes"]
    outcome = subprocess.run([python, "-m", "pip", "install", *options, "-r", locked], cwd=PROJECT)
    if outcome.returncode:
        stop(f"pip could not install {locked.name}; its message is above. Is a package index reachable?")
    stamp.write_text(fingerprint)


def say(sentence: str) -> None:
    print(sentence, flush=True)


def main(purpose: str) -> None:
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        stop(f"it needs Python 3.11 or newer, and {sys.executable} is {found}; name another with PYTHON=…")
    testing = purpose == "tests"
    install_packages(TO_TEST if testing else TO_RUN)
    install_requirements(make_venv(), PROJECT / ("requirements-dev.txt" if testing else "requirements.txt"))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "run")
