"""What we refuse. One middleware turns a refusal into a page in words or into JSON."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A refusal: what happened and what to do, in words for the person in front of the screen.

    `code` is stable and for programs, `status` is the HTTP status, `extra` goes into the JSON answer.
    """

    code = "refused"
    status = 409
    message: Any = ""  # text, or text to be translated

    def __init__(self, message: str = "", **extra: Any) -> None:
        self.text = message or self.message
        self.extra = extra
        super().__init__(str(self.text))

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "message": str(self.text), **self.extra}


class NotPermitted(DomainError):
    """The person is known, the thing may be seen, but this act is not theirs."""

    code = "not_permitted"
    status = 403


class InvalidInput(DomainError):
    """What was sent cannot be used; `message` says what is wrong and what to do."""

    code = "invalid_input"
    status = 400


class StillInUse(DomainError):
    """Deleting would leave others pointing at nothing; the database said no."""

    code = "still_in_use"
    message = _("This is still used elsewhere, so it cannot be deleted. Change what uses it first.")
