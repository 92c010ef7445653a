"""What a roster's report says about its rows, in the reader's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

COLUMN_NAMES = {
    "email": _("e-mail address"),
    "full_name": pgettext_lazy("of a person", "name"),
    "given_name": _("given name"),
    "family_name": _("family name"),
    "external_id": _("student or staff number"),
    "language": _("language"),
}

OUTCOME_NAMES = {"add": _("add"), "change": _("change"), "skip": _("no change"), "error": _("error")}

MESSAGES = {
    "email_missing": _("The e-mail address is missing."),
    "email_invalid": _("“%(email)s” is not a valid e-mail address."),
    "name_missing": _("The name is missing."),
    "too_long": _("%(column)s: at most %(most)s characters are possible."),
    "cell_too_long": _("%(column)s: the cell holds more than %(most)s characters."),
    "control_character": _("%(column)s: the cell holds a control character. Type it again."),
    "formula": _("%(column)s: the cell holds a formula. Put its value there as text."),
    "formula_looking": _("%(column)s: “%(text)s” starts like a formula. Remove the first character."),
    "full_width": _("Full-width characters in “%(before)s” were read as ordinary ones."),
    "language_unknown": _("We do not write in “%(text)s”; the default language is used."),
    "duplicate_same": _("The same as line %(line)s."),
    "duplicate_differs": _("The same address as line %(line)s, with other details."),
    "number_twice": _("The number %(number)s is also on line %(line)s, with another address."),
    "number_taken": _("The number %(number)s already belongs to %(email)s in this cohort."),
    "invited_new": _("Will be invited."),
    "invited_again": _("Had left or was withdrawn; will be invited again."),
    "changed": _("%(column)s: “%(before)s” becomes “%(after)s”."),
    "filled": _("%(column)s: “%(after)s” is added."),
    "unchanged_invited": _("Already invited."),
    "unchanged_active": _("Already in the cohort."),
    "unchanged_expired": _("Already invited, but the invitation has expired: send it again from the cohort's page."),
}


def in_words(message: list[Any]) -> str:
    """One message of a report as a sentence."""
    code, facts = message
    if "column" in facts:
        facts = {**facts, "column": COLUMN_NAMES.get(facts["column"], facts["column"])}
    text = str(MESSAGES[code]) % facts
    return text[:1].upper() + text[1:]
