"""The statistics of any matrix of answers: the same code that analyses our own papers, so that anybody can check it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.errors import DomainError


class Command(BaseCommand):
    help = "Analyse a CSV of answers: a row per candidate, a column per item, 1 right and 0 wrong, a header with names."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE.csv", type=Path, help="The matrix, separated by comma, semicolon or tab.")
        parser.add_argument("--json", action="store_true", help="Print JSON and nothing else.")
        parser.add_argument("--cut", type=float, metavar="POINTS", help="The raw score that passes: adds decision consistency.")
        parser.add_argument("--ignore", action="append", default=[], metavar="COLUMN", help="A column that is no item.")
        parser.add_argument("--marks", action="store_true", help="Cells may be parts of a point, between 0 and 1.")

    def handle(self, *args: Any, **options: Any) -> None:
        # numpy and scipy are loaded by this command, not by every manage.py.
        from exams.statistics.printing import as_text
        from exams.statistics.reading import read_matrix
        from exams.statistics.summary import analyse

        try:
            matrix = read_matrix(options["file"], ignore=options["ignore"], marks=options["marks"])
        except DomainError as refusal:
            raise CommandError(str(refusal.text)) from refusal
        cut = options["cut"]
        if cut is not None and not 0 < cut <= len(matrix.items):
            raise CommandError(f"--cut should be above 0 and at most {len(matrix.items)}, the points of this paper.")
        found = analyse(matrix, cut=cut)
        self.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) if options["json"] else as_text(found))
