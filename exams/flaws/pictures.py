"""A picture that only some can see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from exams.flaws.contract import SERIOUS, Rule, Subject


def missing_alternative(subject: Subject) -> Iterator[dict[str, Any]]:
    if subject.undescribed_pictures:
        yield {"count": subject.undescribed_pictures}


RULES = (
    Rule(
        "missing_alternative",
        _("a picture without a description"),
        SERIOUS,
        _("Pictures without a description in words: %(count)s. Who cannot see them cannot answer."),
        missing_alternative,
        "WCAG 2.2, 1.1.1",
    ),
)
