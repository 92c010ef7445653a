"""The main road: a trainee from sign-up to a certificate in hand, and a stranger who doubts it."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from playwright.sync_api import expect

from certificates.models import Certificate, RenderedDocument
from exams.models import Attempt, Result
from tests.factories.accounts import PASSWORD
from tests.factories.certificates import make_officer
from tests.factories.results import board_member
from tests.harness.processes import Worker, wait_until
from tests.journeys.conftest import Meet
from tests.journeys.walks import Walker
from tests.journeys.world import make_road

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADA = "ada.byron@example.org"


def test_from_sign_up_to_a_certificate_that_a_stranger_verifies(meet: Meet, worker: Worker) -> None:
    road, eve = make_road(), make_officer()
    ada = meet()

    sign_up_with_the_mailed_link(ada)
    find_the_course_and_enrol(ada)
    read_and_practise_every_lesson(ada)
    register_for_the_open_sitting(ada)
    sit_the_exam_by_keyboard(ada)
    wait_until(lambda: Result.objects.exists(), f"the worker did not score:\n{worker.said()[-2000:]}")
    board_releases_and_officer_decides(meet(), eve, meet())
    wait_until(lambda: RenderedDocument.objects.filter(status="stored").exists(), f"no PDF:\n{worker.said()[-2000:]}")
    pdf = take_the_certificate_home(ada)
    stranger_verifies(meet(locale="zh-CN"), Certificate.objects.get(), pdf)
    assert Certificate.objects.get().scheme == road.scheme


def sign_up_with_the_mailed_link(ada: Walker) -> None:
    ada.goes_to("/en/", "Learn")
    ada.clicks("Sign in", within="header")
    ada.arrives_at("Sign in")
    ada.clicks("[Cc]reate an account")
    ada.arrives_at("Create an account")
    ada.fills(full_name="Ada Byron", family_name="Byron", email=ADA, password1=PASSWORD, password2=PASSWORD)
    ada.page.locator("main [name=terms]").check()
    ada.presses("Create account")
    expect(ada.page).to_have_url(re.compile("/confirm-email/"))
    ada.looks()

    link = re.search(r"https?://\S+/accounts/confirm-email/\S+", mail.outbox[-1].body)
    assert mail.outbox[-1].to == [ADA] and link
    ada.goes_to(link.group())
    ada.presses("Confirm")
    if "/login/" in ada.page.url:
        ada.arrives_at("Sign in")
        ada.fills(login=ADA, password=PASSWORD)
        ada.page.locator("main button[type=submit]:not([form])").click()
    ada.page.wait_for_url("**/home/")
    ada.arrives_at("Hello, Ada Byron")


def find_the_course_and_enrol(ada: Walker) -> None:
    ada.goes_to("/en/")
    ada.clicks("Find your track and level")
    ada.arrives_at("Tracks")
    ada.page.locator(".matrix").get_by_role("link", name="Professional technology").click()
    ada.arrives_at("Professional technology")
    ada.clicks("Foundations of AI security")
    ada.arrives_at("Foundations of AI security")
    ada.presses("Enrol")
    expect(ada.page.locator("body")).to_contain_text("You are enrolled in “Foundations of AI security”.")


def read_and_practise_every_lesson(ada: Walker) -> None:
    page = ada.page
    expect(page.get_by_role("heading", name="Check yourself")).to_be_visible()
    ada.looks()
    page.locator("#q-single").get_by_label("Evasion").check()
    page.locator("#q-single").get_by_role("button", name="Check answer").click()
    expect(page.locator("#q-single")).to_contain_text("Try again.")
    page.locator("#q-single").get_by_label("Poisoning").check()
    page.locator("#q-multiple").get_by_label("Integrity").check()
    page.locator("#q-multiple").get_by_label("Availability").check()
    page.locator("#q-numeric").get_by_role("textbox").fill("23")
    for key in ("q-single", "q-multiple", "q-numeric"):
        page.locator(f"#{key}").get_by_role("button", name="Check answer").click()
        expect(page.locator(f"#{key}")).to_contain_text("Right.")
    ada.presses("I have read this lesson")
    expect(page.locator("body")).to_contain_text("Lesson finished.")
    ada.looks()
    ada.presses("I have read this lesson")
    expect(page.get_by_role("heading", name="You have finished this course")).to_be_visible()


def register_for_the_open_sitting(ada: Walker) -> None:
    ada.goes_to("/exams/", "My exams")
    ada.clicks("Find a sitting")
    ada.arrives_at("Sittings")
    ada.presses("Register")
    ada.arrives_at("Professional technology, Foundation")
    expect(ada.page.get_by_role("heading", name="Before you start")).to_be_visible()


def sit_the_exam_by_keyboard(ada: Walker) -> None:
    """Not one mouse event: from the rules to the receipt."""
    page = ada.page
    page.evaluate("() => document.activeElement.blur()")
    ada.tabs_to(page.get_by_label("I have read the rules"))
    ada.keys("Space")
    ada.tabs_to(page.get_by_role("button", name="Start the exam now"))
    ada.keys("Enter")
    expect(page.locator("#room-body")).to_be_visible()
    ada.looks()

    answer = page.locator("#room-place")
    for number in range(1, 6):
        expect(page.locator(".room-question__number")).to_have_text(f"Question {number} of 5")
        answer_by_keyboard(ada, number)
        expect(page.locator("#room-save")).to_contain_text("Saved")
        if number < 5:
            ada.keys("Alt+n")
    expect(answer).to_be_visible()
    ada.tabs_to(page.locator("#room-finish"))
    ada.keys("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    ada.tabs_to(page.get_by_role("button", name="Hand in now"))
    ada.keys("Enter")
    ada.arrives_at("Your exam is handed in")
    expect(page.locator("[data-digest]")).to_have_text(Attempt.objects.get().receipt["digest"])


def answer_by_keyboard(ada: Walker, number: int) -> None:
    """Options come in each candidate's own order, so the eye looks for the words and the fingers follow."""
    place = ada.page.locator("#room-place")
    right = {1: ["Option 2"], 2: ["Option 1", "Option 2"], 5: ["Option 1"]}
    words = {3: "3.14", 4: "SECRETWORD"}
    if number in words:
        ada.tabs_to(place.locator("input[name=answer]"))
        ada.page.keyboard.type(words[number])
        return
    for text in right[number]:
        choice = place.locator(".room-option", has_text=text).locator("input")
        if number == 2:
            ada.tabs_to(choice)
        else:
            ada.tabs_to(place.locator("input[name=answer]").first)
            while not choice.evaluate("input => input === document.activeElement"):
                ada.keys("ArrowDown")
        if not choice.is_checked():
            ada.keys("Space")


