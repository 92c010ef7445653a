"""Is every requirement we name locked at that version, with hashes? Answers without asking an index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?(?:==([^\s;\\]+))?")

EXTRAS = re.compile(r"^([A-Za-z0-9._-]+\[[^\]]+\])", re.MULTILINE)


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def named(text: str) -> dict[str, str | None]:
    """Package and version of each line that names one; a version only where the line pins it."""
    lines = (line.split(" #")[0].strip() for line in text.splitlines())
    matches = (NAME.match(line) for line in lines if line and not line.startswith(("#", "-")))
    return {canonical(match[1]): match[2] for match in matches if match}


def problems(folder: Path) -> Iterator[str]:
    for wanted_name, locked_name in (("requirements.in", "requirements.txt"), ("requirements-dev.in", "requirements-dev.txt")):
        wanted, text = named((folder / wanted_name).read_text()), (folder / locked_name).read_text()
        locked = named(text)
        for name, version in wanted.items():
            if name not in locked:
                yield f"{locked_name} does not hold {name}, which {wanted_name} names"
            elif version and locked[name] != version:
                yield f"{locked_name} holds {name} {locked[name]}, and {wanted_name} names {version}"
        for line in EXTRAS.findall((folder / wanted_name).read_text()):
            # Without them in the lock, pip asks the index for the newest release and then refuses it for want of a hash.
            if not re.search(rf"^{re.escape(line)}==", text, re.MULTILINE):
                yield f"{locked_name} does not hold {line} with its extras"
        for entry in re.split(r"\n(?=[A-Za-z0-9])", text):
            found = NAME.match(entry)
            if found and "--hash=sha256:" not in entry:
                yield f"{locked_name} holds {found[1]} without a hash"
        if re.search(r"(https?|file)://|^--(find-links|index-url|extra-index-url)", text, re.MULTILINE):
            yield f"{locked_name} names an address, which is this machine's and not everybody's"
    yield from differences(folder)


def differences(folder: Path) -> Iterator[str]:
    """Tests must run on what the site runs on."""
    runtime, development = (named((folder / name).read_text()) for name in ("requirements.txt", "requirements-dev.txt"))
    for name, version in runtime.items():
        if development.get(name) != version:
            yield f"requirements-dev.txt holds {name} {development.get(name)}, and requirements.txt {version}"


def main() -> int:
    found = list(problems(PROJECT))
    print("\n".join(found) or "Every requirement is locked.")
    if found:
        print("Run: make lock")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
