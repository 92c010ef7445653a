"""The paper as one candidate sees it: the sealed rendering, its options in an order of their own."""

from __future__ import annotations

import hmac
from typing import Any

from exams.models import Attempt, PaperRendering


def paper_for(attempt: Attempt) -> dict[str, Any]:
    """The contract's document. Reads the rendering only: there is no key here to leak (invariant 6)."""
    document = PaperRendering.objects.get(paper=attempt.paper_id, language=attempt.language).document
    return {
        "language": document["language"],
        "sections": [
            {"title": section["title"], "positions": [_shown(position, attempt) for position in section["positions"]]}
            for section in document["sections"]
        ],
    }


def _shown(position: dict[str, Any], attempt: Attempt) -> dict[str, Any]:
    shown = {name: value for name, value in position.items() if name != "keep_option_order"}
    if "options" in shown and not position.get("keep_option_order"):
        shown["options"] = shuffled(shown["options"], attempt_uuid=str(attempt.uuid), position=position["position"])
    return shown


def shuffled(options: list[dict[str, str]], *, attempt_uuid: str, position: int) -> list[dict[str, str]]:
    """The options by a keyed hash: always the same for this attempt, unrelated to the order of any other."""
    key = f"{attempt_uuid}:{position}".encode()
    return sorted(options, key=lambda option: hmac.digest(key, option["id"].encode(), "sha256"))
