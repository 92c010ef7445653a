"""Late bundles for those who decide, and for the candidate."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from exams.models import Attempt, LateBundle, PaperRendering


class Pair(NamedTuple):
    """What is stored for one question beside what came late."""

    position: int
    stored: str
    late: str
    changed_at: datetime | None


def bundles_for(user: object) -> QuerySet[LateBundle]:
    """Newest first, with all that their list shows."""
    return (
        LateBundle.objects.visible_to(user)
        .filter(attempt__registration__sitting__is_rehearsal=False)
        .select_related("attempt__registration__sitting__exam", "decision")
        .order_by("-received_at", "-pk")
    )


def late_of(attempt: Attempt) -> list[LateBundle]:
    """A candidate's own, to see what became of them."""
    return list(attempt.late_bundles.select_related("decision").order_by("received_at", "pk"))


def side_by_side(bundle: LateBundle) -> list[Pair]:
    """From the sealed rendering, which has no key: who decides does not know what would have been right."""
    attempt = bundle.attempt
    document = PaperRendering.objects.get(paper=attempt.paper_id, language=attempt.language).document
    shown = {position["position"]: position for section in document["sections"] for position in section["positions"]}
    stored = dict(attempt.responses.values_list("position", "body"))
    return [
        Pair(
            answer["position"],
            readable(shown[answer["position"]], json.loads(stored.get(answer["position"]) or "null")),
            readable(shown[answer["position"]], answer["response"]),
            parse_datetime(answer["changed_at"] or ""),
        )
        for answer in bundle.answers
    ]


def readable(position: dict[str, Any], response: dict[str, Any] | None) -> str:
    """An answer with the options' words in the place of their ids."""
    if response is None:
        return _("no answer")
    words = {option["id"]: _plain(option["text"]) for name in ("options", "left", "right") for option in position.get(name, ())}
    for gap in position.get("gaps", ()):
        words |= {option["id"]: _plain(option["text"]) for option in gap.get("options", ())}
    return "; ".join(_said(value, words) for value in response.values())


def _said(value: Any, words: dict[str, str]) -> str:
    if isinstance(value, list):
        return ", ".join(_said(each, words) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{words.get(name, name)}: {_said(each, words)}" for name, each in value.items())
    return words.get(str(value), str(value))


def _plain(html: str) -> str:
    return " ".join(strip_tags(html).split())
