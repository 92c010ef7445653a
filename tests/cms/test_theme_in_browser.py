"""The theme in a real browser: nothing for axe to find, nothing against the policy, and it works by keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from wagtail.models import Locale, Site

from cms.models import PlainPage
from tests.factories.accounts import PASSWORD, UserFactory
from tests.harness.browser import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Best practices of axe that are not WCAG are left out; everything that is WCAG 2.2 A or AA is in.
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def found_by_axe(page: Page) -> list[str]:
    violations = Axe().run(page, options=WCAG).response["violations"]
    return [f"{one['id']}: {node['target']} {node.get('failureSummary', '')}" for one in violations for node in one["nodes"]]


def watched(page: Page) -> list[str]:
    """What the browser complains of, filled while the page lives: broken policy, missing files, errors of scripts."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/?next=/accounts/sessions/")
    page.fill("#id_login", email)
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]:not([form])")
    page.wait_for_url("**/accounts/sessions/")


def go_past_the_guard(page: Page, address: str) -> None:
    """Pages that touch the second factor ask for the password once more."""
    page.goto(address)
    if "/reauthenticate/" in page.url:
        assert found_by_axe(page) == [], page.url
        page.fill("#id_password", PASSWORD)
        page.click("main button[type=submit]:not([form])")
        page.wait_for_url(f"**{address}")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_public_pages_are_accessible(new_page: Any, theme: str, locale: str) -> None:
    page = new_page(color_scheme=theme, locale=locale, reduced_motion="reduce")
    complaints = watched(page)
    for address in ["/styleguide/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]:
        page.goto(address)
        assert found_by_axe(page) == [], address
    assert complaints == []

    page.goto("/en/no-such-page/")
    assert found_by_axe(page) == []

    page.goto("/accounts/login/")
    page.context.clear_cookies()
    page.fill("#id_login", "ada@example.org")
    page.fill("#id_password", "whatever it is")
    page.click("main button[type=submit]:not([form])")
    expect(page.locator(".refusal")).to_contain_text("form_expired")
    assert found_by_axe(page) == []


def test_account_pages_are_accessible_and_keep_to_the_policy(new_page: Any) -> None:
    UserFactory(email="ada@example.org", full_name="Ada Marchetti")
    page = new_page(reduced_motion="reduce")
    complaints = watched(page)
    sign_in(page, "ada@example.org")
    for address in [
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/sessions/",
    ]:
        go_past_the_guard(page, address)
        expect(page.locator(".manage h1")).to_be_visible()
        assert found_by_axe(page) == [], address
    assert complaints == []


def test_a_passkey_is_made_and_signs_in_under_the_policy(new_page: Any) -> None:
    UserFactory(email="ada@example.org", full_name="Ada Marchetti")
    page = new_page()
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    complaints = watched(page)
    sign_in(page, "ada@example.org")
    go_past_the_guard(page, "/accounts/2fa/webauthn/add/")
    page.fill("#id_name", "Work laptop")
    page.check("#id_passwordless")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/accounts/2fa/recovery-codes/**")
    go_past_the_guard(page, "/accounts/2fa/webauthn/")
    expect(page.locator("tbody th")).to_contain_text("Work laptop")
    assert found_by_axe(page) == []

    page.context.clear_cookies()
    page.goto("/accounts/login/?next=/accounts/sessions/")
    page.click("#passkey_login")
    page.wait_for_url("**/accounts/sessions/")
    expect(page.locator("tbody .badge")).to_have_count(1)
    assert complaints == []


def test_a_refused_security_key_is_said_in_words(new_page: Any) -> None:
    page = new_page()
    page.goto("/accounts/login/")
    expect(page.locator("[data-security-key-error]")).to_be_hidden()

    page.evaluate("() => document.dispatchEvent(new CustomEvent('allauth.error', {cancelable: true, detail: {}}))")

    expect(page.locator("[data-security-key-error]")).to_be_visible()


def test_the_theme_is_remembered_and_follows_the_system_again(new_page: Any) -> None:
    page = new_page(color_scheme="light")
    page.goto("/accounts/login/")
    switch = page.get_by_role("button", name="Dark theme").locator("visible=true")
    expect(switch).to_have_attribute("aria-pressed", "false")

    switch.click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto("/accounts/signup/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(19, 25, 26)"

    page.get_by_role("button", name="Dark theme").locator("visible=true").click()
    assert page.evaluate("() => document.documentElement.dataset.theme === undefined") is True


def test_a_stranger_who_chose_chinese_on_a_page_keeps_it_elsewhere(new_page: Any) -> None:
    home = Site.objects.get(is_default_site=True).root_page
    english = home.add_child(instance=PlainPage(title="Privacy", slug="privacy"))
    locale, _created = Locale.objects.get_or_create(language_code="zh-hans")
    english.copy_for_translation(locale, copy_parents=True).save_revision().publish()
    page = new_page()
    page.goto("/en/privacy/")

    page.get_by_role("link", name="简体中文").locator("visible=true").click()

    page.wait_for_url("**/zh-hans/privacy*/")
    page.goto("/accounts/login/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")


def test_a_reader_who_comes_by_a_chinese_address_goes_on_in_chinese(new_page: Any) -> None:
    page = new_page()
    page.goto("/zh-hans/no-such-page/")
    page.goto("/accounts/login/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")


def test_the_narrow_menu_works_by_keyboard_and_without_script(new_page: Any) -> None:
    page = new_page(viewport=PHONE)
    page.goto("/accounts/login/")
    menu = page.locator(".site-menu details")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(menu.get_by_role("link", name="Tracks")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link", name="Tracks")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()

    plain = new_page(viewport=PHONE, java_script_enabled=False)
    plain.goto("/accounts/login/")
    plain.locator(".site-menu summary").click()
    expect(plain.locator(".site-menu").get_by_role("link", name="Tracks")).to_be_visible()
    expect(plain.locator("[data-theme-switch]").first).to_be_hidden()  # it could do nothing


def test_the_first_tab_leads_to_the_content(new_page: Any) -> None:
    page = new_page()
    page.goto("/accounts/login/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("() => document.querySelector('main').contains(document.activeElement)") is True


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_nothing_runs_out_of_a_phone(new_page: Any, locale: str) -> None:
    page = new_page(viewport=PHONE, locale=locale)
    for address in ["/styleguide/", "/accounts/login/", "/accounts/signup/", "/en/no-such-page/"]:
        page.goto(address)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 390, address


def test_controls_are_large_enough_to_touch(new_page: Any) -> None:
    page = new_page(viewport=PHONE)
    for address in ["/styleguide/", "/accounts/login/"]:
        page.goto(address)
        small = page.evaluate(
            """() => [...document.querySelectorAll("button, summary, input:not([type=hidden]), select, textarea, .button")]
                .map((control) => [control.outerHTML.slice(0, 90), control.getBoundingClientRect()])
                .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24))
                .map(([html]) => html)"""
        )
        assert small == [], address


def test_a_refused_form_is_focused_on_its_summary(new_page: Any) -> None:
    page = new_page()
    page.goto("/accounts/signup/")
    page.evaluate("() => { document.querySelector('main form').noValidate = true; }")
    page.click("main form button[type=submit]")

    expect(page.locator("[data-error-summary]")).to_be_focused()
    assert found_by_axe(page) == []