def board_releases_and_officer_decides(officer: Walker, eve: object, second: Walker) -> None:
    officer.signs_in(eve, to="/officer/")
    officer.arrives_at("What waits for you")
    officer.clicks("^Results to release", within="nav[aria-label='Pages of the certification desk']")
    officer.arrives_at("Results to release")
    officer.clicks("^Board record of")
    officer.page.get_by_label("Incidents").fill("The invigilators report none.")
    officer.page.get_by_label("Decision").fill("The results are released.")
    officer.page.get_by_role("button", name="Draw up the record").click()
    officer.page.get_by_role("button", name="Sign the record").click()
    expect(officer.page.locator("main")).to_contain_text("A second person has to sign it as well.")
    officer.looks()
    second.signs_in(board_member(), to=urlsplit(officer.page.url).path)
    second.page.get_by_role("button", name="Sign the record").click()
    wait_until(lambda: Result.objects.get().status == Result.Status.RELEASED, "the result was not released")
    from certificates.models import Application

    wait_until(lambda: Application.objects.exists(), "no application opened by itself")
    officer.goes_to("/officer/", "What waits for you")
    officer.clicks("^Applications", within="nav[aria-label='Pages of the certification desk']")
    officer.arrives_at("Applications")
    officer.clicks("Ada Byron")
    officer.arrives_at("Ada Byron")
    officer.page.get_by_label("Grant").check()
    officer.fills(reasons="Course completed and exam passed without incident.")
    officer.presses("Record the decision")
    expect(officer.page.locator("body")).to_contain_text("Your decision is recorded.")


def take_the_certificate_home(ada: Walker) -> bytes:
    ada.goes_to("/exams/", "My exams")
    ada.clicks("See the result")
    ada.arrives_at("You passed")
    ada.goes_to("/home/", "Hello, Ada Byron")
    ada.clicks("All my certificates and downloads")
    ada.arrives_at("My certificates")
    pdf = ada.downloads("Download PDF")
    assert pdf.startswith(b"%PDF-")
    assert hashlib.sha256(pdf).hexdigest() == RenderedDocument.objects.get().sha256
    ada.clicks("Public page to share")
    ada.arrives_at("Valid")
    return pdf


def stranger_verifies(stranger: Walker, certificate: Certificate, pdf: bytes) -> None:
    """By the link, by serial and family name, and by the file; in Chinese, and with one byte changed."""
    page = stranger.page
    stranger.goes_to(f"/verify/{certificate.token}/", "有效")
    expect(page.locator(".verdict__name")).to_have_text("Ada Byron")

    stranger.goes_to("/verify/", "核验")
    stranger.fills(serial=certificate.serial.lower(), name="byron")
    page.locator("main form[method=get] button[type=submit]").click()
    expect(page.locator(".verdict__word")).to_contain_text("有效")

    page.goto("/verify/")
    stranger.drops_file(pdf)
    expect(page.locator(".verdict__file")).to_be_visible()
    expect(page.locator(".verdict__hash")).to_have_text(hashlib.sha256(pdf).hexdigest())
    stranger.looks()

    page.goto("/verify/")
    changed = bytearray(pdf)
    changed[len(changed) // 2] ^= 1
    stranger.drops_file(bytes(changed))
    expect(page.locator(".verdict__word")).to_contain_text("并非我们签发的文件")
    stranger.looks()
    stranger.forgive("404 (Not Found)")
