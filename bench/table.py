"""One table for all lines, and the same as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Line:
    """`ratio` of what was measured to its limit, and the target it is held against: at most, or at least."""

    area: str
    what: str
    measured: str
    limit: str
    ratio: float
    target: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        return self.ratio >= self.target if self.at_least else self.ratio <= self.target

    @property
    def wanted(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.target:g}"


def as_json(lines: list[Line]) -> str:
    return json.dumps([{**asdict(line), "ratio": round(line.ratio, 3), "holds": line.holds} for line in lines], indent=2)


def as_text(lines: list[Line]) -> str:
    rows = [("", "what", "measured", "limit", "ratio", "target", "")]
    for line in lines:
        verdict = "holds" if line.holds else "MISSED"
        rows.append((line.area, line.what, line.measured, line.limit, f"{line.ratio:.2f}", line.wanted, verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
