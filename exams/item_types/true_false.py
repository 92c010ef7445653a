"""A statement that is true or not: `{"choice": id}`. Its two options word themselves and keep their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.utils.translation import gettext_lazy as _

from exams.item_types.contract import Key
from exams.item_types.single_choice import SingleChoice

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from exams.content import Choice

# Not by gettext: a paper says in its own language what it was sealed with.
WORDS = {"en": ("True", "False"), "zh-hans": ("正确", "错误")}


def choices_for(is_true: bool) -> tuple[Choice, ...]:
    """The two options of a statement in every language."""
    from exams.content import Choice

    return tuple(
        Choice({language: words[number] for language, words in WORDS.items()}, is_key=is_true == (number == 0))
        for number in (0, 1)
    )


class TrueFalse(SingleChoice):
    code: ClassVar[str] = "true_false"
    label: ClassVar[_StrOrPromise] = _("true or false")
    # The words are the type's own: there is nothing for a writer to word.
    has_options = False
    keeps_order = True

    def problems(self, key: Key) -> list[_StrOrPromise]:
        if len(key.right) != 1 or len(key.wrong) != 1:
            return [_("Say whether the statement is true or false.")]
        return []


TYPE = TrueFalse()
