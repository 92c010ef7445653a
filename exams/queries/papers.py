"""The paper as one candidate sees it: the sealed rendering, its options in an order of their own."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from exams.models import Attempt, PaperRendering


def paper_for(attempt: Attempt, run: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """The contract's document. Reads the rendering only: there is no key here to leak (invariant 6).

    `run` is how the sections of this attempt stand (exams.actions.sections), empty without section rules: only what
    stands in open ones is served, of the rest the numbers of the positions.
    """
    document = PaperRendering.objects.get(paper=attempt.paper_id, language=attempt.language).document
    sections = [
        {"title": section["title"], "positions": [_shown(position, attempt) for position in section["positions"]]}
        for section in document["sections"]
    ]
    shown = {"language": document["language"], "sections": sections}
    shown |= {"stimuli": document["stimuli"]} if "stimuli" in document else {}
    return _only_open(shown, run) if run else shown


def _only_open(shown: dict[str, Any], run: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    sections = []
    for section, standing in zip(shown["sections"], run, strict=True):
        positions = section["positions"]
        if standing["status"] != "open":
            positions = [{"position": position["position"], "withheld": True} for position in positions]
        sections.append(
            {**section, "positions": positions, "navigation": standing["navigation"], "minutes": standing["minutes"]}
        )
    used = {position.get("stimulus") for section in sections for position in section["positions"]}
    stimuli = {name: text for name, text in shown.get("stimuli", {}).items() if name in used}
    return {**shown, "sections": sections} | ({"stimuli": stimuli} if "stimuli" in shown else {})


def _shown(position: dict[str, Any], attempt: Attempt) -> dict[str, Any]:
    """Options, the right side of a matching and the options of gaps, each list in an order of this attempt's own.
    The left side of a matching stands as written: its order says nothing."""
    shown = {name: value for name, value in position.items() if name != "keep_option_order"}
    if position.get("keep_option_order"):
        return shown
    mixed = partial(shuffled, attempt_uuid=str(attempt.uuid), position=position["position"])
    for name in ("options", "right"):
        if name in shown:
            shown[name] = mixed(shown[name])
    if "gaps" in shown:
        shown["gaps"] = [{**gap, "options": mixed(gap["options"])} if "options" in gap else gap for gap in shown["gaps"]]
    return shown


def shuffled(options: list[dict[str, str]], *, attempt_uuid: str, position: int) -> list[dict[str, str]]:
    """The options by a keyed hash: always the same for this attempt, unrelated to the order of any other."""
    key = f"{attempt_uuid}:{position}".encode()
    return sorted(options, key=lambda option: hmac.digest(key, option["id"].encode(), "sha256"))
