"""Every address of the site × everybody × own and missing object, against permissions.csv: the list auditors read.

The list knows our own addresses, the back office's generic ones and those of the sign-in pages: whatever the resolver
answers at. One row may stand for many generic addresses by a pattern (`wagtailadmin_reports:*`); an address's own row
goes before a pattern and a longer pattern before a shorter one, and every address behind a pattern is asked all the same.
A method without a row is refused: nobody gets in by it.

Another tenant's object must answer exactly like a missing one (invariant 7). A new address fails until somebody has
decided, in the list, who gets in: `python -m pytest tests/permissions --write-matrix` proposes its line.
"""

from __future__ import annotations

import csv
from fnmatch import fnmatchcase
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.template.backends.django import Template
from django.test import Client
from django.urls import URLResolver
from wagtail.models import GroupApprovalTask, GroupCollectionPermission, GroupPagePermission

from tests.permissions.routes import Route, all_routes
from tests.permissions.world import PEOPLE, STAFF, build

pytestmark = pytest.mark.matrix

MATRIX = Path(__file__).with_name("permissions.csv")
ROUTES = all_routes()
# Passkeys ask for the password before they look which one is meant: they have a test of their own.
PASSKEYS = ("mfa_edit_webauthn", "mfa_remove_webauthn")
# Tenants own what our addresses and the sign-in pages are about; Wagtail's content belongs to the body.
ABOUT_OBJECTS = [
    route
    for route in ROUTES
    if route.names_an_object and not route.is_public and not route.is_generic and route.name not in PASSKEYS
]
# Nobody of these works for the body: what is another's does not exist for them.
OUTSIDERS = [person for person in PEOPLE if person not in STAFF]
METHODS = ("get", "post", "put")
# Wagtail's and allauth's own failures, for people who may be there and send nothing: each with its row in the list.
BREAKS = {
    ("wagtail_localize:edit_string_translation", "put"),  # without the words
    ("wagtail_localize:upload_pofile", "post"),  # without the file
    ("wagtailadmin_choose_page_external_link", "post"),  # without the link
    ("wagtailadmin_pages:copy", "post"),  # without the new parent
    ("wagtailsnippetchoosers_*:create", "post"),  # no model of ours is made in a chooser
}

Row = dict[str, str]


def listed() -> dict[tuple[str, str], Row]:
    with MATRIX.open(encoding="utf-8", newline="") as file:
        return {(row["address"], row["method"]): row for row in csv.DictReader(file)}


LISTED = listed()


def row_of(route: Route, method: str) -> Row | None:
    """The address's own row, or that of the longest pattern it fits."""
    fitting = [row for (address, asked), row in LISTED.items() if asked == method and fnmatchcase(route.key, address)]
    return max(fitting, key=lambda row: (row["address"] == route.key, len(row["address"])), default=None)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Built once and rolled back at the end: what one person changes is undone before the next one comes."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = build()
        made.cookies = {person: cookie_of(user) for person, user in made.people.items()}
        yield made
        transaction.set_rollback(True)


def cookie_of(user) -> str:
    if user is None:
        return ""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.session.session_key


@pytest.fixture(scope="module")
def drawn():
    """Each page is drawn for the first person who gets to it, which is when it could break; then templates say nothing.

    What is asked here is the answer's kind, and drawing takes most of the time.
    """
    seen: set[tuple[str, str]] = set()
    draw = Template.render
    now: list[tuple[str, str]] = []

    def render(template, context=None, request=None):
        return "" if now and now[0] in seen else draw(template, context, request)

    Template.render = render
    yield SimpleNamespace(seen=seen, now=now)
    Template.render = draw


@pytest.fixture
def ask(world, drawn, django_db_blocker):
    """How one person is answered at one address, with nothing of it staying behind."""
    client = Client(raise_request_exception=False)

    def ask(path: str, person: str, method: str) -> str:
        client.cookies.clear()
        if world.cookies[person]:
            client.cookies[settings.SESSION_COOKIE_NAME] = world.cookies[person]
        drawn.now[:] = [(path, method)]
        with django_db_blocker.unblock(), transaction.atomic():
            answer = kind(getattr(client, method)(path))
            transaction.set_rollback(True)
        if answer == "in":
            drawn.seen.add((path, method))
        return answer

    yield ask
    drawn.now.clear()


def kind(response: HttpResponseBase) -> str:
    """The answer in a word: in, or how the person was kept out."""
    location = response.headers.get("Location", "")
    if response.status_code in (301, 302, 303) and "/accounts/login/" in location:
        return "sign in"
    if response.status_code == 302 and location in ("/admin/", "/en/admin/"):
        return "away"
    # 503 is what /readyz says while a test has no broker.
    if response.status_code in (401, 403, 404, 405) or (response.status_code >= 500 and response.status_code != 503):
        return str(response.status_code)
    return "in"


