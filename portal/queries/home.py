"""What a signed-in person finds at home: the next step in words, and where everything stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from certificates.models import Application, Certificate, CertificationScheme, SchemeRequirement
from certificates.queries.registers import certificates_of
from courses.models import Enrolment
from courses.queries import Progress, enrolments_of, next_step, progress_of
from exams.models import Attempt, Registration, Result, Sitting
from exams.rules.deadlines import times_for
from partners.models import Invitation
from partners.queries import pending_invitations
from portal.queries.progress import ExamState, exam_state


@dataclass(frozen=True)
class Step:
    """The one thing to do next."""

    title: str
    text: str
    action: str = ""
    url: str = ""


@dataclass(frozen=True)
class Home:
    """Everything of a learner's home."""

    step: Step
    invitations: list[Invitation]
    enrolments: list[tuple[Enrolment, Progress]]
    exams: list[ExamState]
    applications: list[Application]
    certificates: list[tuple[Certificate, str]]


@dataclass
class _Sitting:
    """One registration with how far it has come."""

    registration: Registration
    attempt: Attempt | None
    result: Result | None


def learner_home(user: User, at: datetime | None = None) -> Home:
    """A fixed number of queries, however much a person has done."""
    moment = at or timezone.now()
    enrolments = list(enrolments_of(user))
    progress = progress_of(enrolments)
    sittings = _sittings(user)
    applications = list(Application.objects.filter(applicant=user, status=Application.Status.OPEN).select_related("scheme"))
    certificates = list(certificates_of(user))
    today = timezone.localdate(moment)
    return Home(
        step=_next_step(user, enrolments, sittings, applications, certificates, moment),
        invitations=list(pending_invitations(user)),
        enrolments=[(enrolment, progress[enrolment.pk]) for enrolment in enrolments],
        exams=[exam_state(one.registration, one.attempt, one.result) for one in sittings],
        applications=applications,
        certificates=[(certificate, certificate.status_on(today)) for certificate in certificates],
    )


