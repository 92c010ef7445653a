"""What is taught and asked: standards, courses, their pages, and the reviewed item bank. Each through its own loader."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from cms.actions.starter import load_site
from demo.seed.people import login
from demo.seed.steps import digest_of_files, once
from exams.actions.practice import set_up_practice
from exams.actions.starter import load_item_bank
from standards.actions.catalogue import load_catalogue


def load_content(tell: Callable[[str], None]) -> None:
    """Run the loaders whose files changed since the last seed; they never undo what somebody edited here."""
    base = settings.BASE_DIR
    standards, courses = digest_of_files(base / "standards" / "starter"), digest_of_files(base / "courses" / "starter")
    loaders: list[tuple[str, Callable[[], object], str]] = [
        ("catalogue", load_catalogue, standards),
        ("site", load_site, standards + courses),
        ("item bank", _load_items, standards + digest_of_files(base / "exams" / "starter")),
    ]
    for key, load, version in loaders:
        if once(key, load, version=version):
            tell(key)


def _load_items() -> None:
    writer, reviewer, administrator = login("item_writer"), login("item_reviewer"), login("administrator")
    load_item_bank(written_by=writer, approved_by=reviewer, by=administrator)
    set_up_practice(written_by=writer, approved_by=reviewer, by=administrator)
