"""Setting up a machine: what is missing is installed or named, never guessed."""

from __future__ import annotations

import subprocess

import pytest

from scripts import machine


def test_nothing_is_installed_where_nothing_is_missing(monkeypatch):
    monkeypatch.setattr(machine.subprocess, "run", lambda *args, **kwargs: pytest.fail("nothing was to be run"))

    machine.install_packages({"libpangoft2-1.0-0": lambda: True})


def test_without_root_the_sentence_names_what_to_install(monkeypatch):
    monkeypatch.setattr(machine, "root_prefix", lambda: None)

    with pytest.raises(SystemExit) as refusal:
        machine.install_packages({"qpdf": lambda: False, "gettext": lambda: True, "chromium": lambda: False})

    assert str(refusal.value) == (
        "Touchstone cannot be set up: please install qpdf, chromium first; "
        "on Debian and Ubuntu: sudo apt-get install --yes --no-install-recommends qpdf chromium"
    )


def test_as_root_apt_installs_exactly_what_is_missing(monkeypatch):
    ran: list[list[str]] = []
    monkeypatch.setattr(machine, "root_prefix", list)
    monkeypatch.setattr(machine.shutil, "which", lambda name: f"/usr/bin/{name}")

    def record(command, **options):
        ran.append(command)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(machine.subprocess, "run", record)

    machine.install_packages({"gettext": lambda: True, "qpdf": lambda: bool(ran)})

    assert ran == [["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", "qpdf"]]


def test_an_apt_that_fails_is_quoted(monkeypatch):
    monkeypatch.setattr(machine, "root_prefix", list)
    monkeypatch.setattr(machine.shutil, "which", lambda name: f"/usr/bin/{name}")
    failure = subprocess.CompletedProcess([], 100, "", "E: Unable to locate package qpdf")
    monkeypatch.setattr(machine.subprocess, "run", lambda *args, **kwargs: failure)

    with pytest.raises(SystemExit, match="Unable to locate package qpdf"):
        machine.install_packages({"qpdf": lambda: False})


def test_requirements_are_installed_once_and_again_when_they_change(monkeypatch, tmp_path):
    ran: list[list[object]] = []
    monkeypatch.setattr(machine, "VENV", tmp_path)
    monkeypatch.setattr(
        machine.subprocess, "run", lambda command, **options: ran.append(command) or subprocess.CompletedProcess(command, 0)
    )
    locked = tmp_path / "requirements.txt"
    locked.write_text("celery==5.7.0 --hash=sha256:00\n")

    for _ in range(2):
        machine.install_requirements(tmp_path / "python", locked)
    assert len(ran) == 1
    assert "--require-hashes" in ran[0]

    locked.write_text("celery==5.7.1 --hash=sha256:01\n")
    machine.install_requirements(tmp_path / "python", locked)
    assert len(ran) == 2


def test_a_failed_installation_leaves_no_stamp(monkeypatch, tmp_path):
    monkeypatch.setattr(machine, "VENV", tmp_path)
    monkeypatch.setattr(machine.subprocess, "run", lambda command, **options: subprocess.CompletedProcess(command, 1))
    locked = tmp_path / "requirements.txt"
    locked.write_text("celery==5.7.0\n")

    with pytest.raises(SystemExit, match="could not install"):
        machine.install_requirements(tmp_path / "python", locked)

    assert list(tmp_path.glob(".*installed")) == []


def test_an_old_python_is_refused_by_name(monkeypatch):
    monkeypatch.setattr(machine.sys, "version_info", (3, 9, 2))

    with pytest.raises(SystemExit, match=r"it needs Python 3\.11 or newer, and .* is 3\.9\.2"):
        machine.main("run")
