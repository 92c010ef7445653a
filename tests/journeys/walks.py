"""What people do at a browser, in their words; and what the browser must never complain of."""

from __future__ import annotations

import base64
import re
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from tests.factories.accounts import PASSWORD
from tests.harness.browser import DESKTOP, PHONE

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
GRAVE = ("serious", "critical")
MOST_TABS = 80
# The elements that make a page wider than the screen.
RUNS_OUT = """() => document.documentElement.scrollWidth <= window.innerWidth ? [] : [
  "The page is too wide.",
  ...[...document.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > window.innerWidth)
    .map((element) => element.cloneNode().outerHTML)]"""
MESSAGES_STAND = "() => [...document.querySelectorAll('.messages > ul')].every(list => getComputedStyle(list).opacity === '1')"


class Walker:
    """One person at one browser, watched: broken scripts, a broken policy, a request to another host."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self._looked_at: set[str] = set()
        context = page.context
        context.on("console", lambda said: self._note(f"{said.page.url if said.page else ''}: {said.text}", said.type))
        context.on("weberror", lambda error: self.complaints.append(f"{error.error}"))
        context.on("request", lambda request: self._check_host(request.url))

    def _note(self, text: str, kind: str) -> None:
        if kind == "error" or "Content Security Policy" in text:
            self.complaints.append(text)

    def _check_host(self, url: str) -> None:
        address = urlsplit(url)
        if address.scheme in ("http", "https", "ws", "wss") and address.hostname not in ("localhost", "127.0.0.1"):
            self.complaints.append(f"A request left for {url}")

    def forgive(self, *words: str) -> None:
        """What Chromium calls an error and the story is about, such as a refusal that is a page."""
        self.complaints[:] = [text for text in self.complaints if not any(word in text for word in words)]

    # --- Going and looking ---------------------------------------------------------------------

    def goes_to(self, address: str, heading: str = "") -> None:
        self.page.goto(address)
        self.arrives_at(heading)

    def arrives_at(self, heading: str = "") -> None:
        """The page says so in its heading, and is accessible and fits, on a desk and in a hand."""
        if heading:
            expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)
        self.looks()

    def looks(self, *, apart_from: tuple[str, ...] = ()) -> None:
        """axe finds nothing serious at both widths, and nothing runs out of the phone. Once for each page of a story.

        `apart_from` names what Wagtail's own editor gets wrong.
        """
        address = self._kind_of_page()
        if address in self._looked_at:
            return
        self._looked_at.add(address)
        # Wagtail fades its messages in; half there, they would be judged by half their contrast.
        self.page.wait_for_function(MESSAGES_STAND)
        for size in (PHONE, DESKTOP):
            self.page.set_viewport_size(size)
            found = grave(self.page, apart_from)
            if size == PHONE:
                found += self.page.evaluate(RUNS_OUT)
            assert not found, f"{address} at {size['width']} px: {found}"

    def _kind_of_page(self) -> str:
        title = self.page.get_by_role("heading", level=1)
        return urlsplit(self.page.url).path + " " + (title.first.inner_text() if title.count() else "")

    # --- Acting --------------------------------------------------------------------------------

    def clicks(self, name: str, role: Any = "link", within: str = "main") -> None:
        self.page.locator(within).get_by_role(role, name=re.compile(name)).first.click()

    def presses(self, name: str, within: str = "main") -> None:
        self.clicks(name, "button", within)

    def fills(self, **fields: str) -> None:
        """By the field's name."""
        for name, text in fields.items():
            self.page.locator(f"main [name={name}]").fill(text)

    def signs_in(self, user: User | str, *, to: str = "/home/") -> None:
        self.page.goto(f"/accounts/login/?next={to}")
        self.fills(login=getattr(user, "email", user), password=PASSWORD)
        self.page.locator("main button[type=submit]:not([form])").click()
        self.page.wait_for_url(f"**{to}")

    def proves_it_again(self) -> None:
        """Grave acts ask for the password once more when the last time is five minutes ago."""
        if "/reauthenticate/" in self.page.url:
            self.fills(password=PASSWORD)
            self.page.locator("main button[type=submit]:not([form])").click()

    def downloads(self, name: str, role: Any = "link") -> bytes:
        with self.page.expect_download() as download:
            self.clicks(name, role)
        return download.value.path().read_bytes()

    def drops_file(self, content: bytes, name: str = "certificate.pdf") -> None:
        """A file from the desktop let go over the page's target."""
        carried = self.page.evaluate_handle(
            """([encoded, name]) => {
              const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
              const carried = new DataTransfer();
              carried.items.add(new File([bytes], name, {type: "application/pdf"}));
              return carried;
            }""",
            [base64.b64encode(content).decode(), name],
        )
        self.page.locator("[data-drop]").dispatch_event("drop", {"dataTransfer": carried})

    # --- By keyboard alone ---------------------------------------------------------------------

    def tabs_to(self, place: Locator) -> None:
        """Tab until it has the focus, as somebody without a mouse must."""
        for _press in range(MOST_TABS):
            if place.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{MOST_TABS} tabs do not lead to {place}.")

    def keys(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)


def grave(page: Page, apart_from: tuple[str, ...] = ()) -> list[str]:
    """What axe finds serious or critical."""
    violations = Axe().run(page, options=WCAG).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')}"
        for one in violations
        if one["impact"] in GRAVE and one["id"] not in apart_from
        for node in one["nodes"]
    ]
