"""The scheme, the printed design, released results, decisions, and what became of the certificates since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from certificates.actions.applications import open_application_if_eligible
from certificates.actions.decisions import decide_application
from certificates.actions.schemes import activate_scheme
from certificates.actions.standing import (
    expire_certificate,
    reinstate_certificate,
    supersede_certificate,
    suspend_certificate,
    withdraw_certificate,
)
from certificates.models import (
    Application,
    Certificate,
    CertificateTemplate,
    CertificationDecision,
    CertificationScheme,
    RenderedDocument,
    SchemeRequirement,
)
from courses.models import Course
from demo.seed import cast, exams
from demo.seed.learning import COURSES
from demo.seed.people import Person, login
from demo.seed.steps import Calendar
from exams.actions.board_records import draft_board_record, release_board_record, sign_board_record
from exams.models import Exam, Result, Sitting
from standards.models import Level, Track

SCHEME = "AIS-PT-L1"
IN_FORCE_FROM = -1300
SCOPE = (
    "The holder describes an AI system and its life cycle in the terms of the standards, tells poisoning, evasion, "
    "extraction and injection apart, marks the trust boundaries in a design, checks data before it enters training, "
    "refuses unsafe model files, limits what a prompt injection can do, and acts soundly in the first hour of an "
    "incident, following the applicable standards with guidance."
)
SCOPE_ZH = (
    "持证人能够用标准术语描述人工智能系统及其生命周期，区分投毒、逃逸、窃取与注入等攻击，在设计中标出信任边界，"
    "在数据进入训练前完成检查，拒绝不安全的模型文件，限制提示注入的后果，并在事件发生的第一个小时内妥善处置；"
    "能够在他人指导下遵循适用标准开展工作。"
)
# Whose results are out; those of the latest sitting are still held.
RELEASED = (exams.FIRST, exams.SECOND, exams.THIRD, exams.SPRING, exams.IN_HOUSE, exams.SUMMER)
NOTHING_HAPPENED = (
    "The invigilators report no incident: identities were checked at the door, nobody was interrupted, and every attempt "
    "was handed in or closed by the clock."
)
RELEASED_BECAUSE = (
    "The statistics show no item that misled candidates, and the cut was applied as published. The results are released."
)
GRANTED_BECAUSE = (
    "Both courses are completed and the exam was passed in an invigilated sitting without incident. Identity was "
    "confirmed at the sitting. Nothing speaks against certification."
)
REFUSED_BECAUSE = (
    "The name in the identity document shown at the sitting differs from the name of the account, and the applicant "
    "did not answer two requests to explain it. The exam result stands; a new application is possible once the name "
    "is proved."
)
REFUSED = cast.ALDERMOOR_FIRST[5]


def put_scheme_in_force(calendar: Calendar) -> None:
    """The scheme of the first level of professional technology, in force before anybody applied under it."""
    scheme = CertificationScheme.objects.create(
        code=SCHEME,
        title="AI security professional technology, Foundation",
        title_zh="人工智能安全专业技术（基础级）",
        track=Track.objects.get(code="PT"),
        level=Level.objects.get(code="L1"),
        scope=SCOPE,
        scope_zh=SCOPE_ZH,
        validity_months=36,
    )
    for course in Course.objects.filter(code__in=COURSES).order_by("code"):
        SchemeRequirement.objects.create(scheme=scheme, kind=SchemeRequirement.Kind.COURSE_COMPLETED, course=course)
    exam = Exam.objects.get(code=exams.EXAM)
    SchemeRequirement.objects.create(scheme=scheme, kind=SchemeRequirement.Kind.EXAM_PASSED, exam=exam)
    activate_scheme(scheme, by=login("administrator"), at=calendar.at(IN_FORCE_FROM, 3))


def add_template() -> None:
    """The printed design with its signatory, unless somebody has set one up already."""
    if CertificateTemplate.objects.filter(is_current=True).exists():
        return
    CertificateTemplate.objects.create(
        code="touchstone",
        design="touchstone",
        signatory_name="Helena Brandt",
        signatory_name_zh="海伦娜·勃兰特",
        signatory_role="Head of Certification",
        signatory_role_zh="认证部主任",
    )


def release(plan: exams.Plan, calendar: Calendar) -> None:
    """The results of a sitting, released by the board's record; whoever meets the scheme's requirements by that has
    applied."""
    officer, scheme = login("certification_officer"), CertificationScheme.objects.get(code=SCHEME)
    results = Result.objects.filter(attempt__registration__sitting__code=plan.code(calendar)).order_by("pk")
    if not results.exists():
        return
    moment = plan.closes_at(calendar) + timedelta(days=5)
    sign_record(plan, calendar, officer, moment)
    for number, result in enumerate(results.select_related("attempt__registration__candidate")):
        if result.outcome == Result.Outcome.PASSED:
            # Told the lower package's news, the receiver would do the same, but date it today.
            open_application_if_eligible(
                result.attempt.registration.candidate, scheme, at=moment + timedelta(minutes=number, seconds=20)
            )


def sign_record(plan: exams.Plan, calendar: Calendar, officer: User, moment: datetime) -> None:
    """Drawn up and signed by the administrator, signed by the officer, and carried out."""
    sitting, administrator = Sitting.objects.get(code=plan.code(calendar)), login("administrator")
    record = draft_board_record(
        sitting, incidents=NOTHING_HAPPENED, decision=RELEASED_BECAUSE, by=administrator, at=moment - timedelta(hours=4)
    )
    sign_board_record(record, by=administrator, at=moment - timedelta(hours=3))
    sign_board_record(record, by=officer, at=moment - timedelta(minutes=1))
    release_board_record(record.pk, at=moment)


def decide(plan: exams.Plan, calendar: Calendar) -> None:
    """Decisions on a sitting's applicants. Of the summer's class one is refused and the others wait for a decision."""
    officer = login("certification_officer")
    decided_at = plan.closes_at(calendar) + timedelta(days=11)
    people = Result.objects.filter(attempt__registration__sitting__code=plan.code(calendar)).values(
        "attempt__registration__candidate"
    )
    waiting = {person.email for person in cast.ALDERMOOR_FIRST} - {REFUSED.email}
    applications = Application.objects.filter(applicant__in=people, status=Application.Status.OPEN).exclude(
        applicant__email__in=waiting
    )
    for number, application in enumerate(applications.select_related("applicant").order_by("pk")):
        refuse = application.applicant.email == REFUSED.email
        decide_application(
            application,
            outcome=CertificationDecision.Outcome.REFUSED if refuse else CertificationDecision.Outcome.GRANTED,
            reasons=REFUSED_BECAUSE if refuse else GRANTED_BECAUSE,
            by=officer,
            at=decided_at + timedelta(minutes=7 * number),
        )
    wait_from_now()


def wait_from_now() -> None:
    """A document is due from the day its certificate was issued; issued in the past, it has waited for nobody yet."""
    RenderedDocument.objects.filter(status=RenderedDocument.Status.WAITING, next_try_at__lt=timezone.now()).update(
        next_try_at=timezone.now()
    )


@dataclass(frozen=True)
class Turn:
    """Something that happened to a certificate, so many days after it was issued."""

    person: Person
    act: Callable[..., Certificate]
    days_after: int
    reason: str


TURNS = (
    Turn(
        cast.JINGHE_FIRST[1],
        suspend_certificate,
        610,
        "A customer complained that the certificate was used in an offer for work outside its scope; looked into.",
    ),
    Turn(
        cast.JINGHE_FIRST[1],
        withdraw_certificate,
        640,
        "The complaint is founded: the certificate was altered in an offer to a customer. Decided after hearing the holder.",
    ),
    Turn(
        cast.CHENGLING_FIRST[3],
        suspend_certificate,
        240,
        "A breach of the code of conduct was reported (a flaw published before its owner was told); the hearing is pending.",
    ),
    Turn(
        cast.VELMORA_FIRST[1],
        suspend_certificate,
        40,
        "The surveillance questionnaire was not answered within the period set.",
    ),
    Turn(
        cast.VELMORA_FIRST[1],
        reinstate_certificate,
        62,
        "The questionnaire has been answered in full; nothing speaks against the certificate.",
    ),
)


def take_turns(calendar: Calendar) -> None:
    """Suspended, reinstated, withdrawn, superseded by a correction, expired."""
    officer = login("certification_officer")
    for turn in TURNS:
        certificate = _certificate_of(turn.person.user)
        turn.act(certificate, reason=turn.reason, by=officer, at=_days_after(certificate, turn.days_after, calendar))
    _correct(officer, calendar)
    for certificate in Certificate.objects.filter(valid_until__lt=calendar.day(0)).order_by("pk"):
        expire_certificate(certificate, at=calendar.at((certificate.valid_until - calendar.day(0)).days + 1, 1))


def _correct(officer: User, calendar: Calendar) -> None:
    """The name was printed with a wrong character: the holder mends her profile, the officer issues a correction."""
    holder = cast.MISSPELT.user
    holder.full_name = "梁静怡"
    holder.save(update_fields=["full_name"])
    certificate = _certificate_of(holder)
    supersede_certificate(
        certificate,
        name=holder.full_name,
        family_name=holder.family_name,
        reason="The name was printed as 梁静仪; the identity card says 梁静怡.",
        by=officer,
        at=_days_after(certificate, 19, calendar),
    )
    wait_from_now()


def _certificate_of(holder: User) -> Certificate:
    return Certificate.objects.get(holder=holder, supersedes=None)


def _days_after(certificate: Certificate, days: int, calendar: Calendar) -> datetime:
    return calendar.at((certificate.issued_on - calendar.day(0)).days + days, 6)


def render_waiting() -> dict[str, int]:
    """Make the waiting documents here and now, as a worker would; what cannot be printed is parked with its reason."""
    from certificates.actions.documents import render_document
    from certificates.queries.documents import due_documents

    made: dict[str, int] = {}
    for pk in list(due_documents(timezone.now()).values_list("pk", flat=True)):
        document = render_document(pk)
        if document is not None:
            made[document.status] = made.get(document.status, 0) + 1
    return made
