"""Who may bring translations up to date, and who may publish them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail_localize.models import TranslationSource
from wagtail_localize.operations import translate_object

from accounts.models import Role
from cms.actions.roles import set_up_roles
from courses.models import LessonPage
from tests.factories.accounts import staff
from tests.factories.courses import home_page, written_course

Update = Callable[..., int]

pytestmark = pytest.mark.django_db


@pytest.fixture
def translated() -> LessonPage:
    """A lesson's Chinese page, begun and not public."""
    set_up_roles()
    home_page("zh-hans")
    written_course(lessons=1, practice=False)
    chinese = Locale.objects.get(language_code="zh-hans")
    translate_object(LessonPage.objects.get(), [chinese])
    return LessonPage.objects.get(locale=chinese)


@pytest.fixture
def update(client: Client, django_capture_on_commit_callbacks: Any) -> Update:
    """Sends the form "Sync translated pages"; wagtail-localize publishes after the commit."""

    def send(**form: str) -> int:
        source = TranslationSource.objects.get(specific_content_type__model="lessonpage")
        address = reverse("wagtail_localize:update_translations", args=[source.pk])
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address, form).status_code

    return send


def is_live(page: LessonPage) -> bool:
    return LessonPage.objects.get(pk=page.pk).live


def test_an_author_brings_up_to_date_and_does_not_publish(client: Client, update: Update, translated: LessonPage) -> None:
    client.force_login(staff(Role.AUTHOR))

    assert update(publish_translations="on") == 302
    assert not is_live(translated)
    update()
    assert not is_live(translated)


def test_an_administrator_publishes(client: Client, update: Update, translated: LessonPage) -> None:
    client.force_login(staff(Role.ADMINISTRATOR))

    update(publish_translations="on")

    assert is_live(translated)


def test_who_has_no_page_to_edit_updates_nothing(client: Client, update: Update, translated: LessonPage) -> None:
    client.force_login(staff(Role.ITEM_WRITER))

    assert update(publish_translations="on") == 404
    assert not is_live(translated)
