"""The states of an item version and the moves between them. Actions check the moves, triggers enforce them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class VersionStatus(models.TextChoices):
    """draft → subject_review → language_review → approved → in_use ⇄ resting → retired.

    `approved` is free for papers and stands on no sealed one; `in_use` since a paper with it was sealed; `resting` is not
    taken into new papers, and sealed ones keep it.
    """

    DRAFT = "draft", _("draft")
    SUBJECT_REVIEW = "subject_review", _("subject review")
    LANGUAGE_REVIEW = "language_review", _("language review")
    APPROVED = "approved", _("approved")
    IN_USE = "in_use", _("in use")
    RESTING = "resting", _("resting")
    RETIRED = "retired", _("retired")


# Every version begins as a draft (triggers); from either review it can go back to its writer.
MOVES: dict[str, tuple[str, ...]] = {
    VersionStatus.DRAFT.value: ("subject_review",),
    VersionStatus.SUBJECT_REVIEW.value: ("language_review", "draft"),
    VersionStatus.LANGUAGE_REVIEW.value: ("approved", "draft"),
    VersionStatus.APPROVED.value: ("in_use", "resting", "retired"),
    VersionStatus.IN_USE.value: ("resting", "retired"),
    VersionStatus.RESTING.value: ("approved", "in_use", "retired"),
    VersionStatus.RETIRED.value: (),
}
# With the reviewers; before approval; what new papers may take; the one version of an item that counts; never changing.
IN_REVIEW = ("subject_review", "language_review")
IN_WORK = ("draft", *IN_REVIEW)
USABLE = ("approved", "in_use")
LIVE = (*USABLE, "resting")
FROZEN = (*LIVE, "retired")
