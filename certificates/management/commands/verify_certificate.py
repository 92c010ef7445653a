"""manage.py verify_certificate FILE.pdf [--json]: is this file one we issued, and how does its certificate stand?

Exit 0 valid, 1 not valid, 2 could not check.
"""

from __future__ import annotations

import hashlib
import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import translation

from certificates.queries import Answer, answer_for, find_by_document

VALID, NOT_VALID, COULD_NOT_CHECK = 0, 1, 2


class Command(BaseCommand):
    help = "Compare a PDF with the register by its SHA-256. Exit 0: valid; 1: not valid; 2: could not check."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the PDF")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["file"].open("rb") as pdf:
                sha256 = hashlib.file_digest(pdf, "sha256").hexdigest()
            certificate = find_by_document(sha256)
            answer = answer_for(certificate) if certificate else None
            said = answer.as_json() if answer else None
        except (OSError, DatabaseError) as error:
            self._could_not_check(error, as_json=options["json"])
        else:
            self._tell(sha256, answer, said, as_json=options["json"])
            sys.exit(VALID if answer and answer.is_valid else NOT_VALID)

    def _tell(self, sha256: str, answer: Answer | None, said: dict[str, Any] | None, *, as_json: bool) -> None:
        outcome = "valid" if answer and answer.is_valid else "not_valid"
        if as_json:
            facts = {"outcome": outcome, "sha256": sha256, "issued_by_us": answer is not None, "certificate": said}
            self.stdout.write(json.dumps(facts, ensure_ascii=False))
            return
        if answer is None:
            self.stdout.write(f"NOT VALID: this file is not one we issued, byte for byte (SHA-256 {sha256}).")
            return
        with translation.override("en"):
            word = "VALID" if answer.is_valid else f"NOT VALID ({answer.status_label})"
        self.stdout.write(f"{word}: {answer.certificate.serial}, {answer.claims['holder']}, {answer.claims['scheme']}")
        self.stdout.write(f"valid until {answer.certificate.valid_until}; the file is the one we issued")

    def _could_not_check(self, error: Exception, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"outcome": "could_not_check", "error": type(error).__name__}))
        self.stderr.write(f"Could not check: {type(error).__name__}. This says nothing about the certificate.")
        sys.exit(COULD_NOT_CHECK)
