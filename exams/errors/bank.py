"""The item bank, papers and the administration of exams."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


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
    message = _("Only a version that is approved, in use or resting can be retired.")


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
