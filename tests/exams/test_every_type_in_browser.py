"""A paper with every type of question in a real browser: by keyboard, on a zoomed phone, and without a network."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from exams.actions.sealing import seal_paper
from exams.actions.stimuli import create_stimulus
from exams.item_types import REGISTRY
from exams.models import Attempt, Upload
from tests.exams.test_room_browser import Seat, stored
from tests.factories.accounts import UserFactory
from tests.factories.bank import cleo, make_approved, make_paper_of
from tests.factories.exams import BankFactory, make_registration, make_sitting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MARKED = ("essay", "file_upload")
NUMBER = {type: number for number, type in enumerate(REGISTRY, 1)}
ZOOMED_PHONE = {"width": 195, "height": 422}  # 390 px at 200 %


@pytest.fixture
def registration(transactional_db):
    """All types in the order of the registry; the first two are about one case with a wide table."""
    bank = BankFactory()
    row = "".join(f"<td>column number {number}</td>" for number in range(9))
    texts = {code: f"<p>CASE {code}</p><table><tbody><tr>{row}</tr></tbody></table>" for code in ("en", "zh-hans")}
    create_stimulus(bank, code="C-1", texts=texts, by=cleo())
    versions = [make_approved(type, bank, stimulus="C-1" if NUMBER[type] < 3 else "") for type in REGISTRY]
    paper = seal_paper(make_paper_of(versions, trial=MARKED), by=UserFactory())
    return make_registration(make_sitting(paper), UserFactory(full_name="Ada"))


@pytest.fixture
def seat(new_page, live_server, registration):
    seat = Seat(new_page, live_server)
    seat.start(registration)
    yield seat
    assert seat.errors == []


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def said(page: Page) -> Any:
    return page.locator("#room-said")


def attributes(page: Page, selector: str, name: str) -> list[str]:
    return page.locator(selector).evaluate_all("(all, name) => all.map(each => each.getAttribute(name))", name)


def serious(page: Page) -> list[Any]:
    found = Axe().run(page).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")]


def test_every_type_is_answered_by_keyboard_and_axe_finds_nothing(seat):
    page = seat.page
    expected: dict[int, Any] = {}

    def reached(type: str) -> None:
        expect(page.locator(".room-question__number")).to_have_text(f"Question {NUMBER[type]} of {len(REGISTRY)}")
        expect(page.locator(".room-question__legend")).to_be_focused()

    press(page, "Alt+n", "Alt+p")
    reached("single_choice")
    expect(page.get_by_label("Case", exact=True)).to_contain_text("CASE en")
    # Striking out answers nothing; choosing another option leaves it struck out.
    press(page, "Tab", "Alt+x")
    expect(page.locator("[data-struck]")).to_have_count(1)
    press(page, "ArrowDown")
    expected[1] = {"choice": page.locator("#room-place input:checked").input_value()}
    assert serious(page) == []

    press(page, "Alt+n")
    reached("multiple_response")
    expect(page.get_by_label("Case", exact=True)).to_contain_text("CASE en")
    # Between two options lies the button that strikes the first one out.
    press(page, "Tab", "Space", "Tab", "Tab", "Space")
    expected[2] = {"choices": sorted(attributes(page, "input[type=checkbox]", "value")[:2])}
    assert serious(page) == []

    press(page, "Alt+n")
    reached("true_false")
    expect(page.get_by_label("Case", exact=True)).to_be_hidden()
    press(page, "Tab", "Space")
    expected[3] = {"choice": page.get_by_label("True").input_value()}
    assert serious(page) == []

    press(page, "Alt+n", "Tab")
    page.keyboard.type("9.05")
    expected[4] = {"value": "9.05"}
    assert serious(page) == []
    press(page, "Alt+n", "Tab")
    page.keyboard.type("keyword")
    expected[5] = {"text": "keyword"}
    assert serious(page) == []

    press(page, "Alt+n")
    reached("ordering")
    first, second, *rest = attributes(page, ".room-order__row", "data-id")
    text = page.locator(".room-order__row").first.get_attribute("data-text")
    press(page, "Tab", "ArrowDown")
    expect(said(page)).to_have_text(f"{text}: place 2 of 4")
    press(page, "End", "ArrowUp", "Home", "ArrowDown")
    expect(said(page)).to_have_text(f"{text}: place 2 of 4")
    expected[6] = {"order": [second, first, *rest]}
    assert serious(page) == []

    press(page, "Alt+n")
    reached("matching")
    lefts = attributes(page, "[data-left]", "data-left")
    rights = attributes(page, "select >> nth=0 >> option", "value")[1:]
    press(page, "Tab", "ArrowDown", "Tab", "Tab", "ArrowDown", "ArrowDown")
    expected[7] = {"pairs": {lefts[0]: rights[0], lefts[2]: rights[1]}}
    assert serious(page) == []

    press(page, "Alt+n")
    reached("cloze")
    press(page, "Tab")
    expect(page.get_by_label("Gap 1 of 3")).to_be_focused()
    page.keyboard.type("keyword")
    press(page, "Tab")
    page.keyboard.type("3,1")
    expect(page.get_by_role("alert")).to_contain_text("Gap 2 is not a number yet")
    press(page, "Backspace", "Backspace", "Tab", "ArrowDown")
    expect(page.get_by_role("alert")).to_be_empty()
    chosen = page.get_by_label("Gap 3 of 3").input_value()
    expected[8] = {"gaps": {"g1": "keyword", "g2": "3", "g3": chosen}}
    assert serious(page) == []

    press(page, "Alt+n")
    reached("hotspot")
    press(page, "Tab", "Shift+ArrowLeft", "ArrowUp", "ArrowUp")
    expect(said(page)).to_have_text("Cross at 40 % from the left, 48 % from the top")
    press(page, "Enter")
    expect(page.locator(".room-spot__said")).to_have_text("Your mark: 40 % from the left, 48 % from the top")
    expected[9] = {"point": [0.4, 0.48]}
    assert serious(page) == []

    press(page, "Alt+n")
    reached("essay")
    press(page, "Tab")
    page.keyboard.type("A risk is a 风险")
    expect(page.locator(".room-essay__count")).to_have_text("Words: 6")
    expected[10] = {"text": "A risk is a 风险"}
    assert serious(page) == []

    press(page, "Alt+n")
    reached("file_upload")
    # A script cannot use the browser's own dialogue for files; choosing is the one step without keys here.
    page.get_by_label("Choose a file").set_input_files({"name": "threats.txt", "mimeType": "text/plain", "buffer": b"One."})
    expect(page.locator("[data-stored]")).to_have_text("Your file: threats.txt, 4 B")
    expected[11] = {"upload": str(Upload.objects.get().uuid)}
    assert serious(page) == []

    expect(seat.save_state).to_contain_text("Saved")
    assert stored() == expected
    page.reload()
    seat.in_room()
    expect(page.locator("[data-stored]")).to_have_text("Your file: threats.txt, 4 B")
    seat.go(1)
    expect(page.locator("[data-struck]")).to_have_count(1)
    page.locator("#room-finish").press("Enter")
    page.get_by_role("button", name="Hand in now").press("Enter")
    expect(page.locator("#room-receipt")).to_be_visible()
    assert Attempt.objects.get().status == "submitted"


PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize(
    ("viewport", "language", "size"), [(PHONE, "en", 100), (ZOOMED_PHONE, "zh-hans", 100), (PHONE, "en", 200)]
)
def test_nothing_scrolls_sideways_on_a_phone(new_page, live_server, registration, viewport, language, size):
    """Zoomed by the browser, or by the room's own size of the text."""
    registration.candidate.language = language
    registration.candidate.save()
    seat = Seat(new_page, live_server, viewport=viewport, locale=language)
    seat.start(registration)
    if size > 100:
        seat.page.locator("#room-view-box summary").click()
        seat.page.get_by_label(f"{size} %").check()

    wide = []
    for type, number in NUMBER.items():
        seat.go(number)
        if seat.page.evaluate("() => document.documentElement.scrollWidth") > viewport["width"]:
            wide.append(type)
    assert wide == []
    # The case can be folded away, so that the question is not far below it.
    seat.go(1)
    seat.page.locator(".room-case summary").click()
    expect(seat.page.locator(".room-case__text")).to_be_hidden()
    assert seat.errors == []


