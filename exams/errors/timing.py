"""Breaks, added time, and sitting an exam again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class NoBreakLeft(DomainError):
    code = "no_break_left"
    message = _("There are no minutes of break left in this exam.")


class TimeNotGrantable(DomainError):
    """The message says what does not fit."""

    code = "time_not_grantable"
    message = _("This time cannot be added like this.")


class RetakeRefused(DomainError):
    """A person may not sit this exam (yet); an exception granted by an administrator lifts it."""

    code = "retake_refused"
    message = _("You cannot sit this exam again now.")


class AlreadyPassed(RetakeRefused):
    code = "already_passed"
    message = _("You have passed this exam, so you need not sit it again. To renew a certificate, ask for recertification.")


class ResultToCome(RetakeRefused):
    code = "result_to_come"
    message = _("You have sat this exam and your result is still to come. Until it is there, you cannot sit it again.")


class RetakeTooSoon(RetakeRefused):
    """`may_sit_from` says when, in UTC."""

    code = "retake_too_soon"


class PaperSeenBefore(RetakeRefused):
    """`percent` of the paper's questions were in papers this person has sat."""

    code = "paper_seen_before"


class RetakeRulesInvalid(DomainError):
    code = "retake_rules_invalid"
    message = _("These retake rules do not fit together.")
