"""The theme keeps its promises: contrast, the strict policy, forms that say what is wrong, ways that lead somewhere."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from wagtail.models import Locale, Page

from cms.styleguide import icons
from common.templatetags import ui

CSS = settings.BASE_DIR / "cms/static/cms/css"
TOKENS = (CSS / "tokens.css").read_text()
PACKAGES = ["accounts", "certificates", "cms", "common", "courses", "demo", "exams", "partners", "portal", "standards"]
TEMPLATES = [path for package in PACKAGES for path in sorted((settings.BASE_DIR / package).glob("templates/**/*.html"))]


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Whatever language an earlier request left in this thread."""
    with translation.override("en"):
        yield


# --- Colours ------------------------------------------------------------------------------------


def declarations(selector: str) -> dict[str, str]:
    block = re.search(re.escape(selector) + r" \{([^}]*)\}", TOKENS)
    assert block, selector
    return dict(re.findall(r"(--[\w-]+):\s*([^;]+);", block[1]))


LIGHT = declarations("\n  :root")
DARK = LIGHT | declarations(':root[data-theme="dark"]')


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


GROUNDS = ["paper", "surface", "sunken"]
TONES = ["success", "warning", "danger", "info"]
TEXT_PAIRS = [
    *[(text, ground) for ground in GROUNDS for text in ["ink", "ink-muted", "primary", "primary-hover", "gold-ink", *TONES]],
    *[(text, f"{tone}-soft") for tone in TONES for text in [tone, "ink", "ink-muted", "primary"]],
    *[("ink", "primary-soft"), ("primary", "primary-soft"), ("primary-hover", "primary-soft")],
    *[("gold-ink", "gold-soft"), ("ink", "gold-soft")],
    *[("on-primary", "primary"), ("on-primary", "primary-hover"), ("on-danger", "danger"), ("on-danger", "danger-hover")],
    *[(text, ground) for ground in ["stone", "stone-raised"] for text in ["on-stone", "on-stone-muted", "stone-gold"]],
]
PART_PAIRS = [
    *[(part, ground) for ground in GROUNDS for part in ["line-strong", "gold", "focus"]],
    *[("focus", f"{tone}-soft") for tone in TONES],
    ("stone-gold", "stone"),
]


def test_contrast_is_measured_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_has_contrast_of_at_least_4_5(theme: dict[str, str], text: str, ground: str) -> None:
    assert contrast(theme[f"--color-{text}"], theme[f"--color-{ground}"]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("part", "ground"), PART_PAIRS)
def test_borders_and_focus_have_contrast_of_at_least_3(theme: dict[str, str], part: str, ground: str) -> None:
    assert contrast(theme[f"--color-{part}"], theme[f"--color-{ground}"]) >= 3


def test_the_dark_theme_is_the_same_by_system_and_by_switch() -> None:
    assert declarations(':root:not([data-theme="light"])') == declarations(':root[data-theme="dark"]')


def test_every_colour_used_is_a_token() -> None:
    text = "".join(path.read_text() for path in CSS.glob("*.css"))
    used = set(re.findall(r"var\((--(?:color|space|text|radius)[\w-]*)\)", text))

    assert used - set(LIGHT) == set()


# The back office's sheet lies on Wagtail's own, which has no layers.
SHEETS = sorted(set(CSS.glob("*.css")) - {CSS / "admin.css"})


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_style_sheets_are_small_layered_and_call_nobody(path: Path) -> None:
    text = path.read_text()

    assert text.count("\n") <= 400
    assert "@layer" in text
    assert not re.search(r"url\(|@import", text)


def test_style_sheets_and_their_links_match() -> None:
    everywhere = {name for path in TEMPLATES for name in re.findall(r'"cms/css/([\w.-]+)"', path.read_text())}
    linked = re.findall(r'href="/static/cms/css/([\w.-]+)"', render_to_string("components/styles.html"))

    assert everywhere - {"admin.css"} == {path.name for path in SHEETS}
    assert linked[0] == "tokens.css"  # it names the order of the layers


# --- The strict policy --------------------------------------------------------------------------

SCRIPT_WITHOUT_SOURCE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.I)
INLINE = re.compile(r"<style\b|\sstyle=[\"']|\son[a-z]+=[\"']|href=[\"']javascript:", re.I)


