"""Published data and what others made of it: LSAT 6 (Bock and Lieberman 1970) and Moodle's own quiz statistics."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command

from exams.statistics.calibration import one_parameter, two_parameter
from exams.statistics.classical import classical, efficiency
from exams.statistics.reading import read_matrix

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("INTEROP_FIXTURES") or PROJECT.parent / "shared" / "fixtures") / "psychometrics"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no folder {FOLDER}: set INTEROP_FIXTURES to the fixtures")

# The tolerances of the published figures: classical ones are exact, those of the models are printed to four digits and
# were made with other quadratures (21 Gauss-Hermite nodes there, 31 even ones here).
CLASSICAL, MODEL, LOG_LIKELIHOOD, STANDARD_ERROR = 1e-6, 0.01, 0.05, 0.01


def expected(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / name).read_text())


def close(found: Any, wanted: Any, tolerance: float) -> None:
    np.testing.assert_allclose(np.asarray(found, float), np.asarray(wanted, float), rtol=0, atol=tolerance)


def test_lsat_6_classical() -> None:
    published = expected("lsat6_expected.json")["ctt"]
    found = classical(read_matrix(FOLDER / "lsat6.csv").counted)

    paper, items = found.paper, found.items
    close(
        [paper.candidates, paper.items, paper.mean, paper.deviation, paper.alpha, paper.error, paper.kr21],
        [published[name] for name in ("n", "items", "mean", "sd", "alpha", "sem", "kr21")],
        CLASSICAL,
    )
    for field, name in (
        ("facility", "p"),
        ("point_biserial", "point_biserial"),
        ("discrimination", "point_biserial_corrected"),
        ("alpha_if_deleted", "alpha_if_deleted"),
    ):
        close(getattr(items, field), [item[name] for item in published["item"]], CLASSICAL)


def test_lsat_6_two_parameters() -> None:
    published = expected("lsat6_expected.json")["irt"]["2PL"]
    found = two_parameter(read_matrix(FOLDER / "lsat6.csv").counted)

    assert found.converged and found.estimable.all()
    close(found.a, published["a"], MODEL)
    close(found.b, published["b"], MODEL)
    close(found.log_likelihood, published["logLik"], LOG_LIKELIHOOD)
    # Standard errors as printed by R's ltm for the same model (Rizopoulos 2006, section 4).
    close(found.a_error, [0.2581, 0.1867, 0.2326, 0.1852, 0.2100], STANDARD_ERROR)
    close(found.b_error, [0.8669, 0.3073, 0.0997, 0.4341, 0.8700], STANDARD_ERROR)


@pytest.mark.parametrize(("model", "slope"), [("1PL common slope", None), ("Rasch a=1", 1.0)])
def test_lsat_6_one_parameter(model: str, slope: float | None) -> None:
    published = expected("lsat6_expected.json")["irt"][model]
    found = one_parameter(read_matrix(FOLDER / "lsat6.csv").counted, slope=slope)

    close(found.a, np.full(5, published.get("a", slope)), MODEL)
    close(found.b, published["b"], MODEL)
    close(found.log_likelihood, published["logLik"], LOG_LIKELIHOOD)


def test_lsat_6_by_the_command() -> None:
    published = expected("lsat6_expected.json")
    out = io.StringIO()
    call_command("analyse_responses", FOLDER / "lsat6.csv", json=True, stdout=out)
    found = json.loads(out.getvalue())

    assert (found["candidates"], len(found["items"]), found["refused"]) == (1000, 5, [])
    close(found["paper"]["alpha"], published["ctt"]["alpha"], CLASSICAL)
    close([item["facility"] for item in found["items"]], [item["p"] for item in published["ctt"]["item"]], CLASSICAL)
    close([item["2PL"]["a"] for item in found["items"]], published["irt"]["2PL"]["a"], MODEL)
    close([item["2PL"]["b"] for item in found["items"]], published["irt"]["2PL"]["b"], MODEL)


def test_moodles_partial_marks() -> None:
    published = expected("moodle_25x7_expected.json")
    points = read_matrix(FOLDER / "moodle_25x7.csv", ignore=["total"], marks=True).counted
    items = classical(points).items

    for found, name in (
        (items.facility, "facility"),
        (items.deviation, "sd"),
        (100 * items.discrimination, "discriminationindex"),
        (100 * efficiency(points), "discriminativeefficiency"),
    ):
        close(found, [item[name] for item in published["items"]], published["tolerance"])
