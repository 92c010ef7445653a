"""When an exam is sat on paper."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class SitsOnPaper(DomainError):
    code = "sits_on_paper"
    message = _("This exam is being sat on paper, so it cannot be started here. Ask the invigilator.")


class SheetNotPossible(DomainError):
    """No sheet can be opened, keyed in or settled as asked; the sentence says why."""

    code = "sheet_not_possible"
    message = _("This answer sheet cannot be opened.")


class AnswersUnreadable(DomainError):
    """`problems` is a sentence by position."""

    code = "answers_unreadable"
    message = _("Some answers cannot be read. Look at the questions named.")


class NotOnPaper(DomainError):
    code = "not_on_paper"
    message = _("This paper has questions that cannot be answered on paper.")
