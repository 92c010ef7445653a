"""What courses does later."""

from __future__ import annotations

from celery import shared_task


@shared_task
def sweep_courses_task() -> None:
    """Enrol the cohort members whom a lost message, a failed receiver or a course opened later has left waiting."""
    from courses.actions.cohorts import enrol_place
    from courses.queries import waiting_places

    for place in waiting_places().select_related("user", "cohort")[:200]:
        enrol_place(place)
