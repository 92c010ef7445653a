"""Loading the starter site: home, tracks, courses, lessons and plain pages, in English and Chinese.

The two language versions of a page share one translation key, so the language switch, wagtail-localize and a learner's
progress know them as one. Pages edited in the back office since, published or as a draft, are left alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from wagtail.fields import StreamField
from wagtail.models import Locale, Page, Site

from cms.actions.images import ImageShelf
from cms.models import HomePage, PlainPage, TrackIndexPage, TrackPage
from courses.actions.content import body_of, rich_text, stable_id
from courses.actions.starter import STARTER, load_courses
from courses.models import Course, CoursePage, Lesson, LessonPage
from standards.actions.starter import Loader, LoadReport, Values
from standards.models import Track

# Content locales and the key of the same language in the files.
LANGUAGES = {"en": "en", "zh-hans": "zh"}
INDEX_TITLE = {"en": "Tracks and levels", "zh": "方向与级别"}
INDEX_INTRO = {
    "en": "Four tracks, four levels each, on one shared core. Choose the row that is your work and start at the left.",
    "zh": "四个方向，每个方向四个级别，共用一门公共基础课程。选定与您的工作对应的一行，从左侧开始。",
}
HOME_TITLE = {"en": "Touchstone", "zh": "试金石"}


@transaction.atomic
def load_site(folder: Path = STARTER) -> LoadReport:
    """Load courses and every page of the starter, in both languages, and publish what is new or changed.

    Needs the catalogue (`load_catalogue`) first.
    """
    report = load_courses(folder)
    texts = yaml.safe_load((folder / "tracks.yaml").read_text(encoding="utf-8"))
    courses = yaml.safe_load((folder / "courses.yaml").read_text(encoding="utf-8"))["courses"]
    for code, key in LANGUAGES.items():
        locale, _ = Locale.objects.get_or_create(language_code=code)
        shelf = PageShelf(locale, key, ImageShelf(folder / "figures" / code, code, report), report)
        _load_language(shelf, texts, courses, folder / "lessons" / code)
    return report


def _load_language(shelf: PageShelf, texts: Any, courses: list[dict[str, Any]], lessons: Path) -> None:
    home = _load_home(shelf, texts["home"])
    if home is None:
        return
    for entry in texts["pages"]:
        _load_plain_page(shelf, home, entry)
    index = shelf.put(
        TrackIndexPage,
        "tracks",
        home,
        {"title": INDEX_TITLE[shelf.key], "slug": "tracks", "intro": INDEX_INTRO[shelf.key]},
    )
    tracks = {entry["code"]: _load_track(shelf, index, entry) for entry in texts["tracks"]} if index else {}
    for entry in courses:
        parent = tracks.get(entry["track"]) if entry["track"] else index
        page = _load_course(shelf, parent, entry) if parent else None
        for lesson in entry["lessons"] if page else []:
            _load_lesson(shelf, page, lesson, lessons / f"{lesson['code']}.yaml")


@dataclass
class PageShelf:
    """Puts pages of one language where they belong."""

    locale: Locale
    key: str
    images: ImageShelf
    report: LoadReport

    def put(self, model: type[Page], name: str, parent: Page, values: dict[str, Any]) -> Any:
        """Make or change one page and publish it. `name` is the same in both languages."""
        translation_key = stable_id("page", name)
        fields = {field.name: field for field in model._meta.get_fields() if field.name in values}
        wanted = {key: _plain(fields[key], value) for key, value in values.items()}

        def read(page: Any) -> Values:
            latest = page.get_latest_revision_as_object()
            return {key: _plain(fields[key], getattr(latest, key)) for key in wanted}

        def write(page: Any, _wanted: Values) -> Any:
            content = {key: _live(fields[key], value) for key, value in wanted.items()}
            if page is None:
                page = model(locale=self.locale, translation_key=translation_key, **content)
                parent.add_child(instance=page)
            else:
                for key, value in content.items():
                    setattr(page, key, value)
            page.save_revision(log_action=True).publish(skip_permission_checks=True)
            return page

        existing = model.objects.filter(translation_key=translation_key, locale=self.locale).first()
        key = f"{self.locale.language_code} {name}"
        rows = {key: existing} if existing else {}
        return Loader("page", rows, read, write, self.report).load(key, wanted)


def _plain(field: Any, value: Any) -> Any:
    """A field's value as the digest sees it: what the database would hold."""
    if isinstance(field, StreamField):
        block = field.stream_block
        prepared = block.get_prep_value(block.to_python(value) if isinstance(value, list) else value)
        return json.loads(json.dumps(prepared, cls=DjangoJSONEncoder))
    return getattr(value, "code", value)


