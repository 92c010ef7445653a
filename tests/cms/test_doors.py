"""Short addresses lead to a page in the reader's language."""

from __future__ import annotations

import pytest
from django.test import Client
from wagtail.models import Locale, Site

from cms.models import TrackIndexPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def matrix() -> TrackIndexPage:
    home = Site.objects.get(is_default_site=True).root_page
    return home.add_child(instance=TrackIndexPage(title="Tracks", slug="tracks-of-the-test"))


def test_without_a_matrix_there_is_no_such_page(client: Client) -> None:
    assert client.get("/tracks/").status_code == 404


def test_tracks_leads_to_the_matrix(client: Client, matrix: TrackIndexPage) -> None:
    response = client.get("/tracks/")

    assert (response.status_code, response["Location"]) == (302, matrix.url)


def test_a_reader_of_chinese_is_led_to_the_chinese_matrix_once_it_is_live(client: Client, matrix: TrackIndexPage) -> None:
    locale, _created = Locale.objects.get_or_create(language_code="zh-hans")
    chinese = matrix.copy_for_translation(locale, copy_parents=True)
    client.cookies["language"] = "zh-hans"

    assert client.get("/tracks/")["Location"] == matrix.url  # rather the matrix in English than none

    chinese.save_revision().publish()
    assert client.get("/tracks/")["Location"] == TrackIndexPage.objects.get(pk=chinese.pk).url
    client.cookies["language"] = "en"
    assert client.get("/tracks/")["Location"] == matrix.url
