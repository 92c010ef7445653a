"""The room in a real browser: nothing acknowledged is lost, and nothing unsaved is called saved."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Page, expect

from exams.models import Attempt, Response
from tests.factories.accounts import UserFactory
from tests.factories.exams import make_paper, make_registration, make_sitting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Seat:
    """Ada before a browser."""

    def __init__(self, open_page, live_server, **options):
        self.live_server = live_server
        self.page: Page = open_page(**options)
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: self.errors.append(said.text) if "Content Security" in said.text else None)

    def log_in(self, user):
        client = Client()
        client.force_login(user)
        self.page.context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.live_server.url}]
        )
        self.session_key = client.session.session_key

    def start(self, registration):
        self.log_in(registration.candidate)
        self.page.goto(f"/exams/registrations/{registration.uuid}/")
        self.page.get_by_label(re.compile("I have read|我已阅读")).check()
        self.page.get_by_role("button", name=re.compile("Start the exam now|开始考试")).click()
        self.in_room()

    def in_room(self):
        expect(self.page.locator("#room-body")).to_be_visible()

    @property
    def save_state(self):
        return self.page.locator("#room-save")

    def go(self, number):
        box = self.page.locator("#room-list-box")
        if not box.evaluate("box => box.open"):
            box.locator("summary").click()
        self.page.locator("#room-list button").nth(number - 1).click()

    def write(self, number, text):
        self.go(number)
        self.page.locator("input[name=answer]").fill(text)


@pytest.fixture
def registration(transactional_db):
    return make_registration(make_sitting(make_paper()), UserFactory(full_name="Ada"))


@pytest.fixture
def seat(new_page, live_server, registration):
    seat = Seat(new_page, live_server)
    seat.start(registration)
    yield seat
    assert seat.errors == []


def stored():
    return {response.position: json.loads(response.body) for response in Response.objects.all() if response.body}


def test_answers_are_saved_and_handed_in_with_a_receipt(seat):
    page = seat.page
    page.locator(".room-option").nth(1).click()
    expect(seat.save_state).to_contain_text("Saved")
    seat.write(3, "3.14")
    page.locator("input[name=answer]").blur()
    expect(seat.save_state).to_contain_text("Saved")
    page.keyboard.press("Alt+n")
    expect(page.locator(".room-question__number")).to_have_text("Question 4 of 5")
    page.keyboard.press("Alt+m")
    expect(page.locator("#room-flag")).to_have_attribute("aria-pressed", "true")
    page.locator("#room-finish").click()
    expect(page.locator("[data-unanswered] li")).to_have_count(3)
    expect(page.locator("[data-flagged] li")).to_have_count(1)
    page.get_by_role("button", name="Hand in now").click()
    expect(page.get_by_role("heading", name="Your exam is handed in")).to_be_visible()

    attempt = Attempt.objects.get()
    assert attempt.status == "submitted"
    expect(page.locator("[data-digest]")).to_have_text(attempt.receipt["digest"])
    page.reload()
    expect(page.locator("[data-digest]")).to_have_text(attempt.receipt["digest"])
    assert stored()[3] == {"value": "3.14"}


def test_ten_minutes_offline_and_nothing_is_lost(new_page, live_server, registration):
    seat = Seat(new_page, live_server)
    seat.page.clock.install()
    seat.start(registration)
    page = seat.page
    seat.write(3, "1")
    page.clock.run_for(1000)
    expect(seat.save_state).to_contain_text("Saved")

    page.context.set_offline(True)
    seat.write(3, "2.5")
    seat.write(4, "inference")
    seat.go(1)
    page.locator(".room-option").first.click()
    chosen = page.locator("input[name=answer]:checked").input_value()
    page.clock.run_for(600_000)
    expect(seat.save_state).to_contain_text("Offline since")
    expect(seat.save_state).to_contain_text("3 not saved yet")
    assert stored() == {3: {"value": "1"}}

    page.context.set_offline(False)
    page.clock.run_for(20_000)
    expect(seat.save_state).to_contain_text("Saved")
    assert stored() == {1: {"choice": chosen}, 3: {"value": "2.5"}, 4: {"text": "inference"}}


def test_a_killed_tab_offline_sends_its_queue_before_anything_reads_as_saved(seat, registration):
    page, context = seat.page, seat.page.context
    context.route("**/responses/**", lambda route: route.abort())
    seat.write(4, "inference")
    seat.write(3, "7")
    expect(seat.save_state).to_contain_text("2 not saved yet")
    assert stored() == {}
    room = page.url
    page.close(run_before_unload=False)

    context.unroute("**/responses/**")
    seat.page = page = context.new_page()
    held = []
    context.route("**/responses/**", lambda route: held.append(route))
    page.goto(room)
    expect(seat.save_state).to_contain_text("Not saved yet (2)")
    while held or "Saved" not in seat.save_state.inner_text():
        while held:
            held.pop().continue_()
        page.wait_for_timeout(50)

    assert stored() == {3: {"value": "7"}, 4: {"text": "inference"}}
    seat.go(4)
    expect(page.locator("input[name=answer]")).to_have_value("inference")


def test_what_is_kept_on_the_device_is_unreadable_and_gone_after_hand_in(seat):
    page, context = seat.page, seat.page.context
    context.route("**/responses/**", lambda route: route.abort())
    page.locator("[data-strike]").first.click()
    seat.write(4, "inference")
    expect(seat.save_state).to_contain_text("not saved yet")
    read = """async () => {
      const open = indexedDB.open("touchstone-exam-room");
      const db = await new Promise(done => { open.onsuccess = () => done(open.result) });
      const all = name => new Promise(done => {
        const asked = db.transaction(name).objectStore(name).getAll(); asked.onsuccess = () => done(asked.result);
      });
      const [keys, rows, notes] = [await all("keys"), await all("unsent"), await all("notes")];
      db.close();
      const read = row => new TextDecoder().decode(row.sealed);
      return {extractable: keys.map(row => row.key.extractable), rows: rows.map(read), notes: notes.map(read)};
    }"""

    kept = page.evaluate(read)
    assert kept["extractable"] == [False]
    assert len(kept["rows"]) == 1
    assert "inference" not in kept["rows"][0]
    assert len(kept["notes"]) == 1 and "struck" not in kept["notes"][0]

    context.unroute("**/responses/**")
    page.locator("#room-finish").click()
    page.get_by_role("button", name="Hand in now").click()
    expect(page.locator("#room-receipt")).to_be_visible()
    assert page.evaluate(read) == {"extractable": [], "rows": [], "notes": []}
    assert stored() == {4: {"text": "inference"}}


def test_the_lease_moves_between_two_browsers_and_back(seat, new_page, live_server, registration):
    seat.write(4, "first")
    expect(seat.save_state).to_contain_text("Saved")
    other = Seat(new_page, live_server)
    other.log_in(registration.candidate)
    other.page.goto(f"/exams/attempts/{Attempt.objects.get().uuid}/")
    expect(other.page.get_by_role("heading", name="This exam is open in another place")).to_be_visible()
    other.page.get_by_role("button", name="Continue here").click()
    other.in_room()
    other.go(4)
    expect(other.page.locator("input[name=answer]")).to_have_value("first")
    other.write(4, "second")
    expect(other.save_state).to_contain_text("Saved")

    seat.write(3, "1")
    expect(seat.page.get_by_role("heading", name="This exam is open in another place")).to_be_visible()
    assert stored() == {4: {"text": "second"}}
    seat.page.get_by_role("button", name="Continue here").click()
    expect(seat.save_state).to_contain_text("Saved")
    seat.go(4)
    expect(seat.page.locator("input[name=answer]")).to_have_value("second")
    assert stored() == {3: {"value": "1"}, 4: {"text": "second"}}
    assert other.errors == []


def test_an_ended_login_keeps_the_queue_and_goes_on_after_logging_in(seat, registration):
    Session.objects.all().delete()
    seat.write(4, "kept")
    seat.page.locator("input[name=answer]").blur()
    expect(seat.page.get_by_role("heading", name="Your login has ended")).to_be_visible()
    assert stored() == {}

    seat.log_in(registration.candidate)
    seat.page.get_by_role("button", name="Continue").click()
    expect(seat.page.locator("#room-overlay")).to_be_hidden()
    expect(seat.save_state).to_contain_text("Saved")
    assert stored() == {4: {"text": "kept"}}


def test_a_number_that_is_not_one_is_said_and_not_saved(seat):
    seat.write(3, "3,14")
    expect(seat.page.get_by_role("alert")).to_contain_text("not a number yet")
    assert stored() == {}


def test_the_room_fits_a_phone_and_speaks_chinese(new_page, live_server, registration):
    registration.candidate.language = "zh-hans"
    registration.candidate.save()
    seat = Seat(new_page, live_server, viewport={"width": 390, "height": 844}, locale="zh-CN")
    seat.start(registration)

    assert seat.page.evaluate("() => document.documentElement.scrollWidth") <= 390
    expect(seat.page.locator("html")).to_have_attribute("lang", "zh-hans")
    assert seat.errors == []


def test_the_clock_announces_rarely_and_hands_in_at_the_end(new_page, live_server, registration):
    seat = Seat(new_page, live_server)
    seat.page.clock.install()
    seat.start(registration)
    page, voice = seat.page, seat.page.locator("#room-voice")
    seat.write(4, "inference")
    page.clock.run_for(1000)
    expect(seat.save_state).to_contain_text("Saved")
    expect(voice).to_be_empty()
    for minutes, said in ((31, "30 minutes left"), (19, "10 minutes left"), (5, "5 minutes left"), (4, "One minute left")):
        page.clock.fast_forward(minutes * 60_000)
        page.clock.run_for(1000)
        expect(voice).to_have_text(said)
    page.get_by_role("button", name="Hide the time").click()
    expect(page.locator("#room-time")).to_be_hidden()

    page.clock.run_for(70_000)
    expect(page.locator("#room-receipt")).to_be_visible()
    assert Attempt.objects.get().status == "submitted"
    assert stored() == {4: {"text": "inference"}}


def test_a_pause_covers_the_paper_and_ends_by_itself(new_page, live_server, registration):
    from exams.actions.delivery import pause_attempt, resume_attempt
    from tests.factories.accounts import staff

    seat, dan = Seat(new_page, live_server), staff("administrator", "Dan")
    seat.page.clock.install()
    seat.start(registration)
    pause_attempt(Attempt.objects.get(), by=dan)
    seat.write(4, "kept")
    seat.page.clock.run_for(1000)
    expect(seat.page.get_by_role("heading", name="The exam is paused")).to_be_visible()
    assert stored() == {}

    resume_attempt(Attempt.objects.get(), by=dan)
    # Long enough for the next look at the state, too short for its ten seconds of patience to pass on this clock.
    seat.page.clock.run_for(9_500)
    expect(seat.page.locator("#room-overlay")).to_be_hidden()
    expect(seat.save_state).to_contain_text("Saved")
    assert stored() == {4: {"text": "kept"}}


def test_a_second_tab_takes_over_and_the_first_becomes_read_only(seat):
    second = seat.page.context.new_page()
    second.goto(seat.page.url)
    expect(second.locator("#room-body")).to_be_visible()

    expect(seat.page.get_by_role("heading", name="This exam is open in another tab")).to_be_visible()
    expect(seat.page.locator("input[name=answer]").first).to_be_disabled()


def test_axe_finds_nothing_serious(seat, registration):
    from axe_playwright_python.sync_playwright import Axe

    def serious():
        found = Axe().run(seat.page).response["violations"]
        return [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")]

    for number in range(1, 6):
        seat.go(number)
        assert serious() == []
    seat.page.locator("#room-finish").click()
    assert serious() == []
    seat.page.get_by_role("button", name="Hand in now").click()
    expect(seat.page.locator("#room-receipt")).to_be_visible()
    assert serious() == []
    for path in ("/exams/", "/exams/sittings/", f"/exams/registrations/{registration.uuid}/"):
        seat.page.goto(path)
        assert serious() == []
