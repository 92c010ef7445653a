"""What the editors' scripts add: corners by clicking, and of a gap only what its kind needs."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from exams.content import content_of
from exams.models import ItemVersion
from tests.factories.bank import cleo, make_draft, make_picture
from tests.factories.exams import BankFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_editor(new_page, live_server):
    errors: list[str] = []

    def open_it(version: ItemVersion) -> Page:
        client = Client()
        client.force_login(cleo())
        page = new_page(viewport={"width": 1280, "height": 2400})
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if "Content Security" in said.text else None)
        page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        page.goto(reverse("item_versions:edit", args=[version.uuid]))
        return page

    yield open_it
    assert errors == []


def test_clicks_on_the_picture_write_the_list_and_the_list_draws_the_areas(open_editor):
    bank = BankFactory()
    picture = make_picture(bank, size=(600, 400))
    version = make_draft("hotspot", bank, presentation={"picture": str(picture.uuid), "alt": {"en": "A network"}})
    page = open_editor(version)
    areas, shapes = page.get_by_label("Right areas"), page.locator("[data-stage] polygon")
    expect(areas).to_have_value("12.5,12.5 50,12.5 12.5,50")
    expect(shapes).to_have_count(1)

    page.get_by_role("button", name="Begin another area").click()
    box = page.locator("[data-stage] img").bounding_box()
    for x, y in ((0.6, 0.6), (0.9, 0.6), (0.6, 0.9), (0.1, 0.1)):
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
    page.get_by_role("button", name="Take the last corner back").click()
    expect(shapes).to_have_count(2)
    assert len(areas.input_value().split("\n")[1].split()) == 3
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("The draft was saved.")).to_be_visible()
    expect(shapes).to_have_count(2)

    first, second = content_of(ItemVersion.objects.get()).key["areas"]
    assert first == [[0.125, 0.125], [0.5, 0.125], [0.125, 0.5]]
    assert second == [[pytest.approx(share, abs=0.01) for share in corner] for corner in ([0.6, 0.6], [0.9, 0.6], [0.6, 0.9])]

    page.get_by_label("Right areas").fill("0,0 100,0 100,100")
    expect(page.locator("[data-stage] polygon")).to_have_attribute("points", "0,0 100,0 100,100")


def test_a_gap_shows_the_fields_of_its_kind(open_editor):
    page = open_editor(make_draft("cloze"))
    gap = page.locator("[data-gap]").first
    expect(gap.get_by_label("Accepted answers, English")).to_be_visible()
    expect(gap.get_by_label("Right number")).to_be_hidden()

    gap.get_by_label("What belongs there").select_option("number")

    expect(gap.get_by_label("Accepted answers, English")).to_be_hidden()
    expect(gap.get_by_label("Right number")).to_be_visible()