@pytest.fixture(autouse=True)
def _plain_error_pages(monkeypatch):
    """Half of all answers are the page that says 404: it is looked at elsewhere, and drawing it takes longest."""

    def error_handler(_resolver, status):
        return lambda _request, **_kwargs: HttpResponse(status=status)

    monkeypatch.setattr(URLResolver, "resolve_error_handler", error_handler)


def rights_of(user) -> tuple:
    """All that Wagtail's generic views go by: whether there is somebody, permissions, and those for pages and files."""
    if user is None:
        return ()
    groups = user.groups.all()
    tied = [GroupPagePermission, GroupCollectionPermission]
    of_groups = [frozenset(kind.objects.filter(group__in=groups).values_list("permission", flat=True)) for kind in tied]
    approves = frozenset(GroupApprovalTask.objects.filter(groups__in=groups).values_list("pk", flat=True))
    return (user.is_superuser, frozenset(user.get_all_permissions()), *of_groups, approves)


@pytest.fixture(scope="module")
def alike(world, django_db_blocker) -> dict[str, str]:
    """Who stands for whom at a generic address: the first with exactly the same rights."""
    with django_db_blocker.unblock():
        rights = {person: rights_of(user) for person, user in world.people.items()}
    return {person: next(other for other in PEOPLE if rights[other] == rights[person]) for person in PEOPLE}


@pytest.fixture
def answers(ask, alike):
    """Everybody's answer. Those with the same rights are asked once where nothing but rights is looked at."""

    def answers(route: Route, path: str, method: str, people=PEOPLE) -> Row:
        asked: Row = {}
        for person in people:
            who = alike[person] if route.is_generic else person
            if who not in asked:
                asked[who] = ask(path, who, method)
            asked.setdefault(person, asked[who])
        return {person: asked[person] for person in people}

    return answers


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.key)
def test_who_gets_in(route, answers, world):
    rows = {method: row_of(route, method) for method in METHODS}
    assert any(rows.values()), f"{route.key} is not in permissions.csv: decide who gets in."
    path = route.own(world)

    for method, row in rows.items():
        if row is not None:
            assert answers(route, path, method) == {person: row[person] for person in PEOPLE}, method
    # Whoever gets in by one method, and one of each kind that does not, is refused by those the list does not name.
    kinds = {row[person]: person for row in rows.values() if row for person in reversed(PEOPLE)}
    inside = [person for person in PEOPLE if any(row and row[person] == "in" for row in rows.values())]
    for method in ("get", "post"):
        if rows[method] is None:
            refused = answers(route, path, method, dict.fromkeys([*inside, *kinds.values()]))
            assert not {person for person, answer in refused.items() if answer == "in" or answer.startswith("5")}, method


@pytest.mark.parametrize("route", ABOUT_OBJECTS, ids=lambda route: route.key)
def test_a_foreign_object_answers_like_a_missing_one(route, answers, world):
    path = route.missing(world)
    for method in METHODS:
        row = row_of(route, method)
        if row is None:
            continue

        answered = answers(route, path, method)

        for person in OUTSIDERS:
            expected = "404" if row[person] == "in" else row[person]
            assert (person, answered[person]) == (person, expected), method
        for person in STAFF:
            # Staff may learn that something is there which is not theirs to change, if they may see it;
            # "in" asks for the password first.
            assert answered[person] in {"404", row[person]}, (person, method)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", PASSKEYS)
def test_before_the_password_is_asked_for_no_passkey_is_told_from_a_missing_one(name, method, world, django_db_blocker):
    route, client = next(route for route in ROUTES if route.name == name), Client()
    with django_db_blocker.unblock(), transaction.atomic():
        client.force_login(world.people["stranger"], backend="django.contrib.auth.backends.ModelBackend")
        told = [getattr(client, method)(path).headers["Location"] for path in (route.missing(world), route.own(world))]
        transaction.set_rollback(True)

    assert [location.partition("?")[0] for location in told] == ["/accounts/reauthenticate/"] * 2


def test_the_list_has_no_line_for_an_address_that_is_gone():
    used = {(row["address"], method) for route in ROUTES for method in METHODS if (row := row_of(route, method))}
    assert set(LISTED) == used


def test_nothing_breaks_for_anybody():
    broken = {
        (row["address"], row["method"]) for row in LISTED.values() if any(row[person].startswith("5") for person in PEOPLE)
    }
    assert broken == BREAKS


def test_write_matrix(request, answers, world):
    """With --write-matrix: propose the list as the site answers now, for somebody to read line by line."""
    if not request.config.getoption("--write-matrix"):
        pytest.skip("Only with --write-matrix.")
    from tests.permissions.writing import write

    write(MATRIX, ROUTES, lambda route, method: answers(route, route.own(world), method))
