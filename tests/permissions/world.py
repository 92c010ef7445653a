"""One of everything, owned by Ada and by the partner she came through; and everybody who might ask for it."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents import get_document_model

from accounts.models import Role, User
from certificates.models import RegisterExport, RenderedDocument
from cms.actions.roles import set_up_roles
from courses.models import CohortCourse
from exams.actions.delivery import start_attempt
from exams.models import Accommodation, ImportBatch, Registration, SittingStaff
from partners.actions.invitations import invite_member, invite_to_cohort
from partners.rosters.applying import preview_roster
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import make_draft
from tests.factories.certificates import make_application, make_certificate, make_scheme
from tests.factories.courses import written_course
from tests.factories.exams import make_registration, make_sitting
from tests.factories.partners import CohortFactory, PlaceFactory, make_instructor, make_manager, make_partner
from tests.factories.standards import StandardFactory

ROSTER = "Name,Email,Student number\nGrace Hopper,grace@uni.example,007\n"

STAFF = {
    "author": Role.AUTHOR,
    "item_writer": Role.ITEM_WRITER,
    "item_reviewer": Role.ITEM_REVIEWER,
    "invigilator": Role.INVIGILATOR,
    "examiner": Role.EXAMINER,
    "officer": Role.CERTIFICATION_OFFICER,
    "administrator": Role.ADMINISTRATOR,
    "auditor": Role.AUDITOR,
}
PEOPLE = ("anonymous", "owner", "stranger", "manager", "instructor", "foreign_manager", *STAFF)


def _people(home: object, other: object) -> dict[str, User | None]:
    return {
        "anonymous": None,
        "owner": UserFactory(full_name="Ada Lovelace", family_name="Lovelace"),
        "stranger": UserFactory(full_name="Ben Stranger", family_name="Stranger"),
        "manager": make_manager(home),
        "instructor": make_instructor(home),
        "foreign_manager": make_manager(other, "Otto Other"),
        **{name: staff(role, name.title()) for name, role in STAFF.items()},
    }


def _stored(document: RenderedDocument) -> RenderedDocument:
    """Ready for download, without the half second it takes to print."""
    pdf = b"%PDF-1.7 a certificate"
    document.file.save("matrix.pdf", ContentFile(pdf), save=False)
    document.status, document.size, document.sha256 = "stored", len(pdf), hashlib.sha256(pdf).hexdigest()
    document.stored_at = timezone.now()
    document.save()
    return document


def build() -> SimpleNamespace:
    set_up_roles()
    home = make_partner(partner__slug="northern", partner__name="Northern University", seats=50, exam_quota=50)
    other = make_partner(partner__slug="southern", partner__name="Southern Institute")
    people = _people(home, other)
    ada, mia = people["owner"], people["manager"]
    cohort = CohortFactory(partner=home, name="Security 2026", instructor=people["instructor"])
    place = PlaceFactory(cohort=cohort, user=ada)
    leaver = PlaceFactory(cohort=cohort, user=UserFactory(full_name="Lea Leaver"))
    course = written_course(lessons=2)
    practice_key = "q-single"
    CohortCourse.objects.create(cohort=cohort, course=course)
    certificate = make_certificate(ada, place=place)
    application = make_application(ada, make_scheme(), place=place)
    sitting = make_sitting()
    registration = make_registration(sitting, ada)
    attempt = start_attempt(make_registration(make_sitting(sitting.paper), ada), session_key="s" * 32)
    duty = SittingStaff.objects.create(sitting=attempt.registration.sitting, user=people["invigilator"], duty="invigilator")
    item_version = make_draft()
    document = _stored(RenderedDocument.objects.get(certificate=certificate))
    return SimpleNamespace(
        home=home,
        other=other,
        people=people,
        cohort=cohort,
        place=place,
        leaver=leaver,
        duty=duty,
        practice_key=practice_key,
        course=course,
        lesson=course.lessons.first(),
        certificate=certificate,
        application=application,
        document=document,
        film=get_document_model().objects.create(title="Film", file=ContentFile(b"webm", "film.webm")),
        sitting=sitting,
        registration=registration,
        attempt=attempt,
        result=Registration.objects.filter(candidate=ada, attempts__result__status="released")
        .get(sitting__exam=certificate.scheme.requirements.get(exam__isnull=False).exam)
        .attempts.get()
        .result,
        offer=invite_to_cohort(cohort, email="li@uni.example", full_name="李明", by=mia),
        roster=preview_roster(cohort, content=ROSTER.encode(), file_name="list.csv", by=mia),
        member_offer=invite_member(home, email="new@uni.example", role="instructor", by=mia),
        export=RegisterExport.objects.create(partner=home, asked_by=mia),
        membership=home.memberships.get(user=people["instructor"]),
        standard=StandardFactory(),
        item_version=item_version,
        item_import=ImportBatch.objects.create(
            bank=item_version.item.bank,
            format="gift",
            file_name="bank.gift",
            status="checked",
            uploaded_by=people["item_writer"],
        ),
        accommodation=Accommodation.objects.create(
            candidate=ada,
            extra_time_percent=25,
            valid_from="2026-01-01",
            valid_until="2030-01-01",
            granted_by=people["administrator"],
        ),
    )
