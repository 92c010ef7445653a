"""A sitting of 500 candidates on PostgreSQL over HTTP, against the times that performance.md sets."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from bench.servers import PROJECT, DurablePostgres, Site
from bench.table import Line

AREA = "sitting"
CANDIDATES, ANSWERS, REPEAT = 500, 60, 15
START_SECONDS, HAND_IN_SECONDS = 10, 10
# 30,000 answers in a hundred seconds are nine times what 500 people send.
ANSWER_SECONDS = 100
# Kind of request, which figure of it, seconds.
TARGETS = (
    ("start", "p95", 2.0),
    ("save", "p95", 0.3),
    ("save", "p99", 1.0),
    ("hand-in", "p95", 2.0),
    ("hand-in", "longest", 30.0),
)


def measure(seconds: float) -> list[Line]:
    """`seconds` is for the other areas: a sitting takes the two minutes that it takes."""
    postgres = DurablePostgres()
    postgres.start()
    site = None
    try:
        subprocess.run([postgres.bin / "createdb", "bench"], env=postgres.environment(), check=True)
        site = Site(postgres.database("bench"))
        site.migrate()
        places = json.loads(site.run("-m", "bench.places", str(CANDIDATES), str(REPEAT)).splitlines()[-1])
        site.start()
        return _lines(_sit(site, places))
    finally:
        if site is not None:
            site.stop()
        postgres.stop()


def _sit(site: Site, places: list[dict[str, Any]]) -> dict[str, Any]:
    plan = {
        "port": site.port,
        "places": places,
        "start_seconds": START_SECONDS,
        "answer_seconds": ANSWER_SECONDS,
        "answers": ANSWERS,
        "hand_in_seconds": HAND_IN_SECONDS,
    }
    result = subprocess.run(
        [sys.executable, "-m", "bench.hall"], input=json.dumps(plan), cwd=PROJECT, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise RuntimeError(result.stderr[-2000:])
    sat: dict[str, Any] = json.loads(result.stdout)
    if sat["bad"]:
        raise RuntimeError(f"{sat['bad']} requests were refused: {sat['first_bad']}")
    return sat


def _lines(sat: dict[str, Any]) -> list[Line]:
    lines = [
        Line(
            AREA,
            f"{CANDIDATES} candidates: {kind} {figure} of {sat['kinds'][kind]['done']}",
            f"{sat['kinds'][kind][figure] * 1000:.0f} ms",
            f"{seconds:g} s",
            sat["kinds"][kind][figure] / seconds,
            1,
        )
        for kind, figure, seconds in TARGETS
    ]
    acknowledged = f"{sat['lost']} of {sat['acknowledged']}"
    return [*lines, Line(AREA, "acknowledged answers that no receipt has", acknowledged, "none", float(sat["lost"]), 0)]
