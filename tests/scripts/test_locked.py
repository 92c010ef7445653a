"""The lock files hold what we name, at that version, with hashes, and nothing of one machine."""

from __future__ import annotations

from importlib import metadata

import pytest
from packaging.specifiers import SpecifierSet

from scripts.locked import named, problems
from tests.harness.environment import PROJECT

HASH = " \\\n    --hash=sha256:00\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "requirements.in").write_text(
        '# why\ncelery==5.7.0\npsycopg[binary,pool]==3.3.9 ; python_version > "3"\npyyaml\n'
    )
    (tmp_path / "requirements-dev.in").write_text("-r requirements.in\n-c requirements.txt\nPytest_Django==4.14.0\n")
    runtime = f"celery==5.7.0{HASH}psycopg[binary,pool]==3.3.9 ; python_version > '3'{HASH}pyyaml==6.0.3{HASH}"
    (tmp_path / "requirements.txt").write_text("#\n# made by\n#\n" + runtime)
    (tmp_path / "requirements-dev.txt").write_text(runtime + f"pytest-django==4.14.0{HASH}    # via -r requirements-dev.in\n")
    return tmp_path


def change(path, old, new):
    path.write_text(path.read_text().replace(old, new))


def test_ours_are_locked():
    assert list(problems(PROJECT)) == []


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_the_oldest_python_we_promise_can_install_it(lock):
    """Debian 12 has 3.11.2; a package that asks for 3.11.5 locks it out, and a newer Python that makes the lock is silent."""
    locked = named((PROJECT / lock).read_text())
    asks = {name: metadata.metadata(name)["Requires-Python"] for name, version in locked.items() if installed(name) == version}

    assert len(asks) > 50
    assert {name: text for name, text in asks.items() if text and not SpecifierSet(text).contains("3.11.2")} == {}


def installed(name: str) -> str | None:
    """None for what is meant for other machines."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def test_a_right_lock_is_right(folder):
    assert list(problems(folder)) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "requirements.in",
            "pyyaml",
            "pyyaml\nsegno",
            "requirements.txt does not hold segno, which requirements.in names",
        ),
        (
            "requirements.in",
            "5.7.0",
            "5.7.1",
            "requirements.txt holds celery 5.7.0, and requirements.in names 5.7.1",
        ),
        (
            "requirements-dev.txt",
            "4.14.0 \\\n    --hash=sha256:00",
            "4.14.0",
            "requirements-dev.txt holds pytest-django without a hash",
        ),
        (
            "requirements-dev.txt",
            "pyyaml==6.0.3",
            "pyyaml==6.0.2",
            "requirements-dev.txt holds pyyaml 6.0.2, and requirements.txt 6.0.3",
        ),
        (
            "requirements.txt",
            "psycopg[binary,pool]",
            "psycopg",
            "requirements.txt does not hold psycopg[binary,pool] with its extras",
        ),
        (
            "requirements.txt",
            "#\n# made",
            "--find-links file:///wheels\n# made",
            "requirements.txt names an address, which is this machine's and not everybody's",
        ),
    ],
)
def test_what_is_wrong_is_named(folder, file, old, new, expected):
    change(folder / file, old, new)

    assert list(problems(folder)) == [expected]
