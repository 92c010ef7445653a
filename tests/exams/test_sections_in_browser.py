"""A paper in parts in a real browser: opened by keyboard, left for good, run out of time; nothing lost silently."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from exams.models import AttemptSection
from tests.exams.test_every_type_in_browser import serious
from tests.exams.test_room_browser import Seat, stored
from tests.exams.test_sections import ruled_paper
from tests.factories.accounts import UserFactory
from tests.factories.exams import make_registration, make_sitting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def seat(new_page, live_server, transactional_db):
    seat = Seat(new_page, live_server)
    seat.start(make_registration(make_sitting(ruled_paper()), UserFactory(full_name="Ada")))
    yield seat
    assert seat.errors == []


def enter_part(page, number):
    page.get_by_role("button", name=f"Open part {number}").press("Enter")
    expect(page.locator(".room-gate")).to_have_count(0)


def test_parts_are_opened_by_keyboard_and_left_for_good(seat):
    page = seat.page
    expect(page.get_by_role("heading", name="Part 1 of 2")).to_be_visible()
    expect(page.get_by_text("The next part has 20 minutes")).to_be_visible()
    assert serious(page) == []
    enter_part(page, 1)
    expect(page.locator("#room-part-time")).to_have_text("20:00")
    page.locator(".room-option").first.click()
    chosen = page.locator("#room-place input:checked").input_value()
    expect(seat.save_state).to_contain_text("Saved")

    page.keyboard.press("Alt+n")
    page.keyboard.press("Alt+n")
    expect(page.get_by_role("heading", name="Part 2 of 2")).to_be_visible()
    expect(page.get_by_text("1 of its questions are not answered")).to_be_visible()
    expect(page.locator("#room-flag")).to_be_disabled()
    assert serious(page) == []
    # Nobody is held there: the part before is still open.
    page.keyboard.press("Alt+p")
    expect(page.locator(".room-question__number")).to_have_text("Question 2 of 5")
    page.keyboard.press("Alt+n")
    enter_part(page, 2)
    expect(page.locator("#room-part-clock")).to_be_hidden()
    seat.write(4, "inference")
    expect(seat.save_state).to_contain_text("Saved")
    seat.go(1)
    expect(page.get_by_text("You have left this part")).to_be_visible()
    expect(page.get_by_role("button", name="Open part")).to_have_count(0)
    assert stored() == {1: {"choice": chosen}, 4: {"text": "inference"}}
    page.reload()
    seat.in_room()
    expect(page.get_by_text("You have left this part")).to_be_visible()


def test_a_parts_time_runs_out_and_the_next_one_opens(seat):
    page = seat.page
    enter_part(page, 1)
    row = AttemptSection.objects.get()
    by = timedelta(minutes=19, seconds=56)
    AttemptSection.objects.update(closes_at=row.closes_at - by, accept_until=row.accept_until - by)
    page.reload()
    seat.in_room()
    expect(page.locator(".room-gate")).to_contain_text("The time of this part is over", timeout=15_000)
    enter_part(page, 2)
    expect(page.locator(".room-question__number")).to_have_text("Question 3 of 5")


def test_an_answer_that_came_after_its_part_is_named_and_not_lost_silently(seat):
    page, context = seat.page, seat.page.context
    enter_part(page, 1)
    context.route("**/responses/**", lambda route: route.abort())
    page.locator(".room-option").first.click()
    expect(seat.save_state).to_contain_text("not saved yet")
    row = AttemptSection.objects.get()
    by = timedelta(minutes=30)
    AttemptSection.objects.update(closes_at=row.closes_at - by, accept_until=row.accept_until - by)
    context.unroute("**/responses/**")
    expect(page.locator("#room-notice")).to_contain_text(
        "Question 1: the last change came after its part was closed", timeout=15_000
    )
    expect(seat.save_state).to_contain_text("Not saved yet (1)")
    page.locator("#room-finish").click()
    page.get_by_role("button", name="Hand in now").click()
    page.get_by_role("button", name="Hand in without them").click()
    expect(page.locator("[data-late]")).to_contain_text("1")
    assert stored() == {}
