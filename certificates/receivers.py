"""What we listen to: a finished course and a released result may complete somebody's requirements; a corrected result may
open the way to some, and be work for an officer about others."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from courses.signals import course_completed
from exams.signals import result_corrected, result_released, what_rests_on_results, where_to_learn


@receiver(course_completed)
def open_after_course(enrolment_id: int, **_: Any) -> None:
    from certificates.actions.applications import open_applications_after_course

    open_applications_after_course(enrolment_id)


@receiver(result_released)
def open_after_result(result_id: int, **_: Any) -> None:
    from certificates.actions.applications import open_applications_after_result

    open_applications_after_result(result_id)


@receiver(result_corrected)
def look_after_correction(result_id: int, change_id: int, **_: Any) -> None:
    """Passed now: the way opens as after a release. No longer passed: it is put on the officers' desk."""
    from certificates.actions.applications import open_applications_after_result
    from certificates.actions.corrected import note_corrected_result

    open_applications_after_result(result_id)
    note_corrected_result(change_id)


@receiver(what_rests_on_results)
def name_what_rests(result_uuids: list[str], **_: Any) -> list[dict[str, str]]:
    """An answer to a question of the exams: the applications and certificates whose evidence these results are."""
    from certificates.queries.corrected import what_rests_on

    return what_rests_on(result_uuids)


@receiver(where_to_learn)
def name_lessons(competence_ids: list[int], **_: Any) -> dict[int, list[dict[str, str]]]:
    """Exams and courses are strangers: where a failed area is taught is answered up here, where both are known."""
    from certificates.queries.learning import lessons_teaching

    return lessons_teaching(competence_ids)