def address(name: str, *args: Any) -> str:
    """The address of a page, or nothing where this installation has none of that name."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _sittings(user: User) -> list[_Sitting]:
    registrations = list(
        Registration.objects.visible_to(user)
        .filter(status=Registration.Status.REGISTERED, sitting__is_rehearsal=False)
        .select_related("sitting__exam")
        .prefetch_related("candidate__accommodations")
        .order_by("-sitting__opens_at")
    )
    own = Attempt.objects.visible_to(user).filter(registration__in=registrations)
    attempts = {attempt.registration_id: attempt for attempt in own}
    released = Result.objects.visible_to(user).filter(attempt__in=list(attempts.values()))
    results = {result.attempt_id: result for result in released}
    found = []
    for registration in registrations:
        attempt = attempts.get(registration.pk)
        found.append(_Sitting(registration, attempt, results.get(attempt.pk) if attempt else None))
    return found


def _next_step(
    user: User,
    enrolments: list[Enrolment],
    sittings: list[_Sitting],
    applications: list[Application],
    certificates: list[Certificate],
    moment: datetime,
) -> Step:
    """What matters most comes first: a running exam, one that is open, a missing name, then learning."""
    urgent = _exam_step(sittings, moment) or _profile_step(user)
    if urgent:
        return urgent
    step = next_step(user)
    if step and step.kind == "lesson" and step.lesson and step.progress:
        words = {"course": step.course.name, "done": step.progress.done, "total": step.progress.total}
        return Step(
            _("Go on with “%(lesson)s”") % {"lesson": step.lesson.name},
            _("%(course)s: %(done)s of %(total)s lessons done.") % words,
            _("Continue learning"),
            step.url,
        )
    waiting = _waiting_step(enrolments, sittings, applications, moment)
    if waiting:
        return waiting
    if step and step.kind == "enrol":
        return Step(
            _("Start with “%(course)s”") % {"course": step.course.name},
            _("It is open to you now and takes about %(hours)s hours.") % {"hours": step.course.hours},
            _("Look at the course"),
            step.url,
        )
    if certificates:
        text = _("Your certificates are below. Show them to anyone: each can be verified.")
        return Step(_("Everything is done for now"), text)
    return Step(_("Welcome"), _("As soon as a course opens to you, it appears here."), _("See all courses"), "/")


def _exam_step(sittings: Iterable[_Sitting], moment: datetime) -> Step | None:
    for one in sittings:
        if one.attempt and one.attempt.is_open:
            return Step(
                _("Your exam is running"),
                _("%(exam)s: go back to the exam room now. Your saved answers are there.")
                % {"exam": one.registration.sitting.exam.name},
                _("Back to the exam room"),
                address("exams:room", one.attempt.uuid),
            )
    for one in sittings:
        sitting = one.registration.sitting
        times = times_for(one.registration.candidate, sitting, at=moment)
        is_open = sitting.status == Sitting.Status.PLANNED and times.opens_at <= moment < times.start_by
        if is_open and one.attempt is None:
            return Step(
                _("Your exam is open: %(exam)s") % {"exam": sitting.exam.name},
                _("Start by %(end)s; it takes %(minutes)s minutes.")
                % {"end": _moment(times.start_by), "minutes": times.minutes},
                _("Go to the exam"),
                address("exams:list"),
            )
    return None


def _profile_step(user: User) -> Step | None:
    if user.full_name and user.family_name:
        return None
    return Step(
        _("Tell us your name"),
        _("It is printed on your certificates exactly as you write it, so it has to be there before your first exam."),
        _("Complete your profile"),
        address("accounts:profile"),
    )


def _waiting_step(
    enrolments: list[Enrolment], sittings: list[_Sitting], applications: list[Application], moment: datetime
) -> Step | None:
    """Lessons are done: register, wait for the day, for the result, or for the decision."""
    ahead = [one.registration.sitting for one in sittings if one.attempt is None and one.registration.sitting.opens_at > moment]
    if ahead:
        sitting = min(ahead, key=lambda sitting: sitting.opens_at)
        words = {"exam": sitting.exam.name, "start": _moment(sitting.opens_at)}
        return Step(
            _("Your exam is on its way"),
            _("%(exam)s opens on %(start)s; until then you can read any lesson again.") % words,
            _("See my exams"),
            address("exams:list"),
        )
    exam = _exam_to_register(enrolments, sittings)
    if exam:
        return Step(
            _("Register for the exam"),
            _("You have finished every course that “%(scheme)s” asks for. Choose a sitting for its exam.")
            % {"scheme": exam.scheme.name},
            _("Choose a sitting"),
            address("exams:sittings"),
        )
    if applications:
        return Step(
            _("A decision is being made"),
            _("You meet every requirement of “%(scheme)s”. A certification officer decides; we will write to you.")
            % {"scheme": applications[0].scheme.name},
        )
    if any(one.attempt and not one.result for one in sittings):
        text = _("You have handed in. The result appears here as soon as it is released.")
        return Step(_("Your result is being prepared"), text)
    return None


def _exam_to_register(enrolments: list[Enrolment], sittings: list[_Sitting]) -> SchemeRequirement | None:
    """An exam of an active scheme whose courses are all completed, neither passed nor registered for."""
    completed = {row.course_id for row in enrolments if row.status == Enrolment.Status.COMPLETED}
    if not completed:
        return None
    taken = {
        one.registration.sitting.exam_id
        for one in sittings
        if one.result is None or one.result.outcome == Result.Outcome.PASSED
    }
    active = CertificationScheme.objects.filter(status=CertificationScheme.Status.ACTIVE)
    for scheme in active.prefetch_related("requirements__scheme"):
        demands = list(scheme.requirements.all())
        courses = {demand.course_id for demand in demands if demand.course_id}
        if courses and courses <= completed:
            for demand in demands:
                if demand.exam_id and demand.exam_id not in taken:
                    return demand
    return None


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATETIME_FORMAT")
