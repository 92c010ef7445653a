"""Re-marks for tests: proposed and run dry, and what is looked at before and after."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from common.integrity import run_checks
from exams.actions.remark_proposals import propose_remark
from exams.actions.remarks import run_remark_dry
from exams.models import Result
from tests.factories.accounts import UserFactory
from tests.factories.attempts import scored, token

WORDS = {"reason": "Option 3 is right as well.", "words": "A question was unclear.", "words_zh": "有一道题表述不清。"}


def refused(act: Any) -> None:
    """The database itself refuses it."""
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


def people(sitting, items, answers, count):
    """Candidates who answer everything rightly, but in turn: item 1 with option 3, item 4 not at all, nothing."""
    third = {"choice": token(items[0], 3)}
    kinds = [
        answers,
        {**answers, 1: third},
        {1: third, 2: answers[2], 3: answers[3]},
        {1: answers[1], 2: answers[2], 3: answers[3]},
        {},
    ]
    return [scored(sitting, UserFactory(full_name=f"Candidate {n}"), kinds[n % len(kinds)]) for n in range(count)]


def propose(item, by, kind="drop", keys=(), **more):
    return propose_remark(item.version, kind=kind, keys=list(keys), **{**WORDS, **more}, by=by)


def ready(item, by, kind="drop", keys=(), **more):
    remark = propose(item, by, kind, keys, **more)
    return run_remark_dry(remark.pk)


def snapshot():
    names = ("pk", "raw_score", "max_score", "cut_score", "scaled_score", "outcome", "areas", "positions", "status")
    return list(Result.objects.order_by("pk").values_list(*names))


def problems():
    return [(check["check"], row) for check in run_checks() for row in check["rows"]]


def as_listed(remark):
    """The results as the dry run says they will be."""
    return {
        change.result_id: (change.raw_after, change.max_after, change.cut_after, change.scaled_after, change.outcome_after)
        for change in remark.changes.all()
    }


def as_they_are(ids):
    rows = Result.objects.filter(pk__in=ids)
    return {row.pk: (row.raw_score, row.max_score, row.cut_score, row.scaled_score, row.outcome) for row in rows}
