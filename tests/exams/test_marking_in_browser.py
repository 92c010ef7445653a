"""A marker's pile by keyboard alone, on the width of a phone, and nothing serious for axe."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from exams.models import Mark, MarkingTask
from tests.factories.bank import administrator
from tests.factories.marking import allocated, marked_sitting, wrote
from tests.harness.browser import PHONE
from tests.journeys.walks import grave

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(new_page, live_server) -> Page:
    sitting = marked_sitting(marking="single", examiners=1)
    for _ in range(2):
        wrote(sitting)
    marker = allocated(sitting)[0].marker
    client = Client()
    client.force_login(marker)
    page = new_page(viewport=PHONE)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    page.goto(reverse("marking:index"))
    return page


def test_two_answers_are_marked_by_keyboard(desk: Page):
    assert grave(desk) == []
    desk.get_by_role("link", name="Go on marking").press("Enter")
    expect(desk.get_by_text("A risk is what may go wrong.")).to_be_visible()
    assert grave(desk) == []
    for _answer in range(2):
        expect(desk.get_by_text("A risk is what may go wrong.")).to_be_visible()
        script = desk.url
        assert desk.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        for name in ("CRITERION ONE", "CRITERION TWO"):
            band = desk.get_by_role("group", name=name).get_by_role("radio").first
            band.focus()
            desk.keyboard.press("Space")
            desk.keyboard.press("ArrowDown")
            expect(desk.get_by_role("group", name=name).get_by_role("radio").nth(1)).to_be_checked()
        desk.get_by_role("button", name="Hand in and go on").press("Enter")
        desk.wait_for_url(lambda url, before=script: url != before)

    expect(desk.get_by_text("2 of 2 handed in.")).to_be_visible()
    assert set(Mark.objects.values_list("total", flat=True)) == {0}
    assert set(MarkingTask.objects.values_list("status", flat=True)) == {"settled"}


def test_the_office_has_nothing_serious_for_axe(new_page, live_server):
    sitting = marked_sitting(examiners=2)
    wrote(sitting)
    allocated(sitting)
    client = Client()
    client.force_login(administrator())
    page = new_page(viewport=PHONE)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])

    for address in (reverse("marking_office:index"), reverse("marking_office:detail", args=[sitting.uuid])):
        page.goto(address)
        assert grave(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
