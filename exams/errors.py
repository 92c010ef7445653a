"""What exams refuses: what happened and what to do, for the person in front of the screen."""

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


class PaperNotSealable(DomainError):
    code = "paper_not_sealable"
    message = _("This paper cannot be sealed yet.")


class PaperNotSealed(DomainError):
    code = "paper_not_sealed"
    message = _("Only a sealed paper can be sat.")


class SittingRuns(DomainError):
    code = "sitting_runs"
    message = _("Candidates are sitting this exam right now. Rehearse when they have finished.")


# --- The item bank, papers and sittings ---------------------------------------------------------


class NotYourBank(DomainError):
    code = "not_your_bank"
    status = 403
    message = _("Only people with the right role may do this in the item bank.")


class NotYourDraft(DomainError):
    code = "not_your_draft"
    status = 403
    message = _("Only the person who writes a draft changes it. Ask the writer, or write a new version later.")


class VersionFrozen(DomainError):
    code = "version_frozen"
    message = _("This version can no longer be changed. Write a new version instead.")


class VersionInWork(DomainError):
    code = "version_in_work"
    message = _("A version of this item is already in work. Finish or discard it first.")


class ItemIncomplete(DomainError):
    """`problems` lists what is missing, one sentence each."""

    code = "item_incomplete"
    message = _("This version is not complete yet.")


class CodeTaken(DomainError):
    code = "code_taken"
    message = _("This code is already in use. Choose another one.")


class NotInReview(DomainError):
    code = "not_in_review"
    message = _("This version is not waiting for review.")


class AuthorCannotApprove(DomainError):
    code = "author_cannot_approve"
    status = 403
    message = _("You wrote this version, so somebody else has to review it.")


class CommentMissing(DomainError):
    code = "comment_missing"
    status = 400
    message = _("Write a comment, so that the writer knows what to change.")


class NotApproved(DomainError):
    code = "not_approved"
    message = _("Only an approved version can be retired.")


class BlueprintInvalid(DomainError):
    code = "blueprint_invalid"
    status = 400
    message = _("The numbers of this blueprint do not add up.")


class TooFewItems(DomainError):
    """`shortages` lists each gap, one sentence each."""

    code = "too_few_items"
    message = _("The bank has too few items for this paper.")


class PaperInUse(DomainError):
    code = "paper_in_use"
    message = _("This paper belongs to a sitting that is not over yet.")


class SittingInvalid(DomainError):
    code = "sitting_invalid"
    status = 400
    message = _("This sitting cannot be scheduled like this.")


class SittingStarted(DomainError):
    code = "sitting_started"
    message = _("Somebody has already started this exam, so the sitting can no longer be cancelled.")


class SittingStillRuns(DomainError):
    code = "sitting_still_runs"
    message = _("Exams of this sitting are still open. Close it when they have ended.")


class DutyNotPossible(DomainError):
    code = "duty_not_possible"
    message = _("This person cannot have that duty here.")


class AccommodationInvalid(DomainError):
    code = "accommodation_invalid"
    status = 400
    message = _("This accommodation cannot be granted like this.")


class FileRefused(DomainError):
    """A file of items that cannot be read at all; the message says where and why. Nothing of it is stored."""

    code = "file_refused"
    status = 400
    message = _("This file cannot be read.")


class ImportRefused(DomainError):
    """Items of the file cannot be kept, so nothing is; the report says which and why."""

    code = "import_refused"
    message = _("Nothing was imported: the report says which items cannot be kept, and why.")


class BatchMoved(DomainError):
    code = "batch_moved"
    message = _("This file is no longer waiting for that: look at where it stands now.")
