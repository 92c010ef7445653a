"""What stands between a score and its release, and after it: board records, re-marks, appeals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class NothingHeld(DomainError):
    code = "nothing_held"
    message = _("No result of this sitting waits for release.")


class OwnResult(DomainError):
    code = "own_result"
    status = 403
    message = _("You are a candidate yourself here, so this is for others to decide.")


class RecordMoved(DomainError):
    """The record is not where this act belongs, or what it covers has changed; the sentence says which."""

    code = "record_moved"
    message = _("The results have changed since this record was drafted. Draw it up again, then sign it.")


class RemarkInvalid(DomainError):
    code = "remark_invalid"
    message = _("This correction cannot be made.")


class RemarkMoved(DomainError):
    """What the dry run found is no longer so, or the re-mark is not where this act belongs."""

    code = "remark_moved"
    message = _("Something has changed since the dry run. Run it again and look at what it finds, then commit.")


class AppealTooLate(DomainError):
    code = "appeal_too_late"
    message = _("The time for an appeal against this result is over.")


class AppealNotPossible(DomainError):
    code = "appeal_not_possible"
    message = _("An appeal against this result was made already.")


class AppealMoved(DomainError):
    code = "appeal_moved"
    message = _("This appeal is no longer waiting for that: look at where it stands now.")


class TookPart(DomainError):
    code = "took_part"
    status = 403
    message = _("You released, signed, marked or supervised this result, so somebody else decides the appeal.")
