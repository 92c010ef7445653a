"""Invariants 1 and 11 where an exam was sat on paper."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

from common.integrity import Violation, invariant
from exams.clock import server_now

# Three tries of the printer, one after the other.
PRINTING_TAKES = timedelta(minutes=40)


@invariant(1, "a settled answer sheet is what two people keyed in, and what is marked")
def sheets_are_what_was_keyed_in() -> Iterator[Violation]:
    from exams.models import AnswerSheet

    settled = AnswerSheet.objects.filter(status=AnswerSheet.Status.SETTLED).prefetch_related("key_ins", "attempt__responses")
    for sheet in settled.iterator(chunk_size=200):
        halves = [half.answers for half in sheet.key_ins.all()]
        answers = sheet.attempt.responses.all() if sheet.attempt else ()
        stored = {str(answer.position): json.loads(answer.body) for answer in answers if answer.body}
        if len(halves) != 2 or halves[0] != halves[1] or halves[0] != stored:
            yield Violation(f"answer sheet {sheet.pk}", "its halves and the stored answers are not the same")


@invariant(11, "no booklet waits unprinted")
def booklets_are_printed() -> Iterator[Violation]:
    from exams.queries.on_paper import due_booklets

    for booklet in due_booklets().filter(asked_at__lt=server_now() - PRINTING_TAKES):
        yield Violation(f"printed paper {booklet.pk}", "it waits and nobody prints it")