def test_a_hotspot_is_clicked_and_typed_at_any_size(seat):
    page = seat.page
    seat.go(NUMBER["hotspot"])
    page.get_by_role("button", name="Larger picture").click()
    picture = page.locator(".room-spot__image")
    box = picture.bounding_box()
    picture.click(position={"x": box["width"] / 4, "y": box["height"] / 2})
    expect(page.locator(".room-spot__said")).to_contain_text("25 % from the left, 50 % from the top")
    page.get_by_text("Type the place instead").click()
    page.get_by_label("From the top, in %").fill("12.5")
    expect(page.locator(".room-spot__said")).to_contain_text("25 % from the left, 12.5 % from the top")
    page.get_by_label("From the top, in %").blur()
    expect(seat.save_state).to_contain_text("Saved")

    x, y = stored()[NUMBER["hotspot"]]["point"]
    assert (round(x, 2), y) == (0.25, 0.125)
    page.get_by_role("button", name="Clear the answer").click()
    expect(page.locator(".room-spot__said")).to_have_text("No mark yet")


def test_new_answers_wait_for_the_network_and_a_file_says_that_it_cannot(seat):
    page = seat.page
    page.context.set_offline(True)
    seat.go(NUMBER["ordering"])
    page.get_by_role("button", name="Answer with this order").click()
    order = attributes(page, ".room-order__row", "data-id")
    seat.go(NUMBER["cloze"])
    page.get_by_label("Gap 1 of 3").fill("keyword")
    seat.go(NUMBER["hotspot"])
    picture = page.locator(".room-spot__image")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth") > 0
    seat.go(NUMBER["file_upload"])
    file = {"name": "threats.txt", "mimeType": "text/plain", "buffer": b"One."}
    page.get_by_label("Choose a file").set_input_files(file)
    expect(page.get_by_role("alert")).to_contain_text("There is no connection")
    page.get_by_label("Choose a file").set_input_files({**file, "name": "threats.exe"})
    expect(page.get_by_role("alert")).to_contain_text("This kind of file is not accepted")
    expect(seat.save_state).to_contain_text("2 not saved yet")
    assert stored() == {} and not Upload.objects.exists()

    page.context.set_offline(False)
    page.get_by_label("Choose a file").set_input_files(file)
    expect(page.locator("[data-stored]")).to_contain_text("threats.txt")
    expect(seat.save_state).to_contain_text("Saved")
    assert stored() == {
        NUMBER["ordering"]: {"order": order},
        NUMBER["cloze"]: {"gaps": {"g1": "keyword"}},
        NUMBER["file_upload"]: {"upload": str(Upload.objects.get().uuid)},
    }
