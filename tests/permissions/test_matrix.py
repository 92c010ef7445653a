"""Every address × everybody × own and missing object, against permissions.csv: the list auditors read.

Another tenant's object must answer exactly like a missing one (invariant 7). A new address fails until somebody has
decided, in the list, who gets in: `python -m pytest tests/permissions --write-matrix` proposes its line.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from tests.permissions.routes import Route, our_routes
from tests.permissions.world import PEOPLE, STAFF, build

MATRIX = Path(__file__).with_name("permissions.csv")
ROUTES = our_routes()
ABOUT_OBJECTS = [route for route in ROUTES if route.names_an_object and not route.is_public]
# Nobody of these works for the body: what is another's does not exist for them.
OUTSIDERS = [person for person in PEOPLE if person not in STAFF]


def listed() -> dict[tuple[str, str], dict[str, str]]:
    with MATRIX.open(encoding="utf-8", newline="") as file:
        return {(row["address"], row["method"]): row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Built once and rolled back at the end: what one person changes is undone before the next one comes."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture
def ask(world, django_db_blocker):
    """How one person is answered at one address, with nothing of it staying behind."""
    client = Client(raise_request_exception=True)

    def ask(route: Route, person: str, arguments: dict, method: str) -> str:
        client.cookies.clear()
        with django_db_blocker.unblock(), transaction.atomic():
            if world.people[person] is not None:
                client.force_login(world.people[person], backend="django.contrib.auth.backends.ModelBackend")
            response = getattr(client, method)(reverse(route.name, kwargs=arguments))
            answer = kind(response)
            transaction.set_rollback(True)
        return answer

    return ask


def kind(response: HttpResponseBase) -> str:
    """The answer in a word: in, or how the person was kept out."""
    location = response.headers.get("Location", "")
    if response.status_code in (301, 302, 303) and "/accounts/login/" in location:
        return "sign in"
    if response.status_code == 302 and location in ("/admin/", "/en/admin/"):
        return "away"
    if response.status_code in (401, 403, 404, 405):
        return str(response.status_code)
    # 503 is what /readyz says while a test has no broker.
    assert response.status_code < 500 or response.status_code == 503
    return "in"


def answers(ask, route: Route, arguments: dict, method: str) -> dict[str, str]:
    return {person: ask(route, person, arguments, method) for person in PEOPLE}


def methods_of(route: Route) -> list[str]:
    return [method for address, method in listed() if address == route.name]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_who_gets_in(route, ask, world):
    methods = methods_of(route)
    assert methods, f"{route.name} is not in permissions.csv: decide who gets in."

    for method in methods:
        row = listed()[route.name, method]
        assert answers(ask, route, route.own(world), method) == {person: row[person] for person in PEOPLE}, method


@pytest.mark.parametrize("route", ABOUT_OBJECTS, ids=lambda route: route.name)
def test_a_foreign_object_answers_like_a_missing_one(route, ask, world):
    for method in methods_of(route):
        row = listed()[route.name, method]

        answered = answers(ask, route, route.missing(world), method)

        for person in OUTSIDERS:
            assert (person, answered[person]) == (person, "404" if row[person] == "in" else row[person]), method
        for person in STAFF:
            # Staff may learn that something is there which is not theirs to change; "in" asks for the password first.
            assert answered[person] in {"404", row[person]}, (person, method)


def test_the_list_has_no_line_for_an_address_that_is_gone():
    assert {address for address, _method in listed()} == {route.name for route in ROUTES}


def test_write_matrix(request, ask, world):
    """With --write-matrix: propose the list as the site answers now, for somebody to read line by line."""
    if not request.config.getoption("--write-matrix"):
        pytest.skip("Only with --write-matrix.")
    with MATRIX.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["address", "method", *PEOPLE], lineterminator="\n")
        writer.writeheader()
        for route in ROUTES:
            for method in ("get", "post", "put"):
                answered = answers(ask, route, route.own(world), method)
                # A method that is refused to everybody who may come at all is not one of the address.
                if set(answered.values()) & {"in"} or not set(answered.values()) & {"405"}:
                    writer.writerow({"address": route.name, "method": method, **answered})
                if method == "post" and route.name != "exams:response":
                    break
