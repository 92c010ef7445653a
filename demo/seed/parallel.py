"""Next year's papers: one and its spare, assembled from the bank by what judges held of its items."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from demo.seed.exams import EXAM
from demo.seed.people import login
from demo.seed.steps import Calendar
from exams.actions.estimates import Estimate, set_estimates
from exams.actions.paper_sets import assemble_paper_set, request_paper_set, seal_paper_set
from exams.models import Exam, ItemVersion

SEED = 20270101
# Of a hundred borderline candidates, so many answer an item of that level; give or take ten by item.
USUALLY = {"remember": 68, "understand": 60, "apply": 52}


def assemble_next_papers(calendar: Calendar) -> None:
    """Estimates of every live item, then a set of one paper and its spare, sealed."""
    administrator, exam = login("administrator"), Exam.objects.get(code=EXAM)
    bank = exam.blueprint.bank
    live = ItemVersion.objects.filter(item__bank=bank, status__in=ItemVersion.LIVE).select_related("item")
    estimates = [Estimate(version, borderline=_judged(version)) for version in live.order_by("item__code")]
    set_estimates(bank, estimates, source="judged", by=administrator, at=calendar.at(-9, 4))
    paper_set = request_paper_set(exam, code="2027", paper_count=1, seed=SEED, by=administrator, at=calendar.at(-8, 4))
    assemble_paper_set(paper_set.pk, at=calendar.at(-8, 5))
    paper_set.refresh_from_db()
    seal_paper_set(paper_set, by=administrator, at=calendar.at(-7, 4))


def _judged(version: ItemVersion) -> Decimal:
    """The same for the same item in every demonstration, as a panel's mean would look."""
    jitter = int.from_bytes(hashlib.sha256(version.item.code.encode()).digest()[:2], "big") % 21 - 10
    return Decimal(USUALLY.get(version.item.cognitive_level, 55) + jitter) / 100
