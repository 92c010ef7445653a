"""Sections of a run, late answers, practice."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class SectionClosed(DomainError):
    """`section` is its number in the paper."""

    code = "section_closed"
    message = _("This part of the exam is not open: it was not begun yet, it was left, or its time is over.")


class SectionRulesInvalid(DomainError):
    code = "section_rules_invalid"
    message = _("These section rules do not fit the blueprint.")


class LateNotTaken(DomainError):
    """The message says why."""

    code = "late_not_taken"
    message = _("These answers cannot be handed to the exam office.")


class LateDecided(DomainError):
    code = "late_decided"
    message = _("These late answers have been decided on already.")
