"""What courses listens to."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from partners.signals import cohort_place_activated


@receiver(cohort_place_activated, dispatch_uid="courses.enrol_activated_place")
def enrol_activated_place(place_id: int, **_facts: Any) -> None:
    """A person has joined a cohort: enrol them now; should it fail, the sweeper does it."""
    from courses.actions.cohorts import enrol_place
    from partners.models import CohortPlace

    enrol_place(CohortPlace.objects.select_related("user", "cohort").get(pk=place_id))
