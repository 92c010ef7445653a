"""The catalogues of every package: `collect` brings in the words of the code, `check` says what is missing.

A catalogue is right when every word of the code is in it, translated and not merely guessed (fuzzy), with the same
placeholders as the original, and when the compiled file is what the text file says.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib

PROJECT = Path(__file__).resolve().parent.parent
LOCALE = "zh_Hans"
LANGUAGE_FOLDER = Path("locale") / LOCALE / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|(?<!%)%[sd]|\{(\w*)\}")


def packages() -> list[Path]:
    return sorted(path.parent.parent for path in PROJECT.glob(f"*/{LANGUAGE_FOLDER.parent}"))


def extract(package: Path, into: Path) -> dict[str, polib.POFile]:
    """The words of one package's code as gettext finds them now, in a copy: by catalogue name."""
    copy = into / package.name
    ignored = shutil.ignore_patterns("__pycache__", "migrations", "*.mo", "fonts", "starter")
    shutil.copytree(package, copy, ignore=ignored)
    found = {}
    for catalogue in sorted((package / LANGUAGE_FOLDER).glob("*.po")):
        command = ["makemessages", f"--locale={LOCALE}", f"--domain={catalogue.stem}", "--no-location", "--no-wrap"]
        django_admin(command, cwd=copy)
        found[catalogue.name] = polib.pofile(str(copy / LANGUAGE_FOLDER / catalogue.name))
    return found


def django_admin(command: list[str], *, cwd: Path) -> None:
    """Collecting words needs no settings, and in a copy there are none to import."""
    program = Path(sys.executable).with_name("django-admin")
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    outcome = subprocess.run([program, *command], cwd=cwd, env=environment, capture_output=True, text=True)
    if outcome.returncode:
        raise SystemExit(f"django-admin {' '.join(command)} failed in {cwd.name}:\n{outcome.stderr}")


def key(entry: polib.POEntry) -> tuple[str | None, str]:
    return entry.msgctxt, entry.msgid


def placeholders(text: str) -> set[str]:
    return {match.group() for match in PLACEHOLDER.finditer(text)}


def problems_of(catalogue: polib.POFile) -> Iterator[str]:
    """What is wrong with the translations themselves."""
    for entry in catalogue:
        if entry.obsolete:
            continue
        translations = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        if entry.fuzzy:
            yield f"only guessed (fuzzy): {entry.msgid!r}"
        elif not all(translations):
            yield f"not translated: {entry.msgid!r}"
        for translation in filter(None, translations):
            # A plural may drop the number from its singular, never name one the code does not fill.
            unknown = placeholders(translation) - placeholders(entry.msgid) - placeholders(entry.msgid_plural or "")
            lost = placeholders(entry.msgid) - placeholders(translation) if not entry.msgid_plural else set()
            if unknown or lost:
                yield f"placeholders differ ({', '.join(sorted(unknown | lost))}): {entry.msgid!r}"


def problems_of_compiled(catalogue: polib.POFile, compiled: Path) -> Iterator[str]:
    if not compiled.exists():
        yield "the compiled .mo file is missing"
        return
    said = {key(entry): (entry.msgstr, entry.msgstr_plural) for entry in polib.mofile(str(compiled)) if entry.msgid}
    meant = {key(entry): (entry.msgstr, entry.msgstr_plural) for entry in catalogue.translated_entries()}
    differing = sorted(msgid for context, msgid in {*said, *meant} if said.get((context, msgid)) != meant.get((context, msgid)))
    if differing:
        yield f"the compiled .mo file differs in {len(differing)} entries, such as {differing[0]!r}"


def problems_of_extraction(catalogue: polib.POFile, extracted: polib.POFile) -> Iterator[str]:
    known = {key(entry) for entry in catalogue if not entry.obsolete}
    used = {key(entry) for entry in extracted if not entry.obsolete}
    for _, msgid in sorted(used - known, key=lambda pair: pair[1]):
        yield f"not collected: {msgid!r}"
    for _, msgid in sorted(known - used, key=lambda pair: pair[1]):
        yield f"no longer in the code: {msgid!r}"


def check() -> int:
    """Every problem on a line; 1 when there is any."""
    can_extract = shutil.which("xgettext") is not None
    problems: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for package in packages():
            extracted = extract(package, Path(folder)) if can_extract else {}
            for path in sorted((package / LANGUAGE_FOLDER).glob("*.po")):
                catalogue = polib.pofile(str(path))
                found = [*problems_of(catalogue), *problems_of_compiled(catalogue, path.with_suffix(".mo"))]
                if path.name in extracted:
                    found += problems_of_extraction(catalogue, extracted[path.name])
                problems += [f"{path.relative_to(PROJECT)}: {problem}" for problem in found]
    print("\n".join(problems) or f"{len(packages())} packages are translated in full.")
    if problems:
        print(f"{len(problems)} problems; make messages collects words and compiles catalogues.")
    if not can_extract:
        print("xgettext is not installed, so words that were never collected were not looked for.")
    return 1 if problems else 0


def collect() -> int:
    """Bring the words of the code into every catalogue, and compile it."""
    for package in packages():
        for path in sorted((package / LANGUAGE_FOLDER).glob("*.po")):
            ignored = ["--ignore=migrations/*", "--ignore=starter/*", "--ignore=fonts/*"]
            options = [f"--locale={LOCALE}", f"--domain={path.stem}", "--no-location", "--no-wrap", "--no-obsolete", *ignored]
            django_admin(["makemessages", *options], cwd=package)
            polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))
    return check()


if __name__ == "__main__":
    raise SystemExit({"check": check, "collect": collect}[sys.argv[1]]())
