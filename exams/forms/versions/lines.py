"""The text of an option as its writer types it: one line with plain marks, or HTML where marks are not enough."""

from __future__ import annotations

from exams.markdown import line_html, line_text
from exams.wording import clean_html

# Said, not guessed: in a question about security `<img src=x onerror=…>` is as likely an option's words.
HTML = "html:"


def typed(markup: str) -> str:
    """What a writer edits so that `stored` gives this HTML again."""
    text = line_text(markup)
    return text if line_html(text) == markup else f"{HTML} {markup}"


def stored(text: str) -> str:
    """The HTML of what a writer typed, through the allow-list."""
    if text.strip().startswith(HTML):
        return clean_html(text.strip().removeprefix(HTML)).strip()
    return line_html(text)


def lines_of(text: str) -> list[str]:
    """The lines that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]
