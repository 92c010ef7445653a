"""Certification for tests: schemes, people who meet them, and certificates in every state."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Role, User
from certificates.actions.applications import open_application_if_eligible
from certificates.actions.decisions import decide_application
from certificates.models import (
    Application,
    Certificate,
    CertificateTemplate,
    CertificationDecision,
    CertificationScheme,
    SchemeRequirement,
)
from courses.models import Course, Enrolment
from exams.models import (
    Attempt,
    Blueprint,
    Exam,
    ItemBank,
    Paper,
    Registration,
    Result,
    Sitting,
)
from partners.models import CohortPlace
from tests.factories.accounts import UserFactory, staff
from tests.factories.standards import LevelFactory, TrackFactory

_numbers = itertools.count(1)
_names = itertools.count(1)


def make_template(**fields: Any) -> CertificateTemplate:
    """The current revision of the printed design."""
    existing = CertificateTemplate.objects.filter(is_current=True).first()
    if existing and not fields:
        return existing
    CertificateTemplate.objects.filter(is_current=True).update(is_current=False)
    defaults = {
        "code": "standard",
        "revision": CertificateTemplate.objects.count() + 1,
        "design": "touchstone",
        "signatory_name": "Margaret Lin",
        "signatory_name_zh": "林慧敏",
        "signatory_role": "Head of Certification",
        "signatory_role_zh": "认证负责人",
    }
    return CertificateTemplate.objects.create(**{**defaults, **fields})


def make_course(**fields: Any) -> Course:
    number = next(_numbers)
    defaults = {"code": f"C-{number}", "title": f"Course {number}", "title_zh": f"课程{number}", "hours": 24}
    return Course.objects.create(**{**defaults, "level": LevelFactory(), **fields})


def make_exam(**fields: Any) -> Exam:
    number = next(_numbers)
    bank = ItemBank.objects.create(code=f"b-{number}", name="Bank")
    blueprint = Blueprint.objects.create(code=f"BP-{number}", bank=bank, scored_items=60, minutes=90, cut_percent=Decimal(60))
    return Exam.objects.create(
        **{"code": f"EX-{number}", "title": f"Exam {number}", "title_zh": f"考试{number}", "blueprint": blueprint, **fields}
    )


def make_scheme(*, active: bool = True, courses: int = 1, exams: int = 1, **fields: Any) -> CertificationScheme:
    """A scheme that demands a course and an exam."""
    make_template()
    number = next(_numbers)
    defaults = {
        "code": f"TS-PT-L1-{number}",
        "title": "AI Security Standards: Professional Technology, Foundation",
        "title_zh": "人工智能安全标准：专业技术（基础级）",
        "scope": "Explains the terms, duties and main risks of AI security standards and follows a standard with help.",
        "scope_zh": "能够解释人工智能安全标准的术语、职责与主要风险，并在他人帮助下遵循标准。",
        "track": TrackFactory(),
        "level": LevelFactory(),
    }
    scheme = CertificationScheme.objects.create(**{**defaults, **fields})
    for _ in range(courses):
        SchemeRequirement.objects.create(scheme=scheme, kind="course_completed", course=make_course())
    for _ in range(exams):
        SchemeRequirement.objects.create(scheme=scheme, kind="exam_passed", exam=make_exam())
    if active:
        scheme.status, scheme.activated_at = "active", timezone.now()
        scheme.save()
    return scheme


def complete_course(person: User, course: Course, *, place: CohortPlace | None = None) -> Enrolment:
    now = timezone.now()
    return Enrolment.objects.create(
        learner=person, course=course, place=place, status="completed", enrolled_at=now, completed_at=now
    )


def make_result(
    person: User,
    exam: Exam,
    *,
    released: bool = True,
    passed: bool = True,
    score: int = 640,
    place: CohortPlace | None = None,
    **sitting: Any,
) -> Result:
    """A scored attempt of this person."""
    now, number = timezone.now(), next(_numbers)
    paper = Paper.objects.create(exam=exam, code=f"P{number}", minutes=90, cut_percent=Decimal(60))
    held = Sitting.objects.create(
        **{
            "exam": exam,
            "paper": paper,
            "code": f"s-{number}",
            "name": f"Sitting {number}",
            "opens_at": now - timedelta(hours=3),
            "closes_at": now + timedelta(hours=3),
            "minutes": 90,
            "capacity": 100,
            **sitting,
        }
    )
    registration = Registration.objects.create(sitting=held, candidate=person, place=place, registered_at=now)
    attempt = Attempt.objects.create(
        registration=registration,
        paper=paper,
        language="en",
        status="submitted",
        lease="l",
        started_at=now,
        closes_at=now,
        accept_until=now,
        submitted_at=now,
        receipt={"digest": "0" * 64},
    )
    release = {"status": "released", "released_at": now, "released_by": releaser()} if released else {}
    return Result.objects.create(
        attempt=attempt,
        raw_score=48,
        max_score=60,
        cut_score=36,
        scaled_score=score if passed else 380,
        outcome="passed" if passed else "failed",
        areas=[{"number": 1, "title": "Core", "title_zh": "核心", "raw": "48", "max": "60", "percent": 80}],
        scored_at=now,
        **release,
    )


def releaser() -> User:
    return User.objects.filter(email="releaser@example.org").first() or UserFactory(email="releaser@example.org")


def make_officer(name: str = "Eve Officer", **fields: Any) -> User:
    return staff(Role.CERTIFICATION_OFFICER, name, **fields)


def meet(person: User, scheme: CertificationScheme, *, place: CohortPlace | None = None) -> User:
    """This person does everything the scheme demands; nobody was told."""
    for requirement in scheme.requirements.all():
        if requirement.course:
            complete_course(person, requirement.course, place=place)
        else:
            make_result(person, requirement.exam, place=place)
    return person


def make_application(
    person: User | None = None, scheme: CertificationScheme | None = None, *, place: CohortPlace | None = None
) -> Application:
    scheme = scheme or make_scheme()
    person = meet(person or UserFactory(full_name=f"Ada Byron {next(_names)}", family_name="Byron"), scheme, place=place)
    application = open_application_if_eligible(person, scheme)
    assert application is not None
    return application


def make_certificate(
    person: User | None = None,
    scheme: CertificationScheme | None = None,
    *,
    officer: User | None = None,
    place: CohortPlace | None = None,
    at: datetime | None = None,
) -> Certificate:
    """A valid certificate, granted; its document waits."""
    application = make_application(person, scheme, place=place)
    decision = grant(application, officer=officer, at=at)
    return Certificate.objects.get(decision=decision)


def grant(application: Application, *, officer: User | None = None, at: datetime | None = None) -> CertificationDecision:
    officer = officer or the_officer()
    return decide_application(application, outcome="granted", reasons="All requirements are met.", by=officer, at=at)


def the_officer() -> User:
    return User.objects.filter(full_name="Eve Officer").first() or make_officer()
