"""The solver lives in a process of its own: killed, it is asked again; at rest, nothing of it is left."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from exams.assembly import apart
from exams.assembly.plan import Entry, Specification

POOL = [Entry(number, number, f"Q{number:03}", 1, "apply") for number in range(1, 9)]
PLAN = Specification(letters=("A", "B"), areas={1: 3})


def test_the_answer_names_the_entries_it_was_asked_about():
    built = apart.build_papers(POOL, PLAN, (), seed=1)

    assert {letter: len(chosen) for letter, chosen in built.papers.items()} == {"A": 3, "B": 3}
    assert all(each.entry in POOL for chosen in built.papers.values() for each in chosen)
    assert {"ortools", "pandas", "exams.assembly.solving"}.isdisjoint(sys.modules)


def test_a_solver_that_was_killed_is_asked_once_more():
    apart.build_papers(POOL, PLAN, (), seed=1)
    os.kill(apart._child.pid, signal.SIGKILL)

    assert apart.build_papers(POOL, PLAN, (), seed=1).is_found


def test_a_solver_that_ends_every_time_is_said_so(monkeypatch):
    apart.rest()
    monkeypatch.setattr(apart.sys, "executable", "/bin/false")

    with pytest.raises(apart.SolverEnded):
        apart.build_papers(POOL, PLAN, (), seed=1)


def test_a_question_it_cannot_read_is_an_error_and_not_the_end():
    broken = Specification(letters=("A",), areas={1: "three"})  # type: ignore[dict-item]

    with pytest.raises(ValueError, match="Error"):
        apart.build_papers(POOL, broken, (), seed=1)
    assert apart.build_papers(POOL, PLAN, (), seed=1).is_found


def test_at_rest_nothing_of_it_is_left():
    apart.build_papers(POOL, PLAN, (), seed=1)
    pid = apart._child.pid

    apart.rest()

    assert apart._child is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
