"""What we listen to: a finished course and a released result may complete somebody's requirements."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from courses.signals import course_completed
from exams.signals import result_released


@receiver(course_completed)
def open_after_course(enrolment_id: int, **_: Any) -> None:
    from certificates.actions.applications import open_applications_after_course

    open_applications_after_course(enrolment_id)


@receiver(result_released)
def open_after_result(result_id: int, **_: Any) -> None:
    from certificates.actions.applications import open_applications_after_result

    open_applications_after_result(result_id)
