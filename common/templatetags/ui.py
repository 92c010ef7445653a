"""Small tags of the theme: icons, links that keep the query string, where the reader stands, languages."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page
from django.http import HttpRequest
from django.template.context import Context
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_info

register = template.Library()

SPRITE = "cms/icons/sprite.svg"
MESSAGE_TONES = {"debug": "note", "info": "note", "success": "success", "warning": "warning", "error": "danger"}
TONE_ICONS = {
    "note": "info",
    "tip": "bulb",
    "success": "check-circle",
    "warning": "warning",
    "danger": "x-circle",
    "example": "book-open",
}


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite. Decorative unless it gets a label."""
    classes = f"icon icon--{name} {css}".strip()
    target = f"{static(SPRITE)}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}" viewBox="0 0 24 24"><use href="{}"></use></svg>', classes, label, target
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false" viewBox="0 0 24 24"><use href="{}"></use></svg>', classes, target
    )


@register.simple_tag
def logo(css: str = "logo__mark") -> SafeString:
    """The mark: a stone with two streaks, what is judged beside what it is judged against."""
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false" viewBox="0 0 48 48"><use href="{}#logo"></use></svg>',
        css,
        static(SPRITE),
    )


@register.simple_tag(takes_context=True)
def query_string(context: Context, **changes: Any) -> str:
    """The current query string with some parameters set; None or "" removes one. A new filter starts at page 1."""
    request: HttpRequest | None = context.get("request")
    query = request.GET.copy() if request is not None else _empty_query()
    if "page" not in changes:
        query.pop("page", None)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        elif isinstance(value, list | tuple):
            query.setlist(name, [str(one) for one in value])
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


def _empty_query() -> Any:
    from django.http import QueryDict

    return QueryDict(mutable=True)


@register.simple_tag(takes_context=True)
def page_link(context: Context, number: int) -> str:
    """The address of another page of this list, its filters kept."""
    return query_string(context, page=number)


@register.simple_tag
def page_numbers(page_obj: Page) -> list[int | str]:
    """1 … 4 5 6 … 20: numbers to link to, with gaps as they are."""
    return list(page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1))


@register.simple_tag
def nav_url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named view, or "" where this site has none of that name."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def current(context: Context, url: str, *, within: bool = False) -> SafeString:
    """aria-current for a link to where the reader is; `within` also for what lies below it."""
    request: HttpRequest | None = context.get("request")
    if request is None or not url:
        return mark_safe("")
    if request.path == url:
        return mark_safe(' aria-current="page"')
    return mark_safe(' aria-current="true"' if within and request.path.startswith(url) else "")


@register.simple_tag(takes_context=True)
def languages(context: Context) -> list[dict[str, Any]]:
    """The languages of the site and where each finds this page. A Wagtail page costs one query, whatever it shows."""
    request: HttpRequest | None = context.get("request")
    here = request.get_full_path() if request is not None else "/"
    translations = _translations(context.get("page"))
    active = get_language() or settings.LANGUAGE_CODE
    choices = []
    for code, _name in settings.LANGUAGES:
        url = here if translations is None or code == active else translations.get(code, f"/{code}/")
        choices.append(
            {
                "code": code,
                "name": get_language_info(code)["name_local"],
                "url": url,
                "is_current": code == active,
                "is_translated": translations is not None and code in translations,
            }
        )
    return choices


def _translations(page: Any) -> dict[str, str] | None:
    """Address by language of a Wagtail page; None for everything else that a context calls `page`."""
    if not hasattr(page, "get_translations") or page.pk is None:
        return None
    live = page.get_translations(inclusive=True).live().select_related("locale")
    return {translation.locale.language_code: translation.url or "" for translation in live}


@register.filter
def tone(message: Message) -> str:
    """The callout that fits a message of django.contrib.messages."""
    return MESSAGE_TONES.get(message.level_tag, "note")


@register.filter
def tone_icon(name: str) -> str:
    return TONE_ICONS.get(name, "info")


@register.filter
def button_classes(tags: list[str] | None) -> str:
    """Our button for the tags allauth's templates put on theirs."""
    words = set(tags or [])
    if words & {"danger", "delete"}:
        kind = "button--danger"
    elif words & {"outline", "secondary", "edit", "tool"}:
        kind = "button--secondary"
    elif words & {"link", "cancel"}:
        kind = "button--quiet"
    else:
        kind = "button--primary"
    return f"button {kind} button--small" if words & {"minor", "tool"} else f"button {kind}"


BROWSERS = [("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")]
SYSTEMS = [
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
]


@register.filter
def browser_name(user_agent: str) -> str:
    """ "Chrome, Windows" for what a browser calls itself in two hundred characters; as it came when unknown."""
    named = [next((name for sign, name in signs if sign in user_agent), "") for signs in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, named)) or user_agent[:60]
