"""People at browsers, and patience for a machine that has other things to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.harness.browser import OpenPage
from tests.journeys.walks import Walker

PATIENCE = 30_000
PLAYWRIGHTS_OWN = 5_000

Meet = Callable[..., Walker]


@pytest.fixture
def meet(new_page: OpenPage, live_server: Any, settings: Any) -> Iterator[Meet]:
    """Another person at a browser of their own: `meet(locale="zh-CN")`. At the end no browser has complained."""
    walkers: list[Walker] = []
    settings.SITE_URL = live_server.url  # links in mails and on certificates lead here

    def open_browser(**options: Any) -> Walker:
        walker = Walker(new_page(reduced_motion="reduce", **options))
        walkers.append(walker)
        return walker

    expect.set_options(timeout=PATIENCE)
    yield open_browser
    expect.set_options(timeout=PLAYWRIGHTS_OWN)
    assert [complaint for walker in walkers for complaint in walker.complaints] == []
