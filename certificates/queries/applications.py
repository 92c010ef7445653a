"""Applications, and who is about to have one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from certificates.models import Application, CertificationScheme, SchemeRequirement
from courses.models import Enrolment
from exams.models import Result

ACTIVE = CertificationScheme.Status.ACTIVE


def schemes_asking_for_course(course_id: int) -> QuerySet[CertificationScheme]:
    return CertificationScheme.objects.filter(status=ACTIVE, requirements__course_id=course_id).distinct()


def schemes_asking_for_exam(exam_id: int) -> QuerySet[CertificationScheme]:
    return CertificationScheme.objects.filter(status=ACTIVE, requirements__exam_id=exam_id).distinct()


def eligible_people(scheme: CertificationScheme) -> QuerySet[User]:
    """Everybody who meets every requirement of the scheme; one query, however many requirements."""
    people = User.objects.filter(is_synthetic=False)
    requirements = list(scheme.requirements.all())
    if not requirements:
        return people.none()
    for requirement in requirements:
        people = people.filter(Exists(_fulfilments(requirement, OuterRef("pk"))))
    return people


def _fulfilments(requirement: SchemeRequirement, person: User | OuterRef) -> QuerySet[Enrolment] | QuerySet[Result]:
    if requirement.kind == SchemeRequirement.Kind.COURSE_COMPLETED:
        return Enrolment.objects.filter(learner=person, course=requirement.course_id, status=Enrolment.Status.COMPLETED)
    return Result.objects.filter(
        attempt__registration__candidate=person,
        attempt__registration__sitting__exam=requirement.exam_id,
        attempt__registration__sitting__is_rehearsal=False,
        status=Result.Status.RELEASED,
        outcome=Result.Outcome.PASSED,
    )


def missed_applications(limit: int = 500) -> Iterator[tuple[User, CertificationScheme]]:
    """Who met the requirements while nobody listened: no application under any version of the scheme, withdrawn or not."""
    for scheme in CertificationScheme.objects.filter(status=ACTIVE).prefetch_related("requirements"):
        applied = Application.objects.filter(applicant=OuterRef("pk"), scheme__code=scheme.code)
        for person in eligible_people(scheme).filter(~Exists(applied)).order_by("pk")[:limit]:
            yield person, scheme


@dataclass(frozen=True)
class Progress:
    """One requirement as it stands for one person."""

    requirement: SchemeRequirement
    is_met: bool


def scheme_progress(user: User, scheme: CertificationScheme) -> list[Progress]:
    """Each requirement of the scheme with whether this person meets it."""
    return [
        Progress(requirement, _fulfilments(requirement, user).exists())
        for requirement in scheme.requirements.select_related("course", "exam")
    ]


def eligibility_of(user: User, scheme: CertificationScheme) -> bool:
    progress = scheme_progress(user, scheme)
    return bool(progress) and all(each.is_met for each in progress)


SORTS = {"opened": "opened_at", "-opened": "-opened_at", "name": "applicant__full_name", "scheme": "scheme__code"}


def applications_for_desk(
    user: User, *, status: str = "", scheme: str = "", search: str = "", sort: str = "opened"
) -> QuerySet[Application]:
    """What an officer sees, with everything a row of the list shows."""
    found = Application.objects.visible_to(user).select_related(
        "applicant", "scheme__track", "scheme__level", "partner", "cohort", "decision"
    )
    if status:
        found = found.filter(status=status)
    if scheme:
        found = found.filter(scheme__code=scheme)
    for word in search.split():
        found = found.filter(Q(applicant__full_name__icontains=word) | Q(applicant__email__icontains=word))
    return found.order_by(SORTS.get(sort, "opened_at"), "pk")


def open_applications_count(user: User) -> int:
    return Application.objects.visible_to(user).filter(status=Application.Status.OPEN).count()
