"""The file as it was given: a text, or a package with a text and its pictures."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.utils.translation import gettext as _

from exams.errors import FileRefused
from exams.interchange.limits import Package, check_size, is_package, text_of
from exams.interchange.pictures import SUFFIXES, take_in
from exams.interchange.record import Reading, quoted

Find = Callable[[str], bytes | None]


def texts_of(data: bytes, suffixes: tuple[str, ...]) -> tuple[dict[str, str], Package | None]:
    """Name to text of the files that hold questions; a file that is no package is named with an empty text."""
    check_size(data)
    if not is_package(data):
        return {"": text_of(data)}, None
    package = Package(data)
    names = [name for name in package.names if name.lower().endswith(suffixes) and not _is_hidden(name)]
    if not names:
        raise FileRefused(_("The package holds no file of this format (%(suffixes)s).") % {"suffixes": ", ".join(suffixes)})
    return {name: text_of(package.read(name)) for name in names}, package


def language_in(name: str) -> str:
    """The language a member of a package is named after, such as `zh-hans.txt` or `bank.zh-hans.txt`; or none."""
    parts = name.rsplit("/", 1)[-1].lower().split(".")
    return next((code for code, _label in settings.LANGUAGES if code in parts[:-1]), "")


def _is_hidden(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1].startswith(".")


def add_package_pictures(reading: Reading, package: Package | None, used: set[str]) -> None:
    """Let the texts find their pictures in the package; name every member that was of no use."""
    if package is None:
        return
    by_name: dict[str, str] = {}
    for name in package.names:
        by_name.setdefault(name.rsplit("/", 1)[-1], name)
        by_name[name] = name

    def find(source: str) -> bytes | None:
        member = by_name.get(source) or by_name.get(source.rsplit("/", 1)[-1])
        if member is None or not member.lower().endswith(SUFFIXES):
            return None
        used.add(member)
        return package.read(member)

    take_in(reading.entries, reading, find)
    for name in package.names:
        if name not in used and not _is_hidden(name):
            reading.note(_("A file of the package is not kept: “%(name)s”.") % {"name": quoted(name)})
