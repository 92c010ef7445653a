"""The mail of a demonstration, read from the files it is kept in: nothing leaves the machine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import cast

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SEPARATOR = b"-" * 79
# Only what an address may hold: Chinese words follow one without a space, and are not part of it.
ADDRESS = re.compile(r"(https?://[!-~]+)")


@dataclass(frozen=True)
class Letter:
    """One mail as its reader sees it."""

    to: str
    subject: str
    sent_at: datetime
    text: str

    @property
    def html(self) -> SafeString:
        """The text with its addresses as links, line by line."""
        return format_html_join(
            "",
            "{}",
            ((_linked(part) if number % 2 else part,) for number, part in enumerate(ADDRESS.split(self.text))),
        )


def _linked(address: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, address)


def is_open() -> bool:
    """Only a demonstration has a mailbox, and only while its mail goes to files."""
    return settings.DEMO and not settings.PRODUCTION and settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")


def _letter(raw: bytes) -> Letter | None:
    message = cast(EmailMessage, message_from_bytes(raw.strip(), policy=policy.default))
    if not message["Date"]:
        return None
    body = message.get_body(preferencelist=("plain",))
    return Letter(
        to=str(message["To"]),
        subject=str(message["Subject"]),
        sent_at=parsedate_to_datetime(str(message["Date"])),
        text=body.get_content() if body else "",
    )


def latest_letters(*, to: str = "", most: int = 50) -> list[Letter]:
    """The newest letters first, at most `most`, from at most 200 files; `to` filters by part of the address."""
    folder = Path(settings.EMAIL_FILE_PATH)
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)[:200] if folder.exists() else []
    letters = [
        letter for file in files for raw in file.read_bytes().split(SEPARATOR) if raw.strip() if (letter := _letter(raw))
    ]
    chosen = [letter for letter in letters if to.lower() in letter.to.lower()]
    return sorted(chosen, key=lambda letter: letter.sent_at, reverse=True)[:most]
