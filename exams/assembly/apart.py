"""The solver in a process of its own: `build_papers` and `missing_items` as in `gaps`, by a line of JSON each way.

OR-tools shares no process with anything else: it brings more than a hundred megabytes and many native libraries into a
worker that next prints certificates within a memory limit. Apart, all of it goes when the answer is there, and a crash
of it is a broken pipe: asked once more, and then an error that the row of the task tells.
"""

from __future__ import annotations

import ctypes
import json
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from exams.assembly.plan import Built, Chosen, Entry, Gap, Specification

PROJECT = Path(__file__).resolve().parents[2]
# Longer than the solver's own limits, shorter than the task's.
MOST_SECONDS = 500.0
TRIES = 2
PR_SET_PDEATHSIG = 1


class SolverEnded(RuntimeError):
    """The solver's process ended or fell silent, twice."""


def build_papers(pool: Sequence[Entry], plan: Specification, enemies: Collection[frozenset[int]], *, seed: int) -> Built:
    """The papers, or what is in their way. Raises SolverEnded."""
    return _ask("build_papers", pool, plan, enemies, seed)


def missing_items(pool: Sequence[Entry], plan: Specification, enemies: Collection[frozenset[int]], *, seed: int) -> Built:
    """The fewest items that would have to be written. Raises SolverEnded."""
    return _ask("missing_items", pool, plan, enemies, seed)


def rest() -> None:
    """Let the solver's process go; the next question starts another."""
    with _lock:
        _end()


def _ask(what: str, pool: Sequence[Entry], plan: Specification, enemies: Collection[frozenset[int]], seed: int) -> Built:
    question = {
        "what": what,
        "pool": [asdict(entry) for entry in pool],
        "plan": plan.as_json(),
        "enemies": sorted(sorted(pair) for pair in enemies),
        "seed": seed,
    }
    line = json.dumps(question) + "\n"
    with _lock:
        for _try in range(TRIES):
            answer = _exchange(line)
            if answer:
                return _built(json.loads(answer), {entry.version: entry for entry in pool})
            _end()
    raise SolverEnded("The solver ended before it had an answer.")


def _built(answer: Mapping[str, Any], entries: Mapping[int, Entry]) -> Built:
    if "error" in answer:
        raise ValueError(answer["error"])
    return Built(
        papers={
            letter: [Chosen(entries[version], is_scored) for version, is_scored in chosen]
            for letter, chosen in answer["papers"].items()
        },
        gaps=[Gap(**gap) for gap in answer["gaps"]],
        gaps_are_fewest=answer["gaps_are_fewest"],
        tight=answer["tight"],
        ran_out_of_time=answer["ran_out_of_time"],
    )


_lock = threading.Lock()
_child: subprocess.Popen[str] | None = None


def _exchange(line: str) -> str:
    """The child's line; empty when it ended or fell silent."""
    child = _started()
    if child.stdin is None or child.stdout is None:
        return ""
    try:
        child.stdin.write(line)
        child.stdin.flush()
        ready, _w, _x = select.select([child.stdout], [], [], MOST_SECONDS)
        return child.stdout.readline() if ready else ""
    except OSError:
        return ""


def _started() -> subprocess.Popen[str]:
    global _child
    if _child is None or _child.poll() is not None:
        _child = subprocess.Popen(
            [sys.executable, "-m", "exams.assembly.apart"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    return _child


def _end() -> None:
    global _child
    if _child is not None:
        _child.kill()
        for pipe in (_child.stdin, _child.stdout):
            if pipe is not None:
                pipe.close()
        _child.wait()
        _child = None


def _answer(line: str) -> dict[str, Any]:
    from exams.assembly import gaps

    question = json.loads(line)
    solve = {"build_papers": gaps.build_papers, "missing_items": gaps.missing_items}[question["what"]]
    pool = [Entry(**entry) for entry in question["pool"]]
    enemies = {frozenset(pair) for pair in question["enemies"]}
    built = solve(pool, Specification.from_json(question["plan"]), enemies, seed=question["seed"])
    return {
        "papers": {
            letter: [[each.entry.version, each.is_scored] for each in chosen] for letter, chosen in built.papers.items()
        },
        "gaps": [asdict(gap) for gap in built.gaps],
        "gaps_are_fewest": built.gaps_are_fewest,
        "tight": dict(built.tight),
        "ran_out_of_time": built.ran_out_of_time,
    }


def main() -> None:
    """Answer line by line until whoever asks is gone; on Linux also when it was killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for line in sys.stdin:
        try:
            answer = _answer(line)
        except (KeyError, TypeError, ValueError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
