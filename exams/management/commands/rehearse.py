"""Let an operator, or any other program, drive synthetic candidates through the real thing."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.errors import DomainError
from exams.actions.rehearsal import clean_rehearsal, open_rehearsal
from exams.models import Exam, Sitting


class Command(BaseCommand):
    help = "Open a rehearsal sitting with synthetic candidates, or remove one without a trace."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--exam", metavar="CODE", help="The exam to rehearse.")
        parser.add_argument("--candidates", type=int, default=10, metavar="N", help="How many candidates (10).")
        parser.add_argument("--minutes", type=int, default=60, metavar="M", help="How long each may sit (60).")
        parser.add_argument("--clean", metavar="SITTING", help="Remove this rehearsal sitting and every row it made.")
        parser.add_argument("--json", action="store_true", help="Print JSON and nothing else.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["clean"]:
                self.clean(options["clean"], as_json=options["json"])
            else:
                self.open(options)
        except DomainError as refusal:
            raise CommandError(str(refusal.text)) from refusal

    def open(self, options: dict[str, Any]) -> None:
        exam = Exam.objects.filter(code=options["exam"]).first()
        if exam is None:
            codes = ", ".join(Exam.objects.values_list("code", flat=True)) or "none"
            raise CommandError(f"--exam should be the code of an exam. There is: {codes}.")
        if options["candidates"] < 1 or options["minutes"] < 1:
            raise CommandError("--candidates and --minutes should be at least 1.")
        sitting, password = open_rehearsal(exam, candidates=options["candidates"], minutes=options["minutes"])
        registrations = sitting.registrations.select_related("candidate").order_by("pk")
        candidates = [
            {"email": row.candidate.email, "password": password, "registration": str(row.uuid)} for row in registrations
        ]
        self.stdout.write(
            json.dumps({"sitting": sitting.code, "candidates": candidates}, indent=None if options["json"] else 2)
        )
        if not options["json"]:
            self.stderr.write(f"Remove it afterwards: manage.py rehearse --clean {sitting.code}")

    def clean(self, code: str, *, as_json: bool) -> None:
        sitting = Sitting.objects.filter(code=code, is_rehearsal=True).first()
        if sitting is None:
            raise CommandError(f"There is no rehearsal sitting {code}. A real sitting is never removed.")
        candidates = sitting.registrations.count()
        clean_rehearsal(sitting)
        answer = {"removed": code, "candidates": candidates}
        self.stdout.write(json.dumps(answer) if as_json else f"Removed {code} and its {candidates} candidates.")
