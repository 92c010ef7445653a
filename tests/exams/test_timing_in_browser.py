"""Breaks, added time and the waiting room in a real browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from exams.actions.accommodations import grant_accommodation
from exams.actions.added_time import add_time
from exams.actions.delivery import pause_attempt, resume_attempt
from exams.models import Attempt, AttemptBreak, Response, Sitting
from tests.exams.test_room_browser import Seat
from tests.factories.accounts import UserFactory
from tests.factories.bank import administrator
from tests.factories.exams import make_paper, make_registration, make_sitting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def take_a_break(page):
    page.locator("#room-take-break").click()
    page.get_by_role("button", name="Begin the break").click()
    expect(page.get_by_role("heading", name="You are on a break")).to_be_visible()


def test_from_the_waiting_room_through_breaks_and_added_time(new_page, live_server):
    """Ada waits, starts when the door opens, takes her break in two parts, and is given time meanwhile."""
    now = timezone.now()
    sitting = make_sitting(make_paper(), opens_at=now + timedelta(minutes=5), closes_at=now + timedelta(hours=5))
    registration = make_registration(sitting, UserFactory(full_name="Ada"))
    day = timedelta(days=1)
    grant_accommodation(
        registration.candidate, break_minutes=1, contrast="high", text_size=125, valid_from=now.date() - day,
        valid_until=now.date() + day, by=administrator(),
    )  # fmt: skip
    seat = Seat(new_page, live_server)
    page = seat.page
    seat.log_in(registration.candidate)

    page.goto(f"/exams/registrations/{registration.uuid}/")
    expect(page.locator("[data-digits]")).to_have_text(re.compile(r"0[45]:\d\d"))
    page.get_by_label(re.compile("I have read")).check()
    start = page.get_by_role("button", name="Start the exam now")
    expect(start).to_be_disabled()
    # The sitting is moved: the page, asked again, opens by the server's word.
    Sitting.objects.update(opens_at=timezone.now() + timedelta(seconds=3))
    page.reload()
    page.get_by_label(re.compile("I have read")).check()
    expect(start).to_be_enabled(timeout=20_000)
    start.click()
    seat.in_room()
    assert "look-high look-text-125" in page.locator("body").get_attribute("class")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"

    seat.write(3, "3.14")
    expect(page.locator("#room-break-left")).to_have_text("Break left: 01:00")
    take_a_break(page)
    expect(page.locator("#room-place")).to_be_hidden()
    assert {response.position for response in Response.objects.all()} == {3}

    attempt = Attempt.objects.get()
    add_time(attempt, minutes=5, category="technical", by=administrator())
    expect(page.locator("#room-overlay")).to_contain_text(re.compile(r"Break left: 00:[1-5]\d"))
    # A page opened anew is still on the break, without a question in it.
    page.reload()
    expect(page.get_by_role("heading", name="You are on a break")).to_be_visible()
    assert page.locator(".room-question__stem").count() == 0
    page.get_by_role("button", name="End the break and go on").click()
    expect(page.locator("#room-overlay")).to_be_hidden()
    expect(page.locator("#room-place")).to_be_visible()
    expect(page.locator("#room-time")).to_have_text(re.compile(r"1:04:[3-5]\d"))

    add_time(attempt, minutes=7, category="environment", by=administrator())
    expect(page.locator("#room-notice")).to_have_text(
        "Time was added to your exam: 7 minutes. The clock shows it.", timeout=10_000
    )

    # What is left of the minute runs out, and the room goes on by itself.
    left = 60 - (AttemptBreak.objects.get().ended_at - AttemptBreak.objects.get().started_at).total_seconds()
    take_a_break(page)
    expect(page.locator("#room-overlay")).to_be_hidden(timeout=(left + 12) * 1000)
    seat.write(3, "2.5")
    page.locator("input[name=answer]").blur()
    expect(seat.save_state).to_contain_text("Saved")
    page.locator("#room-finish").click()
    expect(page.locator("#room-take-break")).to_be_disabled()
    assert seat.errors == []


def test_a_room_opened_during_an_invigilators_pause_goes_on_by_itself(new_page, live_server):
    seat = Seat(new_page, live_server)
    seat.start(make_registration(make_sitting(make_paper()), UserFactory(full_name="Ada")))
    attempt = Attempt.objects.get()
    pause_attempt(attempt, by=administrator())
    seat.page.reload()
    expect(seat.page.get_by_role("heading", name="The exam is paused")).to_be_visible()

    resume_attempt(attempt, by=administrator())
    expect(seat.page.locator("#room-overlay")).to_be_hidden(timeout=12_000)
    seat.in_room()
    assert seat.errors == []
