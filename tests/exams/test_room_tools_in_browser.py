"""The candidate's tools in a real browser: by keyboard, on another device, without a network; and the calculator's sums."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from exams.models import Attempt, PositionTools
from tests.exams.test_every_type_in_browser import serious
from tests.exams.test_room_browser import Seat, stored
from tests.factories.accounts import UserFactory
from tests.factories.exams import make_paper, make_registration, make_sitting

PHONE = {"width": 390, "height": 844}
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def registration(transactional_db):
    sitting = make_sitting(make_paper())
    sitting.exam.calculator = "basic"
    sitting.exam.save()
    return make_registration(sitting, UserFactory(full_name="Ada"))


@pytest.fixture
def seat(new_page, live_server, registration):
    seat = Seat(new_page, live_server)
    seat.start(registration)
    yield seat
    assert seat.errors == []


def kept(position, **expected):
    """Whether the server has this by now."""
    return PositionTools.objects.filter(position=position, **expected).exists()


def wait_until(page, condition):
    for _try in range(100):
        if condition():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come to pass")


SUMS = {
    "1+2*3": 7, "(1+2)*3": 9, "2^3^2": 512, "-2^2": -4, "2^-1": 0.5, "10-4-3": 3, "16/4/2": 2, "√16+√(9)": 7, "50%": 0.5,
    "200×15%": 30, "0.1+0.2": 0.3, "7÷2−1": 2.5, ".5*4": 2, "1,5*2": 3, "1e3": 1000, "--3": 3, "2*-3": -6, "  4 ": 4,
}  # fmt: skip
NO_SUMS = [
    "", "1+", "(1", "1)", "1 2", "2(3)", "abc", "1..2", "alert(1)", "constructor", "1;2", "()", "^2", "%", "1=1",
    "(" * 60 + "1" + ")" * 60, "1+" * 150 + "1", "-" * 100 + "1",
]  # fmt: skip
NO_VALUE = ["1/0", "0/0", "√(-1)", "9^9^9", "(-8)^0.5", "1e999"]


def test_the_calculator_reckons_as_written_and_nothing_else(seat):
    reckon = """async (texts) => {
      const { calculate } = await import(performance.getEntriesByType("resource")
        .map(entry => entry.name).find(name => name.includes("calculating")));
      return texts.map(text => { try { return calculate(text) } catch (problem) { return problem.constructor.name } });
    }"""
    evaluate = seat.page.evaluate
    assert dict(zip(SUMS, evaluate(reckon, list(SUMS)), strict=True)) == SUMS
    assert set(evaluate(reckon, NO_SUMS)) == {"SyntaxError"}
    assert set(evaluate(reckon, NO_VALUE)) == {"RangeError"}


def test_the_tools_work_by_keyboard_and_axe_finds_nothing(seat):
    page = seat.page
    page.keyboard.press("Alt+k")
    expect(page.get_by_label("Calculation", exact=True)).to_be_focused()
    page.keyboard.type("(1+2)*3")
    page.keyboard.press("Enter")
    expect(page.locator(".room-calc__said")).to_have_text("= 9")
    page.get_by_role("button", name="Clear the calculation").press("Enter")
    for name in ("8", "divided by", "0"):
        page.get_by_role("button", name=name, exact=True).press("Enter")
    page.get_by_role("button", name="Calculate").press("Enter")
    expect(page.locator(".room-calc__said")).to_contain_text("no value")

    page.keyboard.press("Alt+o")
    expect(page.get_by_label("Note on question 1")).to_be_focused()
    page.keyboard.type("look again")
    expect(page.locator("#room-list button").first).to_have_attribute("aria-label", re.compile("with a note of yours"))
    page.keyboard.press("Alt+n")
    page.keyboard.press("Alt+o")
    expect(page.get_by_label("Note on question 2")).to_have_value("")
    page.get_by_label("Scratch paper").press_sequentially("2 × 3")
    page.locator("#room-view-box summary").press("Enter")
    page.get_by_label("100 %").press("ArrowDown")
    expect(page.get_by_label("125 %")).to_be_checked()
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    page.get_by_label("usual").press("ArrowDown")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert serious(page) == []
    wait_until(page, lambda: kept(0, note="2 × 3", look={"size": 125, "contrast": "high"}) and kept(1, note="look again"))
    assert stored() == {}


def test_another_device_shows_notes_strikes_and_size(seat, new_page, live_server, registration):
    page = seat.page
    page.locator("[data-strike]").nth(1).click()
    page.keyboard.press("Alt+o")
    page.keyboard.type("look again")
    page.locator("#room-view-box summary").click()
    page.get_by_label("200 %").check()
    wait_until(page, lambda: kept(1, note="look again") and kept(0, look__size=200))
    assert len(PositionTools.objects.get(position=1).struck) == 1

    other = Seat(new_page, live_server, viewport=PHONE)
    other.log_in(registration.candidate)
    other.page.goto(f"/exams/attempts/{Attempt.objects.get().uuid}/")
    other.page.get_by_role("button", name="Continue here").click()
    other.in_room()
    expect(other.page.locator("[data-struck]")).to_have_count(1)
    other.page.locator("#room-notes-box summary").click()
    expect(other.page.get_by_label("Note on question 1")).to_have_value("look again")
    expect(other.page.locator("html")).to_have_attribute("data-room-size", "200")
    other.page.locator("#room-calc-box summary").click()
    assert other.page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    assert other.errors == []


def test_notes_without_a_network_wait_on_the_device_and_survive_a_crash(seat):
    page, context = seat.page, seat.page.context
    context.route("**/tools/**", lambda route: route.abort())
    page.keyboard.press("Alt+o")
    page.keyboard.type("kept here")
    page.wait_for_timeout(300)
    room = page.url
    page.close(run_before_unload=False)
    assert not PositionTools.objects.exists()

    context.unroute("**/tools/**")
    seat.page = page = context.new_page()
    page.goto(room)
    seat.in_room()
    page.keyboard.press("Alt+o")
    expect(page.get_by_label("Note on question 1")).to_have_value("kept here")
    wait_until(page, lambda: kept(1, note="kept here"))


def test_an_exam_without_a_calculator_has_none(new_page, live_server):
    seat = Seat(new_page, live_server)
    seat.start(make_registration(make_sitting(make_paper()), UserFactory(full_name="Ben")))
    expect(seat.page.locator("#room-calc-box")).to_be_hidden()
    seat.page.keyboard.press("Alt+k")
    expect(seat.page.locator("#room-calc-line")).to_have_count(0)


def test_the_receipt_says_the_day_before_the_month(seat):
    page = seat.page
    page.locator("#room-finish").click()
    page.get_by_role("button", name="Hand in now").click()
    expect(page.locator("#room-receipt time")).to_have_text(re.compile(r"^\d{1,2} \w+ \d{4}"))
