"""The exam room, its registrations and what candidates send."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class InvalidResponse(DomainError):
    """The body of a save is not an answer to this position."""

    code = "invalid_response"
    status = 400
    message = _("This answer could not be read. Reload the page; what was saved stays saved.")


class TokenInvalid(DomainError):
    """No token, a forged or expired one, or its login has ended."""

    code = "token_invalid"
    status = 401
    message = _("Your login has ended. Log in again to go on; your answers are kept on this device.")


class StaleSave(DomainError):
    code = "stale_save"
    message = _("A newer answer is already saved for this question.")


class LoginRequired(DomainError):
    code = "login_required"
    status = 401
    message = _("Log in to go on.")


class AttemptClosed(DomainError):
    code = "attempt_closed"
    message = _("This exam is closed: it was handed in, or its time is over.")


class AttemptPaused(DomainError):
    code = "attempt_paused"
    message = _("This exam is paused and the clock stands still. Wait for the invigilator.")


class LeaseMoved(DomainError):
    code = "lease_moved"
    message = _("This exam was opened in another place. To write here, choose “Continue here”.")


class TooManySaves(DomainError):
    code = "too_many_saves"
    status = 429
    message = _("Too many answers at once. They are sent again by themselves.")


class BodyTooLarge(DomainError):
    code = "too_large"
    status = 413
    message = _("This answer is too long to be stored.")


class FileRefused(DomainError):
    """A picture, a candidate's file or a file of items that is not stored; the message says why."""

    code = "file_refused"
    status = 400
    message = _("This file cannot be stored.")


class FileTooLarge(DomainError):
    code = "file_too_large"
    status = 413
    message = _("This file is too large.")


class StimulusFrozen(DomainError):
    code = "stimulus_frozen"
    message = _("An item about this case is live, so its words can no longer be changed. Write another case instead.")


class Unavailable(DomainError):
    code = "unavailable"
    status = 503
    message = _("The answer could not be stored just now. It is kept on this device and sent again by itself.")


class NotFound(DomainError):
    code = "not_found"
    status = 404
    message = _("There is nothing here, or it is not yours.")


class SittingNotOpen(DomainError):
    code = "sitting_not_open"
    message = _("This sitting has not opened yet.")


class SittingClosed(DomainError):
    code = "sitting_closed"
    message = _("This sitting is over.")


class SittingCancelled(DomainError):
    code = "sitting_cancelled"
    message = _("This sitting was cancelled. Choose another one.")


class SittingFull(DomainError):
    code = "sitting_full"
    message = _("All places of this sitting are taken. Choose another one.")


class SittingForPartner(DomainError):
    code = "sitting_for_partner"
    message = _("This sitting is for the people of one partner only.")


class QuotaUsedUp(DomainError):
    code = "quota_used_up"
    message = _("Your institution's agreement has no exam places left. Ask the person who manages it.")


class NoCurrentAgreement(DomainError):
    code = "no_current_agreement"
    message = _("Your institution has no agreement in force today. Ask the person who manages it.")


class RegistrationCancelled(DomainError):
    code = "registration_cancelled"
    message = _("This registration was cancelled.")


class AlreadyStarted(DomainError):
    code = "already_started"
    message = _("This exam has already been started.")


class LanguageNotOffered(DomainError):
    code = "language_not_offered"
    message = _("This paper is not offered in that language.")


class RulesNotAcknowledged(DomainError):
    code = "rules_not_acknowledged"
    status = 400
    message = _("Read the exam rules and tick the box before you start.")


class IllegalMove(DomainError):
    code = "illegal_move"
    message = _("The exam is not in a state that allows this.")


class AttemptStillOpen(DomainError):
    code = "attempt_still_open"
    message = _("This exam is still being sat; it can be scored when it is closed.")


class AwaitsMarking(DomainError):
    """`positions` lists the answers that a person has to mark first."""

    code = "awaits_marking"
    message = _("Answers of this exam still have to be marked by people; it is scored when they are.")


class PaperNotSealable(DomainError):
    code = "paper_not_sealable"
    message = _("This paper cannot be sealed yet.")


class PaperNotSealed(DomainError):
    code = "paper_not_sealed"
    message = _("Only a sealed paper can be sat.")


class SittingRuns(DomainError):
    code = "sitting_runs"
    message = _("Candidates are sitting this exam right now. Rehearse when they have finished.")
