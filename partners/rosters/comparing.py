"""What a roster would do to a cohort, row by row. Nothing is written here."""

from __future__ import annotations

from collections import Counter
from typing import Any

from partners.models import Cohort, CohortPlace, Invitation

ADD, CHANGE, SKIP, ERROR = "add", "change", "skip", "error"
OUTCOMES = (ADD, CHANGE, SKIP, ERROR)
COMPARED = ("full_name", "family_name", "external_id")

Entry = dict[str, Any]
Report = list[dict[str, Any]]


def compare(cohort: Cohort, entries: list[Entry]) -> Report:
    """The report of a roster against its cohort today: two queries, whatever the roster's length.

    People of the cohort whom the file does not name are left alone: a roster adds and corrects, it removes nobody.
    """
    places = {place.email: place for place in cohort.places.all()}
    expired = set(
        Invitation.objects.filter(place__cohort=cohort, status=Invitation.Status.EXPIRED).values_list("email", flat=True)
    )
    numbers = {place.external_id: place for place in places.values() if place.external_id and _is_here(place)}
    seen: dict[str, Entry] = {}
    seen_numbers: dict[str, Entry] = {}
    report = []
    for entry in entries:
        problems = list(entry["errors"]) or _clashes(entry, seen, seen_numbers, numbers)
        outcome, messages = (ERROR, problems) if problems else _judge(entry, places.get(entry["email"]), seen, expired)
        report.append(
            {
                "line": entry["line"],
                "outcome": outcome,
                "email": entry["email"],
                "name": entry["full_name"],
                "messages": messages + list(entry["notes"]),
            }
        )
        if not entry["errors"]:
            seen.setdefault(entry["email"], entry)
            if entry["external_id"]:
                seen_numbers.setdefault(entry["external_id"], entry)
    return report


def counts(report: Report) -> dict[str, int]:
    """How many rows of each outcome, under the names RosterImport gives them."""
    found = Counter(row["outcome"] for row in report)
    return {
        "added_count": found[ADD],
        "changed_count": found[CHANGE],
        "skipped_count": found[SKIP],
        "error_count": found[ERROR],
    }


def changes(entry: Entry, place: CohortPlace) -> list[tuple[str, str, str]]:
    """The fields a row would change; an empty cell changes nothing."""
    return [
        (name, getattr(place, name), entry[name]) for name in COMPARED if entry[name] and entry[name] != getattr(place, name)
    ]


def _judge(entry: Entry, place: CohortPlace | None, seen: dict[str, Entry], expired: set[str]) -> tuple[str, list[list[Any]]]:
    if entry["email"] in seen:
        return SKIP, [["duplicate_same", {"line": seen[entry["email"]]["line"]}]]
    if place is None:
        return ADD, [["invited_new", {}]]
    messages: list[list[Any]] = [
        ["changed", {"column": name, "before": before, "after": after}]
        if before
        else ["filled", {"column": name, "after": after}]
        for name, before, after in changes(entry, place)
    ]
    if not _is_here(place):
        return CHANGE, [["invited_again", {}], *messages]
    if messages:
        return CHANGE, messages
    if place.status == CohortPlace.Status.ACTIVE:
        return SKIP, [["unchanged_active", {}]]
    return SKIP, [["unchanged_expired" if place.email in expired else "unchanged_invited", {}]]


def _clashes(
    entry: Entry, seen: dict[str, Entry], seen_numbers: dict[str, Entry], numbers: dict[str, CohortPlace]
) -> list[list[Any]]:
    """What is wrong with a row beside others: the same address with other details, or somebody else's number."""
    problems: list[list[Any]] = []
    number = entry["external_id"]
    earlier = seen.get(entry["email"])
    if earlier and any(entry[name] != earlier[name] for name in COMPARED):
        problems.append(["duplicate_differs", {"line": earlier["line"]}])
    other = seen_numbers.get(number) if number else None
    if other and other["email"] != entry["email"]:
        problems.append(["number_twice", {"number": number, "line": other["line"]}])
    owner = numbers.get(number) if number else None
    if owner and owner.email != entry["email"]:
        problems.append(["number_taken", {"number": number, "email": owner.email}])
    return problems


def _is_here(place: CohortPlace) -> bool:
    return place.status != CohortPlace.Status.LEFT
