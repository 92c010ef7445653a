"""`python -m bench [--json] [--only AREA] [--seconds N]`: one table, or JSON.

An area is a module of this package with `measure(seconds) -> list[Line]`; name it in AREAS to add one.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from importlib.util import find_spec

from bench.table import Line, as_json, as_text

AREAS = ("saves", "sitting", "certificates", "statistics", "assembly", "items", "bank")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    parser.add_argument("--only", choices=AREAS, help="measure one area")
    parser.add_argument("--seconds", type=float, default=6, help="how long each load runs (6)")
    options = parser.parse_args()
    lines: list[Line] = []
    for area in [options.only] if options.only else [area for area in AREAS if find_spec(f"bench.{area}")]:
        print(f"measuring {area} …", file=sys.stderr)
        lines += import_module(f"bench.{area}").measure(options.seconds)
    print(as_json(lines) if options.json else as_text(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
