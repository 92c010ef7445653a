"""Habits that a machine can check in the files themselves."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.harness.environment import PROJECT

LONGEST = 400
# Written by machines, or whole works by others: not ours to split.
NOT_SPLIT = re.compile(r"(^|/)(migrations|locale|fonts|vendor|starter)/|^requirements.*\.txt$|^LICENSE$|\.svg$")
SPLIT_ENDINGS = {".py", ".js", ".css", ".html", ".sh"}


@cache
def tracked_files() -> tuple[Path, ...]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True)
    if listing.returncode:  # an unpacked archive has no history
        return tuple(path for path in PROJECT.rglob("*") if path.is_file() and not {".venv", "var"} & set(path.parts))
    return tuple(PROJECT / name for name in listing.stdout.split("\0") if name and (PROJECT / name).is_file())


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def text_files(*endings: str) -> list[Path]:
    return [path for path in tracked_files() if path.suffix in endings]


def test_long_files_say_why_at_their_top():
    long_files = []
    for path in text_files(*SPLIT_ENDINGS):
        lines = path.read_text().splitlines()
        if not NOT_SPLIT.search(name_of(path)) and len(lines) > LONGEST and not any("long:" in line for line in lines[:5]):
            long_files.append(f"{name_of(path)}: {len(lines)} lines, and no `long:` with a reason in its first five")

    assert long_files == []


INLINE = {
    "a script without src": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*\btype=[\"']application/(ld\+)?json)[^>]*>", re.IGNORECASE
    ),
    "a style element": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "an event handler": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "a javascript: address": re.compile(r"[\"']javascript:", re.IGNORECASE),
    "another host's script, style or font": re.compile(
        r"<(script|link|img|iframe)[^>]*(src|href)=[\"'](https?:)?//", re.IGNORECASE
    ),
}
# What WeasyPrint prints never reaches a browser, so no policy applies to it.
PRINTED = re.compile(r"(^|/)(designs?|print|pdf|documents)/")


def inline_code(template: str) -> list[str]:
    shown = re.sub(r"{#.*?#}|{% comment.*?{% endcomment %}|<!--.*?-->", "", template, flags=re.DOTALL)
    return [what for what, pattern in INLINE.items() if pattern.search(shown)]


def test_templates_hold_nothing_the_content_policy_refuses():
    found = {name_of(path): inline_code(path.read_text()) for path in text_files(".html") if not PRINTED.search(name_of(path))}

    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ('<script type="module" src="{% static "a.js" %}"></script>', []),
        ('<script type="application/ld+json">{}</script>', []),
        ("<script>go()</script>", ["a script without src"]),
        ('<p class="x" style="color: red">', ["a style attribute"]),
        ('<button onclick="go()">', ["an event handler"]),
        ('<a data-on="x" data-style="y" href="#">', []),
        ('<link rel="stylesheet" href="https://cdn.example.org/a.css">', ["another host's script, style or font"]),
        ("{# <style> #}", []),
    ],
)
def test_the_template_check_sees_what_it_should(template, found):
    assert inline_code(template) == found


# A home folder, a checkout or a temporary folder of one machine; pieces, so that this file does not name one itself.
MACHINE_PATHS = re.compile(
    "|".join(("/" + "work/(main|shared)", "/" + r"home/[a-z]+/", "/" + r"Users/[A-Za-z]+/", "/" + "tmp/ts/"))
)


def test_no_file_names_a_path_of_somebodys_machine():
    found = []
    for path in tracked_files():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [f"{name_of(path)}: {match.group()}" for match in MACHINE_PATHS.finditer(text)]

    assert found == []


def test_no_word_of_unfinished_work_is_left():
    """A reader cannot tell a note to oneself from a promise to them."""
    unfinished = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|(?i:lorem ipsum|coming soon)")
    mine = Path(__file__)
    found = [
        f"{name_of(path)}: {match.group()}"
        for path in text_files(*SPLIT_ENDINGS, ".md", ".toml", ".yaml", ".json")
        if path != mine and "/vendor/" not in name_of(path)
        for match in unfinished.finditer(path.read_text())
    ]

    assert found == []
