"""A whole report from arrays alone: groups, sittings, calibration, pictures, and what stays unsaid."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from exams.charts import item_map, letter_of, option_plot
from exams.presenting import presented, table_header, table_rows
from exams.statistics.answers import PaperAnswers
from exams.statistics.report import analyse_paper
from tests.exams.statistics.simulation import a_paper, drawn

ITEMS = 12


def answers(n: int, **changes: Any) -> PaperAnswers:
    """Right or wrong answers to twelve items, the last on trial; two languages, two sittings."""
    a, b = a_paper(ITEMS, seed=61)
    chinese = np.arange(n) % 5 < 2
    late = np.arange(n) >= n // 2
    theta = np.random.default_rng(62).normal(size=n)
    harder, easier = b.copy(), b.copy()
    harder[3] += 1.5
    easier[6] -= 1.8
    right = np.where(chinese[:, None], drawn(a, harder, theta, 63), drawn(a, b, theta, 64))
    right[late, 6] = drawn(a, easier, theta, 65)[late, 6]
    fields: dict[str, Any] = {
        "items": [
            {
                "position": position,
                "version_id": position,
                "version": str(position),
                "code": f"I-{position} v1",
                "type": "single_choice",
                "area": 1,
                "keys": [0],
                "options": 4,
            }
            for position in range(1, ITEMS + 1)
        ],
        "points": right,
        "most": np.ones(ITEMS),
        "scored": np.arange(ITEMS) < ITEMS - 1,
        "answered": np.ones((n, ITEMS), dtype=bool),
        "chosen": np.where(right == 1, 0, 1 + np.arange(n)[:, None] % 3),
        "seconds": np.full((n, ITEMS), 30.0),
        "languages": np.where(chinese, "zh-hans", "en").astype(object),
        "kinds": np.full(n, "none", dtype=object),
        "sittings": np.where(late, "autumn", "spring").astype(object),
        "cut_percent": 60.0,
    }
    return PaperAnswers(**{**fields, **changes})


def test_what_was_planted_is_found_and_the_rest_is_fit() -> None:
    heard: list[int] = []
    found = analyse_paper(answers(1500), tell=heard.append)

    assert json.loads(json.dumps(found)) == found  # plain values only
    assert heard == sorted(heard) and found["refused"] == []
    by_flag = {item["position"]: item["flags"] for item in found["items"] if item["flags"]}
    assert by_flag[4] == ["differs_between_groups_c"] and by_flag[7] == ["drifted"]
    assert {item["verdict"] for item in found["items"] if item["position"] not in by_flag} == {"fit"}
    assert found["groups"] == [{"by": "language", "reference": "en", "focal": "zh-hans", "sizes": [900, 600], "claimed": True}]
    assert found["drift"]["claimed"] and found["models"]["2PL"]["converged"]
    assert found["consistency"]["agreement"] > 0.6
    assert found["items"][11]["models"]["2PL"]["a"] is not None  # on trial, and calibrated with the rest


def test_small_groups_and_sittings_are_not_compared() -> None:
    found = analyse_paper(answers(150))

    assert [group["claimed"] for group in found["groups"]] == [False]
    assert found["drift"]["claimed"] is False and found["drift"]["sizes"] == [75, 75]
    assert all(item["groups"] == [] and item["drift"] is None for item in found["items"])
    assert list(found["models"]) == ["1PL"]


def test_a_small_last_sitting_does_not_hide_drift() -> None:
    sittings = np.array(["spring"] * 400 + ["autumn"] * 390 + ["late"] * 10, dtype=object)
    found = analyse_paper(answers(800, sittings=sittings))

    assert (found["drift"]["later"], found["drift"]["claimed"]) == ("autumn", True)


def test_partial_credit_stays_out_of_the_models() -> None:
    given = answers(300)
    given.points[:, 0] *= 2
    given.points[::7, 0] = 1
    given.most[0] = 2
    found = analyse_paper(given)

    assert found["models"]["2PL"]["items"] == ITEMS - 1
    assert found["items"][0]["models"] == {} and found["items"][0]["facility"] is not None
    assert "not_calibrated" not in found["items"][0]["flags"]


@pytest.mark.parametrize("n", [0, 1, 19])
def test_next_to_nobody(n: int) -> None:
    found = analyse_paper(answers(n))

    assert found["paper"] is None and {item["verdict"] for item in found["items"]} == {"unknown"}
    assert presented(found, shows_keys=True)["picture"] == ""
    assert len(list(table_rows(found))) == ITEMS


def test_everybody_right_breaks_nothing() -> None:
    found = analyse_paper(answers(50, points=np.ones((50, ITEMS))))

    assert found["paper"]["alpha"] is None and found["consistency"] is None
    assert found["items"][0]["facility"] == 1 and found["items"][0]["discrimination"] is None


def test_without_keys_no_option_reaches_the_page() -> None:
    found = analyse_paper(answers(60))

    assert presented(found, shows_keys=False)["with_options"] == []
    assert len(presented(found, shows_keys=True)["with_options"]) == ITEMS
    assert all(len(row) == len(table_header()) for row in table_rows(found))


def test_pictures_are_whole_named_and_without_style_or_script() -> None:
    found = analyse_paper(answers(60))
    for picture in (item_map(found["items"]), option_plot(found["items"][0])):
        root = ElementTree.fromstring(str(picture))  # noqa: S314 (our own picture)
        assert root.get("role") == "img" and root.get("aria-label")
        assert not [each for each in root.iter() if each.get("style") or each.tag == "script"]
    marks = [each for each in ElementTree.fromstring(str(item_map(found["items"]))) if each.tag in ("circle", "rect")]  # noqa: S314
    assert len(marks) == ITEMS
    assert [letter_of(option) for option in (0, 3, 26, -1)] == ["A", "D", "27", "–"]
