"""Practice questions: ungraded checks inside a lesson, never items of the bank."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

KINDS = [("single", _("One answer")), ("multiple", _("Several answers")), ("numeric", _("A number"))]
EMPHASIS = _("**bold**, *italic* and `code` are understood.")


class PracticeOptionBlock(blocks.StructBlock):
    text = blocks.TextBlock(rows=2, label=_("Answer"), help_text=EMPHASIS)
    correct = blocks.BooleanBlock(required=False, label=_("Correct"))
    feedback = blocks.TextBlock(rows=2, label=_("Feedback"), help_text=_("Why it is right, or why it is not."))


class PracticeQuestionBlock(blocks.StructBlock):
    """One question with feedback for every answer. Which answers are correct is judged on the server
    (`courses.practice`) and stays out of the page until the learner has found out."""

    # A RegexBlock, not a CharBlock: wagtail-localize leaves it alone, so the key is the same in each language.
    key = blocks.RegexBlock(
        regex=r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=60,
        label=_("Key"),
        help_text=_(
            "Small letters, digits and hyphens; the same in each language. Progress is kept under it: do not change it."
        ),
        error_messages={"invalid": _("Use small letters, digits and single hyphens.")},
    )
    kind = blocks.ChoiceBlock(choices=KINDS, default="single", label=_("Kind"))
    question = blocks.TextBlock(rows=3, label=_("Question"), help_text=EMPHASIS)
    options = blocks.ListBlock(PracticeOptionBlock(), min_num=0, max_num=8, default=[], label=_("Answers"))
    answer = blocks.DecimalBlock(required=False, label=_("Correct number"))
    tolerance = blocks.DecimalBlock(required=False, min_value=0, label=_("Tolerance"))
    unit = blocks.CharBlock(required=False, max_length=30, label=_("Unit"))
    feedback_right = blocks.TextBlock(required=False, rows=2, label=_("Feedback for the right number"))
    feedback_wrong = blocks.TextBlock(required=False, rows=2, label=_("Feedback for a wrong number"))

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        errors = _numeric_errors(cleaned) if cleaned["kind"] == "numeric" else _choice_errors(cleaned)
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return cleaned

    def get_searchable_content(self, value: Any) -> list[str]:
        # The answers and their feedback would give the key away in search results.
        return [value["question"]] if value.get("question") else []

    class Meta:
        icon = "circle-check"
        label = _("Practice question")
        template = "courses/blocks/practice.html"


def _numeric_errors(value: Any) -> dict[str, Exception]:
    errors: dict[str, Exception] = {}
    if value["answer"] is None:
        errors["answer"] = ValidationError(_("Give the correct number."))
    for name in ("feedback_right", "feedback_wrong"):
        if not value[name]:
            errors[name] = ValidationError(_("Tell the learner why."))
    return errors


def _choice_errors(value: Any) -> dict[str, Exception]:
    correct = sum(1 for option in value["options"] if option["correct"])
    if len(value["options"]) < 2:
        return {"options": ValidationError(_("Give at least two answers."))}
    if value["kind"] == "single" and correct != 1:
        return {"options": ValidationError(_("Mark exactly one answer as correct."))}
    if value["kind"] == "multiple" and not correct:
        return {"options": ValidationError(_("Mark at least one answer as correct."))}
    return {}
