"""Appeals as candidates and the board ask for them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, Q, QuerySet, Value, When

from accounts.models import User
from exams.models import Remark, Result, ResultAppeal
from exams.queries.remarks import history_of

LIVE = (ResultAppeal.Status.OPEN, ResultAppeal.Status.UNDER_REVIEW)
DECIDED = (ResultAppeal.Status.UPHELD, ResultAppeal.Status.REJECTED)


def has_been_appealed(result: Result) -> bool:
    """Whether an appeal is live, or was decided since the result last changed: one appeal for each result as it stands."""
    corrected = history_of(result).values_list("remark__decided_at", flat=True).first()
    decided = Q(status__in=DECIDED)
    if corrected is not None:
        decided &= Q(decided_at__gt=corrected)
    return result.appeals.filter(Q(status__in=LIVE) | decided).exists()


def appeals_of(result: Result) -> QuerySet[ResultAppeal]:
    return result.appeals.order_by("-opened_at", "-pk")


def appeals_for_board(user: User) -> QuerySet[ResultAppeal]:
    """What waits first, by the day it has to be answered; then what is decided."""
    return (
        ResultAppeal.objects.visible_to(user)
        .select_related("appellant", "reviewer", "decided_by", "result__attempt__registration__sitting__exam")
        .annotate(rank=Case(When(status__in=LIVE, then=Value(0)), default=Value(1)))
        .order_by("rank", "due_at", "pk")
    )


def overdue_appeals(at: datetime) -> QuerySet[ResultAppeal]:
    return ResultAppeal.objects.filter(status__in=LIVE, due_at__lt=at)


def remarks_for(appeal: ResultAppeal) -> QuerySet[Remark]:
    """Re-marks of items on this candidate's paper."""
    remarks = Remark.objects.filter(version__paper_items__paper=appeal.result.attempt.paper_id)
    return remarks.exclude(status=Remark.Status.REFUSED).select_related("version__item").order_by("-proposed_at")