def is_for_print(path: Path) -> bool:
    """Templates that WeasyPrint reads never reach a browser."""
    return bool({"pdf", "documents", "print"} & set(path.parts)) or path.name.startswith("pdf")


@pytest.mark.parametrize("path", [path for path in TEMPLATES if not is_for_print(path)], ids=lambda path: str(path.name))
def test_templates_carry_no_inline_style_or_script(path: Path) -> None:
    text = path.read_text()

    assert not SCRIPT_WITHOUT_SOURCE.search(text)
    assert not INLINE.search(text)


def test_icons_used_are_in_the_sprite() -> None:
    symbols = set(icons())
    used = {name for path in TEMPLATES for name in re.findall(r"""{% icon ["']([\w-]+)["']""", path.read_text())}

    assert used - symbols == set()
    assert set(ui.TONE_ICONS.values()) - symbols == set()


# --- Forms --------------------------------------------------------------------------------------


class Registration(forms.Form):
    email = forms.EmailField(help_text="Where we write to.")
    language = forms.ChoiceField(choices=[("en", "English"), ("zh", "中文")], widget=forms.RadioSelect)
    rules = forms.BooleanField()
    remarks = forms.CharField(required=False)

    def clean(self) -> None:
        raise forms.ValidationError("The sitting is full.")


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.ids = [attributes["id"] for _tag, attributes in self.tags if attributes.get("id")]

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))


def test_a_refused_form_points_at_what_to_mend() -> None:
    html = render_to_string("components/form.html", {"form": Registration({"email": "ada"})})
    page = Tags(html)
    links = [str(attributes["href"])[1:] for tag, attributes in page.tags if tag == "a"]
    described = [str(attributes.get("aria-describedby", "")).split() for _tag, attributes in page.tags]
    email = next(attributes for tag, attributes in page.tags if tag == "input" and attributes.get("name") == "email")

    assert links == ["id_email", "id_language", "id_rules"]
    assert set(links) <= set(page.ids)
    assert {one for ids in described for one in ids} <= set(page.ids)
    assert email["aria-invalid"] == "true"
    assert email["aria-describedby"] == "id_email_helptext id_email_error"
    assert "The sitting is full." in html
    assert len(page.ids) == len(set(page.ids))


def test_a_fresh_form_complains_of_nothing() -> None:
    html = render_to_string("components/form.html", {"form": Registration()})

    assert "aria-invalid" not in html
    assert 'role="alert"' not in html
    assert html.count("(optional)") == 1


def test_django_draws_whole_forms_with_our_templates() -> None:
    assert 'class="field__label"' in str(Registration())
    assert 'class="field__label"' in Registration()["email"].as_field_group()


# --- Links --------------------------------------------------------------------------------------


def rendered(source: str, path: str = "/", **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context({"request": RequestFactory().get(path), **context}))


@pytest.mark.parametrize(
    ("tag", "query"),
    [
        ("{% query_string page=2 %}", "?status=valid&amp;name=Li&amp;page=2"),
        ("{% page_link 7 %}", "?status=valid&amp;name=Li&amp;page=7"),
        ("{% query_string status='expired' %}", "?status=expired&amp;name=Li"),
        ("{% query_string status=None %}", "?name=Li"),
        ("{% query_string status=None name='' %}", "?"),
    ],
)
def test_query_string_keeps_the_rest_and_a_new_filter_starts_at_page_one(tag: str, query: str) -> None:
    assert rendered(tag, "/register/?status=valid&name=Li&page=3") == query


def test_pagination_keeps_the_filters_and_marks_the_page() -> None:
    page_obj = Paginator(range(230), 25).get_page(4)

    html = rendered('{% include "components/pagination.html" %}', "/register/?status=valid&page=4", page_obj=page_obj)

    assert 'href="?status=valid&amp;page=5"' in html
    assert html.count('aria-current="page"') == 1
    assert "76–100" in html


def test_nav_url_is_empty_for_a_view_this_site_has_not() -> None:
    assert rendered("[{% nav_url 'nowhere:at_all' %}]") == "[]"
    assert rendered("{% nav_url 'account_login' %}") == "/accounts/login/"


