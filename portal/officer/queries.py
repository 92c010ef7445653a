"""What the officer's pages ask across packages."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from certificates.models import Application, Certificate
from exams.models import Result
from partners.models import CohortPlace


@dataclass(frozen=True)
class History:
    """Who else is connected with an applicant: cohorts with their teachers, results, certificates."""

    places: list[CohortPlace]
    results: list[Result]
    certificates: list[Certificate]


def applicants_history(application: Application) -> History:
    person = application.applicant
    return History(
        places=list(CohortPlace.objects.filter(user=person).select_related("cohort__instructor", "cohort__partner")),
        results=list(
            Result.objects.filter(attempt__registration__candidate=person)
            .select_related("attempt__registration__sitting__exam")
            .prefetch_related("attempt__registration__sitting__staff__user")
            .order_by("-scored_at")
        ),
        certificates=list(Certificate.objects.filter(holder=person).select_related("scheme")),
    )


def held_results(*, sitting: str = "", search: str = "") -> QuerySet[Result]:
    """Scored and not yet released, of real sittings; oldest first."""
    results = Result.objects.filter(
        status=Result.Status.HELD,
        attempt__registration__sitting__is_rehearsal=False,
        attempt__registration__candidate__is_synthetic=False,
    ).select_related("attempt__registration__candidate", "attempt__registration__sitting__exam")
    if sitting:
        results = results.filter(attempt__registration__sitting__code=sitting)
    for word in search.split():
        candidate = "attempt__registration__candidate"
        results = results.filter(
            Q(**{f"{candidate}__full_name__icontains": word}) | Q(**{f"{candidate}__email__icontains": word})
        )
    return results.order_by("scored_at", "pk")


def sittings_with_held_results() -> list[str]:
    return list(
        held_results().order_by("attempt__registration__sitting__code")
        .values_list("attempt__registration__sitting__code", flat=True).distinct()
    )  # fmt: skip
