"""A register of invariant checks. Each package adds its own in `integrity.py`; `check_integrity` runs them.

The checks at the end know no domain: they hold for every file of every package.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import FileSystemStorage, storages
from django.db.models import FileField


@dataclass(frozen=True)
class Violation:
    """One row that breaks an invariant: which row, and what is wrong with it."""

    row: str
    problem: str


@dataclass(frozen=True)
class Check:
    invariant: int
    name: str
    find: Callable[[], Iterable[Violation]]


_checks: list[Check] = []


def invariant(number: int, name: str) -> Callable[[Callable[[], Iterable[Violation]]], Callable[[], Iterable[Violation]]]:
    """Register a function yielding the rows that break invariant `number` of docs/architecture.md."""

    def register(find: Callable[[], Iterable[Violation]]) -> Callable[[], Iterable[Violation]]:
        _checks.append(Check(number, name, find))
        return find

    return register


def run_checks() -> list[dict[str, Any]]:
    """Every check with the rows it found, by invariant."""
    return [
        {"invariant": check.invariant, "check": check.name, "rows": [vars(row) for row in check.find()]}
        for check in sorted(_checks, key=lambda check: (check.invariant, check.name))
    ]


@invariant(8, "private files lie outside everything that is served to the public")
def private_files_are_private() -> Iterator[Violation]:
    """Where the storage is a folder, by its real path; wherever it is, by its making no addresses."""
    private = storages["private"]
    with suppress(ValueError, NotImplementedError):
        private.url("any")
        yield Violation("storage private", "hands out addresses of its files")
    if not isinstance(private, FileSystemStorage):
        return
    folder = Path(private.location).resolve()
    for root in public_roots():
        if folder == root or root in folder.parents or folder in root.parents:
            yield Violation("storage private", f"its folder {folder} and the public {root} lie in each other")
    for row, name in private_files():
        try:
            path = Path(private.path(name)).resolve()
        except SuspiciousOperation:
            path = Path("/")
        if folder not in path.parents:
            yield Violation(row, "its file lies outside the private folder")


@invariant(8, "no private file is under a public address as well")
def private_files_have_no_public_copy() -> Iterator[Violation]:
    """Found by name, told from another file of that name by its bytes."""
    private, by_name = storages["private"], defaultdict(list)
    for row, name in private_files():
        by_name[Path(name).name].append((row, name))
    for path in public_files():
        for row, name in by_name.get(path.name, ()):
            # A name that leads out of the private storage is the other check's.
            with suppress(OSError, SuspiciousOperation), private.open(name) as kept:
                if kept.size == path.stat().st_size and kept.read() == path.read_bytes():
                    yield Violation(row, f"its file is served to the public from {path}")


def public_files() -> Iterator[Path]:
    for root in public_roots():
        yield from (path for path in root.rglob("*") if path.is_file())


def private_files() -> Iterator[tuple[str, str]]:
    """Every file that a row keeps in the private storage: the row, and the file's name there."""
    for model in apps.get_models():
        fields = [field for field in model._meta.get_fields() if isinstance(field, FileField)]
        for field in fields:
            if field.storage is storages["private"]:
                kept = model._default_manager.exclude(**{field.name: ""}).values_list("pk", field.name)
                for pk, name in kept.iterator():
                    yield f"{model.__name__} {pk}", name


def public_roots() -> list[Path]:
    """The folders whose files anybody may fetch: media, collected static files, and the packages' own while developing."""
    roots = [Path(settings.MEDIA_ROOT), Path(settings.STATIC_ROOT)]
    for finder in get_finders():
        roots += [Path(storage.location) for storage in getattr(finder, "storages", {}).values()]
    return [root.resolve() for root in roots]
