"""The texts of GIFT: escapes, formats and weights, and how a text of each format becomes HTML."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape

from exams.interchange.texts import block_of, line_of
from exams.markdown import block_html, line_html

# Escaped characters wait as control characters, which no file may hold (limits.text_of).
ESCAPED = dict(zip("\\~=#{}:n", "\x01\x02\x03\x04\x05\x06\x07\x08", strict=True))
_ESCAPE = re.compile(r"\\([\\~=#{}:n])")
_LITERAL = str.maketrans({waiting: "\n" if sign == "n" else sign for sign, waiting in ESCAPED.items()})
_FORMAT = re.compile(r"\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_TO_ESCAPE = str.maketrans({**{sign: f"\\{sign}" for sign in "\\~=#{}:"}, "\n": "\\n"})


def escaped(text: str) -> str:
    """A file's text with every escaped character out of the way."""
    return _ESCAPE.sub(lambda match: ESCAPED[match[1]], text)


def to_escape(text: str) -> str:
    """A text as the file has to spell it, on one line."""
    return text.translate(_TO_ESCAPE)


def literal(text: str) -> str:
    """The text with its escaped characters back."""
    return text.translate(_LITERAL).strip()


def format_of(text: str, default: str) -> tuple[str, str]:
    """The format a text says it has, and the text without that."""
    found = _FORMAT.match(text.lstrip())
    return (found[1].lower(), text.lstrip()[found.end() :]) if found else (default, text)


def html_of(text: str, markup: str, *, line: bool = False) -> str:
    """A text of that format as HTML. Moodle's own format is HTML in which a line end is a break."""
    plain = literal(text)
    if not plain or markup == "html":
        return plain
    if markup == "markdown":
        return line_html(plain) if line else block_html(plain)
    plain = re.sub(r"\n[ \t]+", "\n", plain)
    if markup == "plain" or "<" not in plain:
        # A character reference is what it stands for, except in plain text.
        words = plain if markup == "plain" else unescape(plain)
        return line_of(words) if line else block_of(words)
    return plain.replace("\n", "<br>") if line else f"<p>{plain.replace(chr(10), '<br>')}</p>"


def percent_of(text: str) -> tuple[Decimal | None, str]:
    """The weight in front of an answer, `%50%` or `%-33.3%`, and the answer."""
    found = re.match(r"\s*%(-?[0-9]{1,3}(?:\.[0-9]*)?)%", text)
    return (Decimal(found[1]), text[found.end() :]) if found else (None, text)