def _live(field: Any, value: Any) -> Any:
    """The value as the page takes it."""
    if isinstance(field, StreamField):
        return field.stream_block.to_python(value)
    if field.is_relation:
        return field.related_model.objects.get(code=value)
    return value


def _load_home(shelf: PageShelf, words: Any) -> Any:
    root = Page.get_first_root_node()
    slug = "home" if shelf.key == "en" else f"home-{shelf.locale.language_code}"
    # Wagtail's own greeting page stands where our English home belongs.
    Page.objects.filter(depth=2, slug="home", content_type__model="page").delete()
    root.refresh_from_db()
    key = shelf.key
    values = {"title": HOME_TITLE[key], "slug": slug, "headline": words["headline"][key], "lead": words["lead"][key].strip()}
    home = shelf.put(HomePage, "home", root, values)
    if home and key == "en":
        _point_site_at(home)
    return home


def _point_site_at(home: HomePage) -> None:
    """Our home answers at the site's address; a host name an administrator has set stays."""
    address = urlsplit(settings.SITE_URL)
    port = address.port or (443 if address.scheme == "https" else 80)
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(
            hostname=address.hostname or "localhost", port=port, root_page=home, is_default_site=True, site_name="Touchstone"
        )
    elif site.root_page_id != home.pk and not HomePage.objects.filter(pk=site.root_page_id).exists():
        site.root_page = home
        if site.hostname == "localhost":
            site.hostname, site.port = address.hostname or "localhost", port
        site.site_name = site.site_name or "Touchstone"
        site.save()


def _load_plain_page(shelf: PageShelf, home: Page, entry: Any) -> None:
    name, key = f"plain/{entry['slug']}", shelf.key
    body = [{"type": "text", "value": rich_text(entry["body"][key]), "id": stable_id(name, "body")}]
    values = {"title": entry["title"][key], "slug": entry["slug"], "intro": entry["intro"][key].strip(), "body": body}
    shelf.put(PlainPage, name, home, values)


def _load_track(shelf: PageShelf, index: Page, entry: Any) -> Any:
    key = shelf.key
    values = {
        "title": entry["title"][key],
        "slug": entry["slug"],
        "track": Track.objects.get(code=entry["code"]),
        "tagline": entry["tagline"][key],
        "intro": entry["intro"][key].strip(),
        "roles": "\n".join(entry["roles"][key]),
    }
    return shelf.put(TrackPage, f"track/{entry['code']}", index, values)


def _load_course(shelf: PageShelf, parent: Page, entry: Any) -> Any:
    course, key = Course.objects.filter(code=entry["code"]).first(), shelf.key
    if course is None:
        return None
    values = {
        "title": entry["title"][key],
        "slug": entry["code"].lower(),
        "course": course,
        "intro": entry["intro"][key].strip(),
        "practical": entry["practical"][key].strip(),
    }
    return shelf.put(CoursePage, f"course/{entry['code']}", parent, values)


def _load_lesson(shelf: PageShelf, parent: Page, entry: Any, path: Path) -> None:
    lesson = Lesson.objects.filter(code=entry["code"]).first()
    if lesson is None or not path.exists():
        return
    content, name = yaml.safe_load(path.read_text(encoding="utf-8")), f"lesson/{entry['code']}"
    values = {
        "title": content["title"],
        "slug": entry["code"].lower(),
        "lesson": lesson,
        "summary": content["summary"].strip(),
        "body": body_of(name, content["blocks"], shelf.images.find),
    }
    shelf.put(LessonPage, name, parent, values)
