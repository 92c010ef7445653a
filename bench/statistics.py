"""Classical figures against one correlation matrix, the two-parameter model against girth, on 10,000 × 100 answers.

Processor seconds of one thread, best of several: what a busy machine adds is not what is measured.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from bench.table import Line

AREA = "statistics"
PROJECT = Path(__file__).resolve().parents[1]
# girth takes minutes where we take seconds: one run of it is enough.
GIRTH_PYTHON = "GIRTH_PYTHON"

OURS = """
import json, time
import numpy as np
from exams.statistics.calibration import two_parameter
from exams.statistics.classical import classical

random = np.random.default_rng(2026)
a, b, theta = random.lognormal(0, 0.3, 100), random.normal(size=100), random.normal(size=10_000)
right = (random.random((10_000, 100)) < 1 / (1 + np.exp(-a * (theta[:, None] - b)))).astype(float)

def best(work, times):
    took = []
    for _time in range(times):
        before = time.process_time()
        found = work()
        took.append(time.process_time() - before)
    return min(took), found

def misses(slopes, places):
    return [float(np.sqrt(np.mean((found - truth) ** 2))) for found, truth in ((slopes, a), (places, b))]
"""
MEASURE = (
    OURS
    + """
correlation, _matrix = best(lambda: np.corrcoef(right, rowvar=False), 20)
figures, _found = best(lambda: classical(right), 20)
model, fit = best(lambda: two_parameter(right), 5)
print(json.dumps({"correlation": correlation, "classical": figures, "model": model, "rmse": misses(fit.a, fit.b)}))
"""
)
GIRTH = (
    OURS.replace(
        "from exams.statistics.calibration import two_parameter\nfrom exams.statistics.classical import classical\n", ""
    )
    + """
from girth import twopl_mml
took, found = best(lambda: twopl_mml(right.T.astype(int)), 1)
print(json.dumps({"model": took, "rmse": misses(found["Discrimination"], found["Difficulty"])}))
"""
)


def measure(seconds: float) -> list[Line]:
    """`seconds` does not matter here: each piece of work runs to its end."""
    ours = _run(sys.executable, MEASURE)
    lines = [_line("classical figures, against one correlation", ours["classical"], ours["correlation"], 3.0)]
    girth = os.environ.get(GIRTH_PYTHON)
    if not girth:
        # girth is no requirement of ours: a Python that has it is named by GIRTH_PYTHON. Without it the target is the same
        # in other units: where it was set, girth took 11.9 s and the classical figures 1.4 ms; 0.05 × 11.9 s is 425 of those.
        return [*lines, _line("2PL, against the classical figures (no girth here)", ours["model"], ours["classical"], 425.0)]
    theirs = _run(girth, GIRTH)
    lines.append(_line("2PL, against girth's twopl_mml", ours["model"], theirs["model"], 0.05))
    for name, mine, other in zip(("slopes", "places"), ours["rmse"], theirs["rmse"], strict=True):
        lines.append(
            Line(AREA, f"2PL: error of the {name}, against girth's", f"{mine:.4f}", f"{other:.4f}", mine / other, 1.05)
        )
    return lines


def _line(what: str, measured: float, limit: float, target: float) -> Line:
    return Line(AREA, what, f"{measured * 1000:.1f} ms", f"{limit * 1000:.1f} ms", measured / limit, target)


def _run(python: str, program: str) -> dict:
    """Its last line, from a process of its own with one thread for linear algebra."""
    one = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    done = subprocess.run(
        [python, "-c", program], cwd=PROJECT, env={**os.environ, **one}, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])
