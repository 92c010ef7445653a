"""Reading and judging practice questions. The only place that knows which answer is correct."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from courses.errors import AnswerMissing

if TYPE_CHECKING:
    from courses.models import LessonPage


@dataclass(frozen=True)
class Choice:
    """An answer to choose from, with what the learner may know of it by now."""

    number: int
    text: str
    feedback: str = ""
    is_chosen: bool = False
    # None until the learner may know.
    is_correct: bool | None = None


@dataclass(frozen=True)
class Verdict:
    """What became of an answer."""

    is_right: bool
    feedback: str = ""


@dataclass(frozen=True)
class Question:
    """A practice question as its page holds it, the key included. Never handed to a template: `Shown` is."""

    key: str
    kind: str
    question: str
    options: Sequence[Any] = field(default_factory=list)
    answer: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    unit: str = ""
    feedback_right: str = ""
    feedback_wrong: str = ""

    @classmethod
    def from_block(cls, value: Any) -> Question:
        return cls(
            key=value["key"],
            kind=value["kind"],
            question=value["question"],
            options=list(value["options"] or []),
            answer=value["answer"],
            tolerance=value["tolerance"] or Decimal(0),
            unit=value["unit"] or "",
            feedback_right=value["feedback_right"] or "",
            feedback_wrong=value["feedback_wrong"] or "",
        )

    def read(self, sent: Sequence[str]) -> Any:
        """What a form sent, as it is stored: a list of option numbers, or a number in words of digits."""
        if self.kind == "numeric":
            return {"value": str(_number(sent[0] if sent else ""))}
        numbers = sorted({int(text) for text in sent if text.isdecimal() and int(text) < len(self.options)})
        if not numbers or (self.kind == "single" and len(numbers) != 1):
            raise AnswerMissing
        return {"choices": numbers}

    def judge(self, answer: Any) -> Verdict:
        """Right or not; several answers are right only as the whole set."""
        if self.kind == "numeric":
            given = Decimal(answer["value"])
            is_right = self.answer is not None and abs(given - self.answer) <= self.tolerance
            return Verdict(is_right, self.feedback_right if is_right else self.feedback_wrong)
        correct = [number for number, option in enumerate(self.options) if option["correct"]]
        return Verdict(answer["choices"] == correct)

    def right_answer(self) -> Any:
        """The answer that is right, in the shape `read` returns."""
        if self.kind == "numeric":
            return {"value": str(self.answer)}
        return {"choices": [number for number, option in enumerate(self.options) if option["correct"]]}


@dataclass(frozen=True)
class Shown:
    """A question as a learner sees it: before an answer it depends on no key at all; after a wrong one it tells
    about the chosen answers only; after the right one it explains all of them."""

    key: str
    kind: str
    question: str
    unit: str
    choices: list[Choice]
    value: str = ""
    verdict: Verdict | None = None


def shown(question: Question, answer: Any = None) -> Shown:
    verdict = question.judge(answer) if answer and _fits(question, answer) else None
    chosen = set((answer or {}).get("choices", [])) if verdict else set()
    choices = []
    for number, option in enumerate(question.options):
        may_know = verdict is not None and (verdict.is_right or number in chosen)
        choices.append(
            Choice(
                number=number,
                text=option["text"],
                feedback=option["feedback"] if may_know else "",
                is_chosen=number in chosen,
                is_correct=bool(option["correct"]) if may_know else None,
            )
        )
    value = answer["value"] if verdict and question.kind == "numeric" else ""
    return Shown(question.key, question.kind, question.question, question.unit, choices, value, verdict)


def questions_of(page: LessonPage) -> dict[str, Question]:
    """The practice questions of a lesson page by key, in order."""
    blocks = (child.value for child in page.body if child.block_type == "practice")
    return {value["key"]: Question.from_block(value) for value in blocks}


def _fits(question: Question, answer: Any) -> bool:
    # A stored answer may be older than an edit of the question.
    if question.kind == "numeric":
        return "value" in answer
    return "choices" in answer and all(number < len(question.options) for number in answer["choices"])


def _number(text: str) -> Decimal:
    plain = text.strip().replace("，", ",").replace(" ", "").rstrip("%％")
    if plain.count(",") == 1 and "." not in plain and len(plain.partition(",")[2]) != 3:
        plain = plain.replace(",", ".")  # a decimal comma
    try:
        number = Decimal(plain.replace(",", ""))
    except InvalidOperation:
        raise AnswerMissing from None
    if not number.is_finite() or len(plain) > 40 or abs(number.adjusted()) > 30:
        raise AnswerMissing
    return number
