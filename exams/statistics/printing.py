"""The figures of a matrix as text for a terminal."""

from __future__ import annotations

from typing import Any


def as_text(found: dict[str, Any]) -> str:
    """A few lines about the paper, then a row per item."""
    lines = [f"Candidates {found['candidates']}, items {len(found['items'])}"]
    if found["ignored_columns"]:
        lines.append(f"Columns that are no items: {', '.join(found['ignored_columns'])}")
    if found["left_out"]:
        lines.append(f"Answers left out, counted as wrong: {found['left_out']}")
    paper = found["paper"]
    if "alpha" in paper:
        lines += [
            f"Mean {_number(paper['mean'])} of {_number(paper['most'], 0)}, standard deviation {_number(paper['deviation'])}",
            f"Alpha {_number(paper['alpha'])} (95 %: {_number(paper['alpha_low'])} to {_number(paper['alpha_high'])}), "
            f"standard error of measurement {_number(paper['error'])}",
        ]
    if found["consistency"]:
        share = found["consistency"]
        lines.append(
            f"At a cut of {share['cut']:g}: the same decision twice {_number(share['agreement'])}, "
            f"kappa {_number(share['kappa'])}, right decision {_number(share['accuracy'])}"
        )
    for name, model in found["models"].items():
        lines.append(f"{name}: log likelihood {_number(model['log_likelihood'])}, AIC {_number(model['aic'])}")
    lines += ["", *_table(found), "", *(refusal["sentence"] for refusal in found["refused"])]
    return "\n".join(lines).rstrip()


def _table(found: dict[str, Any]) -> list[str]:
    models = list(found["models"])
    header = ["item", "facility", "95 %", "discrimination", "95 %", "alpha without"]
    header += [f"{name} {letter}" for name in models for letter in ("a (SE)", "b (SE)")]
    rows = [header]
    for item in found["items"]:
        row = [
            str(item["name"]),
            _number(item["facility"]),
            _range(item["facility_low"], item["facility_high"]),
            _number(item["discrimination"]),
            _range(item["discrimination_low"], item["discrimination_high"]),
            _number(item["alpha_if_deleted"]),
        ]
        for name in models:
            row += [f"{_number(item[name][letter])} ({_number(item[name][f'{letter}_error'])})" for letter in ("a", "b")]
        rows.append(row)
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _number(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _range(low: float | None, high: float | None) -> str:
    return "–" if low is None or high is None else f"{low:.2f}…{high:.2f}"
