"""Chromium for the browser journeys: the system's own, never one downloaded by a test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
QUIET = ["--disable-background-networking", "--disable-component-update", "--no-first-run", "--disable-gpu"]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Read by pytest-playwright's `browser` fixture."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.fail("Chromium is not installed, and the browser journeys need it. Run: apt-get install chromium", pytrace=False)
    # Chromium's sandbox needs rights that root and many containers do not have; the pages here are our own.
    return {"executable_path": program, "args": ["--no-sandbox", *QUIET]}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """What `page` and `new_page` open with: English, desktop size, downloads allowed."""
    return {"viewport": DESKTOP, "locale": "en-GB", "accept_downloads": True}


@pytest.fixture
def new_page(browser: Browser, browser_context_args: dict[str, Any], live_server: Any) -> Iterator[OpenPage]:
    """Opens a page in a browser profile of its own: `new_page(locale="zh-CN", viewport=PHONE)` is another person."""
    contexts: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**{**browser_context_args, "base_url": live_server.url, **options})
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: OpenPage) -> Page:
    """Replaces pytest-playwright's: addresses are relative to the live server of this test."""
    return new_page()
