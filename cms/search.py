"""Searching the site."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from wagtail.models import Locale, Page

from common.chinese import search_words
from standards.models import Standard
from standards.queries import catalogue


def found_pages(asked: str, locale: Locale | None) -> Any:
    """Live public pages of one language that hold all the words, best first."""
    words = search_words(asked)
    if not words:
        return Page.objects.none()
    pages = Page.objects.live().public().filter(locale=locale) if locale else Page.objects.live().public()
    return pages.search(words, operator="and")


def found_standards(asked: str) -> QuerySet[Standard]:
    """Standards that hold all the words, in whatever language they are asked for."""
    return catalogue(text=asked) if asked else Standard.objects.none()
