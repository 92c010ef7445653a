"""What the way of an item from draft to rest refuses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class CommentsOpen(DomainError):
    """`count` comments are open."""

    code = "comments_open"
    message = _("Comments on this version are still open. Settle them first.")


class NotYourComment(DomainError):
    code = "not_your_comment"
    status = 403
    message = _("A comment is settled by whoever wrote it, by the writer of the version, or by an administrator.")


class CommentSettled(DomainError):
    code = "comment_settled"
    message = _("This comment is settled already.")


class MoveNotPossible(DomainError):
    code = "move_not_possible"
    message = _("From its present state this version cannot go there.")


class RuleInvalid(DomainError):
    code = "rule_invalid"
    status = 400
    message = _("A rule of rest needs a number of candidates and a number of days, both at least 1.")
