"""A refusal is a page in words for people and JSON with a stable code for programs."""

from __future__ import annotations

import json

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from common.errors import DomainError, InvalidInput, NotPermitted
from common.middleware import PrivateResponsesMiddleware, RefusalMiddleware, RequestContextMiddleware
from common.refusals import refusal_response, wants_json


class TooEarly(DomainError):
    code = "too_early"
    message = "The sitting opens at nine."


def request(**headers):
    made = RequestFactory().get("/", headers=headers)
    made.reference = "reference"
    return made


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Accept": "application/json"}, True),
        ({"Accept": "application/json, text/html"}, True),
        ({"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}, False),
        ({"Accept": "*/*"}, False),
        ({}, False),
    ],
)
def test_browsers_get_pages_and_programs_get_json(headers, expected):
    assert wants_json(request(**headers)) is expected


def test_what_was_sent_as_json_is_answered_as_json():
    assert wants_json(RequestFactory().post("/", "{}", content_type="application/json"))


def test_a_program_gets_the_code_the_words_and_the_extra():
    answer = refusal_response(request(Accept="application/json"), TooEarly(retry_after=60, opens_at="09:00"))

    assert answer.status_code == 409
    assert answer["Retry-After"] == "60"
    assert answer["Cache-Control"] == "no-store"
    assert json.loads(answer.content) == {
        "code": "too_early",
        "message": "The sitting opens at nine.",
        "retry_after": 60,
        "opens_at": "09:00",
    }


def test_words_given_at_the_refusal_win():
    assert InvalidInput("Row 3 has no name.").as_json() == {"code": "invalid_input", "message": "Row 3 has no name."}
    assert NotPermitted.status == 403


def test_the_middleware_leaves_our_own_mistakes_alone():
    middleware = RefusalMiddleware(lambda request: HttpResponse())

    assert middleware.process_exception(request(), ValueError("a mistake")) is None
    assert middleware.process_exception(request(Accept="application/json"), TooEarly()).status_code == 409


def test_each_request_gets_a_reference_of_its_own():
    references = []
    middleware = RequestContextMiddleware(lambda request: references.append(request.reference) or HttpResponse())

    middleware(RequestFactory().get("/"))
    middleware(RequestFactory().get("/"))

    assert len(set(references)) == 2


@pytest.mark.parametrize(("signed_in", "kept"), [(True, "no-store"), (False, None)])
def test_what_a_signed_in_person_was_shown_is_kept_by_no_cache(signed_in, kept):
    made = request()
    made.user = type("User", (), {"is_authenticated": signed_in})()

    answer = PrivateResponsesMiddleware(lambda request: HttpResponse())(made)

    assert (kept in answer.get("Cache-Control", "")) if kept else not answer.has_header("Cache-Control")


def test_a_view_that_said_otherwise_is_left_alone():
    made = request()
    made.user = type("User", (), {"is_authenticated": True})()

    answer = PrivateResponsesMiddleware(lambda request: HttpResponse(headers={"Cache-Control": "max-age=60"}))(made)

    assert answer["Cache-Control"] == "max-age=60"
