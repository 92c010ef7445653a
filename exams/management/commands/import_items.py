"""`import_items BANK FILE --format gift|aiken|moodlexml|qti|csv [--dry-run] [--json]` (docs/interchange.md)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Role, User
from common.errors import DomainError
from exams.actions.importing import ImportReport, import_items
from exams.interchange.formats import FORMATS
from exams.interchange.limits import MOST_BYTES
from exams.interchange.options import REFUSE, SKIP, ImportOptions
from exams.models import ItemBank
from exams.models.items import CognitiveLevel
from exams.queries.interchange import likely_competence


class Command(BaseCommand):
    help = "Import a file of items into a bank, as drafts: all of it or nothing. Exit 0 all imported, 1 refused."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("bank", help="Code of the bank.")
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", required=True, choices=list(FORMATS))
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen; store nothing.")
        parser.add_argument("--json", action="store_true", help="Print the report as JSON.")
        parser.add_argument("--language", default="en", help="Language of texts whose file does not say one.")
        parser.add_argument("--competence", default="", help="Code of the competence of items that name none.")
        parser.add_argument("--area", type=int, default=1, help="Content area of items that name none.")
        parser.add_argument("--level", default="apply", choices=CognitiveLevel.values, help="Likewise, cognitive level.")
        parser.add_argument("--skip-existing", action="store_true", help="Leave items whose code the bank has as they are.")
        parser.add_argument("--leave-out-refused", action="store_true", help="Import the others although some are refused.")
        parser.add_argument("--writer", default="", help="E-mail address of the item writer whose drafts they become.")

    def handle(self, *args: Any, **options: Any) -> None:
        bank = ItemBank.objects.filter(code=options["bank"]).first()
        if bank is None:
            raise CommandError(f"There is no bank {options['bank']}.")
        competence = options["competence"] or likely_competence(bank, options["area"])
        chosen = ImportOptions(
            language=options["language"],
            competence=competence,
            content_area=options["area"],
            cognitive_level=options["level"],
            existing=SKIP if options["skip_existing"] else REFUSE,
            leave_out_refused=options["leave_out_refused"],
        )
        try:
            report = import_items(
                bank,
                self._bytes(options["file"]),
                format=options["format"],
                options=chosen,
                by=None,
                written_by=self._writer(options["writer"]),
                file_name=options["file"].name,
                dry_run=options["dry_run"],
            )
        except DomainError as refusal:
            self._refuse(str(refusal.text), as_json=options["json"], dry_run=options["dry_run"])
        self._print(report, as_json=options["json"])
        if report.is_refused or (report.count("refused") and not options["leave_out_refused"]):
            sys.exit(1)

    def _bytes(self, file: Path) -> bytes:
        try:
            with file.open("rb") as opened:
                return opened.read(MOST_BYTES + 1)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error

    def _writer(self, email: str) -> User | None:
        """Drafts have to be somebody's to be edited; without a name, those of the first item writer there is."""
        if email:
            user = User.objects.filter(email__iexact=email).first()
            if user is None or not user.has_role(Role.ITEM_WRITER):
                raise CommandError(f"No item writer has the address {email}.")
            return user
        return next(
            (user for user in User.objects.filter(is_active=True).order_by("pk") if user.has_role(Role.ITEM_WRITER)), None
        )

    def _refuse(self, reason: str, *, as_json: bool, dry_run: bool) -> None:
        if not as_json:
            raise CommandError(reason)
        counts = {"kept": 0, "changed": 0, "refused": 0, "imported": 0}
        answer = {"imported": False, "dry_run": dry_run, "counts": counts, "notes": [], "items": [], "error": reason}
        self.stdout.write(json.dumps(answer, ensure_ascii=False))
        sys.exit(1)

    def _print(self, report: ImportReport, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False))
            return
        for line in report.lines:
            self.stdout.write(f"{line['status']:8} {line['at']}  {line['code']}  {line['type']}  {line['title']}")
            for note in [*line["notes"], *line["warnings"]]:
                self.stdout.write(f"         {note}")
        for note in report.notes:
            self.stdout.write(f"file     {note}")
        counts = ", ".join(f"{report.count(status)} {status}" for status in ("kept", "changed", "refused"))
        end = f"{report.imported_count} imported." if report.imported else "Nothing was stored."
        self.stdout.write(f"{counts}. {end}")
