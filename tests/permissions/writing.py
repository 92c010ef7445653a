"""Proposes permissions.csv: a row for each address and method, or one for many generic addresses that answer alike."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.permissions.routes import Route
from tests.permissions.world import PEOPLE

# The addresses that are written to by PUT.
PUT = ("exams:response", "exams:tools", "wagtail_localize:edit_override", "wagtail_localize:edit_string_translation")

Answers = tuple[str, ...]
Lines = dict[tuple[str, str], Answers]
# A pattern has to spare so many rows to be worth reading.
LEAST = 3


def write(file: Path, routes: Iterable[Route], ask: Callable[[Route, str], dict[str, str]]) -> None:
    lines: Lines = {}
    shared: dict[tuple[str, str], Lines] = defaultdict(dict)
    for route in routes:
        for method in ("get", "post", "put"):
            if method == "put" and route.name not in PUT:
                continue
            asked = ask(route, method)
            answered = tuple(asked[person] for person in PEOPLE)
            # A method that is refused to everybody who may come at all is not one of the address.
            if "in" not in answered and "405" in answered:
                answered = ()
            elif pattern := pattern_of(route):
                shared[pattern, method][route.key, method] = answered
                continue
            if answered:
                lines[route.key, method] = answered
            elif pattern := pattern_of(route):
                shared[pattern, method][route.key, method] = answered
    for (pattern, method), alike in shared.items():
        lines |= _condensed(pattern, method, alike)
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["address", "method", *PEOPLE])
        writer.writerows([*key, *answered] for key, answered in sorted(lines.items()))


def pattern_of(route: Route) -> str:
    """Wagtail's own addresses share a row by what they are about, those of snippets by what they do."""
    namespace, _colon, act = route.key.rpartition(":")
    if namespace.startswith("wagtailsnippet"):
        return f"{namespace.split('_')[0]}_*:{act}"
    return f"{namespace}:*" if route.is_generic and namespace else ""


def _condensed(pattern: str, method: str, asked: Lines) -> Lines:
    """One row for the commonest answers; rows of their own for the rest. Not where an address lacks the method."""
    (commonest, times), *_others = Counter(answers for answers in asked.values() if answers).most_common(1) or [((), 0)]
    if times < LEAST or not all(asked.values()):
        return {key: answers for key, answers in asked.items() if answers}
    return {(pattern, method): commonest} | {key: answers for key, answers in asked.items() if answers != commonest}
