"""Reads every hostile file in turn and says, per file, the refusal and the seconds, and at the end the memory it took:
run in a process of its own, so that nothing else is measured."""

from __future__ import annotations

import io
import json
import os
import resource
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return out.getvalue()


def _png_bomb() -> bytes:
    """A small file that says it has 30,000 × 30,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000)) + chunk(b"IEND", b"")


def _entities() -> bytes:
    names = "abcdefghij"
    lines = [f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names)]
    return f'<!DOCTYPE quiz [<!ENTITY a "{"x" * 50}">{"".join(lines)}]><quiz>&j;</quiz>'.encode()


def _lying_zip() -> bytes:
    """The directory says 10 bytes, the member holds 40 million."""
    data = _zip({"a.xml": b" " * 40_000_000})
    return data.replace(struct.pack("<I", 40_000_000), struct.pack("<I", 10))


def _mapping() -> bytes:
    entries = "".join(f'<mapEntry mapKey="{n}" mappedValue="1"/>' for n in range(100_000))
    declaration = f'<responseDeclaration identifier="R" baseType="string"><mapping>{entries}</mapping></responseDeclaration>'
    body = '<itemBody><textEntryInteraction responseIdentifier="R"/></itemBody>'
    return f'<assessmentItem identifier="a">{declaration}{body}</assessmentItem>'.encode()


def _item(inside: str) -> bytes:
    return f'<assessmentItem identifier="a"><itemBody>{inside}</itemBody></assessmentItem>'.encode()


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "entities": ("moodlexml", _entities),
    "external entity": ("qti", lambda: b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><assessmentItem>&x;</assessmentItem>'),
    "nesting": ("qti", lambda: b"<assessmentItem><itemBody>" + b"<div>" * 1_000_000 + b"</itemBody></assessmentItem>"),
    "nesting within the limit": ("qti", lambda: _item("<div>" * 240 + "</div>" * 240)),
    "elements": ("moodlexml", lambda: b"<quiz>" + b"<a/>" * 4_000_000 + b"</quiz>"),
    "elements within the limit": ("moodlexml", lambda: b"<quiz>" + b"<question/>" * 599_000 + b"</quiz>"),
    "attributes": ("moodlexml", lambda: b"<quiz " + b" ".join(b'a%d=""' % n for n in range(1_500_000)) + b"/>"),
    "text of 15 MB": ("moodlexml", lambda: b"<quiz><question><name>" + b"x" * 15_000_000 + b"</name></question></quiz>"),
    "packed bomb": ("qti", lambda: _zip({"a.xml": b" " * 19_000_000})),
    "many bombs": ("qti", lambda: _zip({f"{n}.xml": b" " * 900_000 for n in range(300)})),
    "lying directory": ("qti", _lying_zip),
    "slip": ("qti", lambda: _zip({"../../../tmp/x.xml": b"<a/>"})),
    "members": ("qti", lambda: _zip({f"{n}.xml": b"" for n in range(3000)})),
    "no package": ("qti", lambda: b"PK\x03\x04" + b"\xff" * 5_000_000),
    "picture bomb": ("csv", lambda: _zip({"a.csv": b"type,stem\nessay,<img src='x.png'>\n", "x.png": _png_bomb()})),
    "cell of 10 MB": ("csv", lambda: b"type,stem\nessay," + b"x" * 9_900_000),
    "open quote": ("csv", lambda: b'type,stem\nessay,"' + b"x\n" * 4_900_000),
    "cells": ("csv", lambda: b"type,stem\n" + b"," * 9_900_000),
    "rows": ("csv", lambda: b"type,stem\n" + b"essay,x\n" * 1_200_000),
    "formula": ("csv", lambda: b"type,stem\nessay,\"=cmd|' /C calc'!A0\"\n"),
    "line of 10 MB": ("gift", lambda: b"x" * 9_900_000),
    "lines without end": ("gift", lambda: b"ab\n" * 3_300_000),
    "questions": ("gift", lambda: b"a{T}\n\n" * 1_600_000),
    "braces": ("gift", lambda: b"a{" * 90_000),
    "answers": ("gift", lambda: b"a{" + b"".join(b"=%d" % n for n in range(30_000)) + b"}"),
    "one sign of four bytes": ("gift", lambda: "😀".encode() + b"ab\n\n" * 2_400_000),
    "weights": ("gift", lambda: b"a{~%" + b"9" * 150_000 + b"}"),
    "wrong encoding": ("gift", lambda: "Größe {T}".encode("latin-1") * 100_000),
    "utf-16": ("gift", lambda: ("a{T}\n\n" * 400_000).encode("utf-16")),
    "mapping": ("qti", lambda: _mapping()),
    "feedback": ("gift", lambda: b"a{=x#" + b"~".join(b"%d#%d" % (n, n) for n in range(20_000)) + b"}"),
    "aiken": ("aiken", lambda: b"x\n" * 4_900_000),
    "aiken options": ("aiken", lambda: b"q\n" + b"A) x\n" * 1_900_000),
}  # fmt: skip


def main() -> Iterator[dict[str, object]]:
    import django

    django.setup()
    from django.utils import translation

    from exams.errors import FileRefused
    from exams.interchange.formats import read_file
    from exams.interchange.images import NotAPicture, encoded

    translation.activate("en")
    read_file("qti", _item("<p>warm</p>"), "en")
    read_file("csv", b"type,stem\nessay,x\n", "en")
    for name, (format, make) in FILES.items():
        data = make()
        _forget_peak()
        base, start, outcome = _resident(), time.process_time(), ""
        try:
            reading = read_file(format, data, "en")
            outcome = "; ".join(entry.refusal for entry in reading.entries if entry.refusal)[:300]
            for picture in reading.pictures.values():
                encoded(picture.data)
        except (FileRefused, NotAPicture) as refusal:
            outcome = str(refusal)[:300]
        seconds, peak = time.process_time() - start, _peak()
        yield {"file": name, "refusal": outcome, "seconds": round(seconds, 2), "megabytes": round((peak - base) / 1024, 1)}


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def _resident() -> int:
    """Kilobytes now."""
    return _status("VmRSS")


def _peak() -> int:
    """Kilobytes at most since the peak was forgotten."""
    return _status("VmHWM")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for line in main():
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
