"""Marking by people. Nothing here may tell a marker whose answer it is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class MarkIncomplete(DomainError):
    code = "mark_incomplete"
    status = 400
    message = _("Give every criterion its points before you hand in. A draft may have gaps.")


class MarkHandedIn(DomainError):
    code = "mark_handed_in"
    message = _("You have handed in this mark, and a mark that was handed in never changes.")


class MayNotMark(DomainError):
    """One sentence for every reason: a marker who learns which one it is learns whose answer it is."""

    code = "may_not_mark"
    status = 403
    message = _("Somebody else has to mark this answer. Tell the administrator its script number.")


class MarkingRuleFixed(DomainError):
    code = "marking_rule_fixed"
    message = _(
        "Answers to this exam are being written or marked right now. The rule can change when all of them have their result."
    )
