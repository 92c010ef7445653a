"""What makes a result defensible: studies, parallel papers, reports; and items that come in as files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class StudyElsewhere(DomainError):
    code = "study_elsewhere"
    message = _("A cut-score study of this paper is already under way. Go on with that one.")


class RatingsMissing(DomainError):
    """The study is not where this act belongs; the sentence says what is missing."""

    code = "ratings_missing"
    message = _("Not every judge has rated every item.")


class CutLocked(DomainError):
    code = "cut_locked"
    message = _("The cut of this paper is fixed: it was decided, or a result has already been released.")


class PaperSetNotValid(DomainError):
    """`findings` lists what the validator found, one sentence each."""

    code = "paper_set_not_valid"
    message = _("These papers break a rule of their blueprint and cannot be sealed.")


class SealedTogether(DomainError):
    code = "sealed_together"
    message = _("This paper belongs to a set: its papers are sealed and discarded together, on the page of the set.")


class SwapNotPossible(DomainError):
    code = "swap_not_possible"
    message = _("The spare cannot take the place of this paper.")


class SecondPersonNeeded(DomainError):
    code = "second_person_needed"
    status = 403
    message = _("You proposed this yourself. A second person has to confirm it.")


class NothingToReport(DomainError):
    code = "nothing_to_report"
    message = _("Nobody's answers to this paper are scored yet, so there is nothing to report on.")


class ImportRefused(DomainError):
    """Items of the file cannot be kept, so nothing is; the report says which and why."""

    code = "import_refused"
    message = _("Nothing was imported: the report says which items cannot be kept, and why.")


class BatchMoved(DomainError):
    code = "batch_moved"
    message = _("This file is no longer waiting for that: look at where it stands now.")
