"""Device check and practice run in a real browser, by keyboard, wide and on a zoomed phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from exams.actions.practice import set_up_practice
from exams.models import Attempt, DeviceCheck
from tests.exams.test_every_type_in_browser import serious
from tests.exams.test_room_browser import Seat
from tests.factories.accounts import UserFactory
from tests.factories.bank import administrator, cleo, rita
from tests.factories.exams import CompetenceFactory

NARROW = {"width": 310, "height": 700}
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_device_is_checked_and_a_run_practised_by_keyboard(new_page, live_server, transactional_db):
    CompetenceFactory()
    set_up_practice(written_by=cleo(), approved_by=rita(), by=administrator())
    seat = Seat(new_page, live_server, viewport=NARROW)
    page = seat.page
    seat.log_in(UserFactory(full_name="Ada"))
    page.goto("/exams/device/")
    page.get_by_role("button", name="Check this device").press("Enter")
    # A window of 310 pixels is too narrow for a real exam, and that is said.
    expect(page.locator("#device-outcome")).to_contain_text("not ready yet", timeout=30_000)
    lines = page.locator("[data-line]").evaluate_all("all => all.map(each => [each.dataset.line, each.dataset.ok])")
    assert dict(lines) == {
        **dict.fromkeys(("browser", "cookies", "storage", "save", "connection", "clock", "keyboard"), "yes"),
        "screen": "no",
    }
    assert serious(page) == []
    assert page.evaluate("() => document.querySelector('main').scrollWidth") <= NARROW["width"]
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Check this device").press("Enter")
    expect(page.locator("#device-outcome")).to_contain_text("ready for an exam", timeout=30_000)
    assert DeviceCheck.objects.get().is_ready

    page.get_by_role("link", name="To the practice run").press("Enter")
    expect(page.get_by_text("Ready when last checked")).to_be_visible()
    assert serious(page) == []
    page.get_by_role("button", name="Begin the practice run").press("Enter")
    seat.in_room()
    page.get_by_role("button", name="Open part 1").press("Enter")
    expect(page.locator(".room-option")).to_have_count(3)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(seat.save_state).to_contain_text("Saved")
    for _question in range(6):
        page.keyboard.press("Alt+n")
    page.get_by_role("button", name="Open part 2").press("Enter")
    expect(page.locator("#room-part-time")).to_have_text(re.compile("^(10:00|09:5)"))
    page.locator("#room-finish").press("Enter")
    page.get_by_role("button", name="Hand in now").press("Enter")
    expect(page.get_by_text("This was practice")).to_be_visible()
    assert Attempt.objects.get().status == "submitted"
    assert seat.errors == []