@pytest.mark.parametrize(
    ("path", "mark"),
    [("/standards/", ' aria-current="page"'), ("/standards/iso-42001/", ' aria-current="true"'), ("/verify/", "")],
)
def test_current_marks_where_the_reader_is(path: str, mark: str) -> None:
    assert rendered("{% current '/standards/' within=True %}", path) == mark


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari, iOS"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0", "Firefox, Linux"),
        ("curl/8.5.0", "curl/8.5.0"),
    ],
)
def test_browser_name(user_agent: str, name: str) -> None:
    assert ui.browser_name(user_agent) == name


# --- Languages ----------------------------------------------------------------------------------


def test_the_language_switch_of_a_page_that_is_no_cms_page_stays_there() -> None:
    choices = ui.languages(Context({"request": RequestFactory().get("/verify/?serial=TS-1")}))

    assert [(choice["code"], choice["url"], choice["is_current"]) for choice in choices] == [
        ("en", "/verify/?serial=TS-1", True),
        ("zh-hans", "/verify/?serial=TS-1", False),
    ]


@pytest.mark.django_db
def test_the_language_switch_of_a_cms_page_leads_to_its_translation(django_assert_num_queries: Any) -> None:
    root = Page.objects.get(depth=1)
    english = root.add_child(instance=Page(title="Privacy", slug="privacy-en", locale=Locale.objects.get(language_code="en")))
    chinese_locale, _created = Locale.objects.get_or_create(language_code="zh-hans")
    chinese = english.copy_for_translation(chinese_locale)
    context = Context({"request": RequestFactory().get("/en/privacy/"), "page": english})

    assert ui.languages(context)[1]["is_translated"] is False  # a draft is no place to send a reader
    assert ui.languages(context)[1]["url"] == "/zh-hans/"

    chinese.live = True
    chinese.save()
    with django_assert_num_queries(1):
        choices = ui.languages(context)
    assert choices[1]["is_translated"] is True


def test_the_language_switch_sets_the_language_and_keeps_the_page(client: Client, db: None) -> None:
    response = client.post("/i18n/setlang/", {"language": "zh-hans", "next": "/accounts/login/"})
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/")

    assert '<html lang="zh-hans">' in client.get("/accounts/login/").content.decode()


# --- Pages --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_style_guide_is_drawn_in_both_languages(client: Client, db: None, language: str) -> None:
    client.cookies["language"] = language

    response = client.get("/styleguide/")

    assert response.status_code == 200
    page = Tags(response.content.decode())
    assert len(page.ids) == len(set(page.ids))
    assert "欧阳婉婷" in response.content.decode()


def test_production_has_no_style_guide(settings: Any) -> None:
    import cms.urls

    settings.PRODUCTION = True
    try:
        assert [pattern.name for pattern in importlib.reload(cms.urls).urlpatterns if pattern.name == "styleguide"] == []
    finally:
        settings.PRODUCTION = False
        importlib.reload(cms.urls)


def test_a_missing_page_is_said_in_words(client: Client, db: None) -> None:
    response = client.get("/en/no-such-page/")

    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


@pytest.mark.parametrize("name", ["400.html", "500.html"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_for_failures_need_no_request_and_no_database(name: str, language: str) -> None:
    # No database mark: pytest-django refuses every query.
    with translation.override(language):
        html = render_to_string(name)

    assert f'<html lang="{language}">' in html
    assert "csrf" not in html


def test_a_failed_form_token_is_refused_in_words(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "ada@example.org"})

    assert response.status_code == 403
    assert "form_expired" in response.content.decode()


def test_a_name_is_shown_as_text(client: Client, django_user_model: Any, db: None) -> None:
    client.force_login(django_user_model.objects.create(email="eve@example.org", full_name="<script>alert(1)</script>"))

    html = client.get("/styleguide/").content.decode()

    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert(1)" not in html


def test_sign_out_is_a_post(client: Client, django_user_model: Any, db: None) -> None:
    client.force_login(django_user_model.objects.create(email="ada@example.org", full_name="Ada"))

    html = client.get("/styleguide/").content.decode()

    assert html.count('<form method="post" action="/accounts/logout/">') == 2  # the wide menu and the narrow one
    assert 'href="/accounts/logout/"' not in html
