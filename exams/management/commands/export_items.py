"""`export_items BANK --format gift|aiken|moodlexml|qti|qti3|csv --output FILE` (docs/interchange.md)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from exams.actions.exporting import export_items
from exams.interchange.formats import FORMATS
from exams.models import ItemBank


class Command(BaseCommand):
    help = "Export a bank's items, the newest version of each. Exit 0 all written, 1 when the format cannot carry some."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("bank", help="Code of the bank.")
        parser.add_argument("--format", required=True, choices=list(FORMATS))
        parser.add_argument("--output", required=True, type=Path)
        parser.add_argument(
            "--language", action="append", choices=[code for code, _name in settings.LANGUAGES], help="Only this language."
        )
        parser.add_argument("--json", action="store_true", help="Print the report as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        bank = ItemBank.objects.filter(code=options["bank"]).first()
        if bank is None:
            raise CommandError(f"There is no bank {options['bank']}.")
        written = export_items(bank, format=options["format"], by=None, languages=options["language"] or ())
        try:
            options["output"].write_bytes(written.data)
        except OSError as error:
            raise CommandError(f"{options['output']} cannot be written: {error.strerror}.") from error
        lines = [entry.line() for entry in written.entries]
        refused = [line for line in lines if line["status"] == "refused"]
        if options["json"]:
            self.stdout.write(json.dumps({"written": len(lines) - len(refused), "items": lines}, ensure_ascii=False))
        else:
            for line in lines:
                if line["notes"]:
                    self.stdout.write(f"{line['status']:8} {line['code']}  {' '.join(line['notes'])}")
            self.stdout.write(f"{len(lines) - len(refused)} written to {options['output']}, {len(refused)} left out.")
        if refused:
            sys.exit(1)
