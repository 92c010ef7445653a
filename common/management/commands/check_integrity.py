"""`manage.py check_integrity [--json]`: are the invariants kept, and if not, by which rows are they broken."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.module_loading import autodiscover_modules

from common.integrity import run_checks


class Command(BaseCommand):
    help = "Checks the invariants of docs/architecture.md on the stored rows. Exit 1 and the rows when one is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs: ok, and every check with the rows it found")

    def handle(self, *args: Any, **options: Any) -> None:
        autodiscover_modules("integrity")
        answers = run_checks()
        is_whole = not any(answer["rows"] for answer in answers)
        if options["json"]:
            self.stdout.write(json.dumps({"ok": is_whole, "invariants": answers}, ensure_ascii=False, indent=2, default=str))
        else:
            self._tell(answers)
        if not is_whole:
            raise SystemExit(1)

    def _tell(self, answers: list[dict[str, Any]]) -> None:
        for answer in answers:
            rows = answer["rows"]
            verdict = self.style.ERROR(f"{len(rows)} broken") if rows else self.style.SUCCESS("kept")
            self.stdout.write(f"{answer['invariant']:>2}. {answer['check']}: {verdict}")
            for row in rows:
                self.stdout.write(f"      {row['row']}: {row['problem']}")
        broken = sum(1 for answer in answers if answer["rows"])
        self.stdout.write(f"{len(answers)} checks, {broken} broken.")
