"""Every address of ours has a view that can be imported and a name that leads back to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from django.urls import URLResolver, get_resolver, resolve, reverse
from django.urls.resolvers import LocalePrefixPattern, RegexPattern, RoutePattern

# One of these fits every kind of argument we use; an address that takes none of them needs a new line here.
SAMPLES = ("7", "00000000-0000-4000-8000-000000000007", "a-slug", "word", "0" * 26, "0" * 64, "a/path")
OURS = ("accounts", "certificates", "cms", "common", "courses", "demo", "exams", "partners", "portal", "standards")


@dataclass(frozen=True)
class Address:
    """A named address with an argument for each place in it, those of the folders above included."""

    name: str
    view: Callable[..., Any]
    arguments: dict[str, object]


def addresses(
    resolver: URLResolver, namespaces: tuple[str, ...] = (), arguments: dict[str, object] | None = None
) -> Iterator[Address]:
    for each in resolver.url_patterns:
        found = {**(arguments or {}), **sample_arguments(each.pattern)}
        if isinstance(each, URLResolver):
            yield from addresses(each, (*namespaces, each.namespace) if each.namespace else namespaces, found)
        elif each.name:
            yield Address(":".join((*namespaces, each.name)), each.callback, found)


@cache
def our_addresses() -> list[Address]:
    return [each for each in addresses(get_resolver()) if getattr(each.view, "__module__", "").split(".")[0] in OURS]


def sample_arguments(pattern: RoutePattern | RegexPattern | LocalePrefixPattern) -> dict[str, object]:
    """An argument for each place, as the address's own converters or groups read them."""
    if isinstance(pattern, RegexPattern):
        groups = re.findall(r"\(\?P<(\w+)>((?:[^()\\]|\\.|\([^()]*\))*)\)", pattern._regex)
        return {name: fitting(regex) for name, regex in groups}
    return {name: converter.to_python(fitting(converter.regex)) for name, converter in pattern.converters.items()}


def fitting(regex: str) -> str:
    return next((sample for sample in SAMPLES if re.fullmatch(regex, sample)), "x")


def test_there_are_addresses_to_look_at():
    assert len(our_addresses()) > 20


def test_every_name_leads_to_its_address_and_back():
    lost = []
    for each in our_addresses():
        address = reverse(each.name, kwargs=each.arguments)
        found = resolve(address)
        if found.view_name != each.name:
            lost.append(f"{each.name} is {address}, which {found.view_name} answers first")

    assert lost == []


def test_no_two_addresses_share_a_name():
    by_name: dict[str, set[str]] = {}
    for each in our_addresses():
        by_name.setdefault(each.name, set()).add(getattr(each.view, "__qualname__", repr(each.view)))

    assert {name: views for name, views in by_name.items() if len(views) > 1} == {}


@pytest.mark.parametrize("door", ["/admin/login/", "/_util/login/", "/admin/password_reset/"])
def test_the_doors_of_wagtail_lead_to_ours(client, door):
    answer = client.post(door, {"username": "ada@example.org", "password": "whatever"})

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/")
