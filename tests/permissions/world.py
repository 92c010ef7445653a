"""One of everything, owned by Ada and by the partner she came through; and everybody who might ask for it."""

from __future__ import annotations

import hashlib
from io import BytesIO
from types import SimpleNamespace

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.utils import timezone
from PIL import Image as PillowImage
from wagtail.admin.models import EditingSession
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.search_promotions.models import Query
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Locale,
    PageViewRestriction,
    UploadedFile,
    Workflow,
)
from wagtail_localize.models import Translation, TranslationSource

from accounts.models import Role, User
from certificates.models import CorrectedResult, RegisterExport, RenderedDocument
from cms.actions.roles import set_up_roles
from cms.models import HomePage
from courses.models import CohortCourse
from exams.actions.added_time import add_time
from exams.actions.comments import write_comment
from exams.actions.cut_studies import add_judge, begin_round, open_study
from exams.actions.delivery import start_attempt
from exams.actions.overlaps import create_overlap_group
from exams.actions.sealing import seal_paper
from exams.actions.stimuli import create_stimulus
from exams.assembly.plan import Specification
from exams.content import Wording
from exams.models import (
    Accommodation,
    AnswerSheet,
    CutStudy,
    ImportBatch,
    Mark,
    PaperSet,
    PrintedPaper,
    Registration,
    SittingStaff,
    SpareSwap,
)
from partners.actions.invitations import invite_member, invite_to_cohort
from partners.rosters.applying import preview_roster
from tests.exams.back_office import a_late_bundle, a_report, results_at_work
from tests.factories.accounts import UserFactory, staff
from tests.factories.bank import cleo, make_approved, make_draft, make_paper_of, make_picture
from tests.factories.certificates import make_application, make_certificate, make_scheme
from tests.factories.courses import home_page, written_course
from tests.factories.exams import make_paper, make_registration, make_sitting
from tests.factories.marking import allocated, marked_sitting, wrote
from tests.factories.partners import CohortFactory, PlaceFactory, make_instructor, make_manager, make_partner
from tests.factories.standards import StandardFactory
from tests.permissions.passkey import registration

PASSKEY = {"name": "Key", "credential": registration()}
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


def _studied(people: dict[str, User | None]) -> CutStudy:
    """Round 1 of a study in which the examiner judges, and no other of the people."""
    chair, judge = people["administrator"], people["examiner"]
    study = open_study(make_paper(), borderline="Just able.", borderline_zh="刚好达到。", by=chair)
    for person in (judge, staff(Role.EXAMINER, "Second Judge")):
        add_judge(study, person, by=chair)
    return begin_round(study, by=chair)


def _marked(people: dict[str, User | None]) -> Mark:
    """Ada's file, which the examiner marks, and no other of the people."""
    sitting = marked_sitting("file_upload", marking="single", examiners=0)
    SittingStaff.objects.create(sitting=sitting, user=people["examiner"], duty="examiner")
    wrote(sitting, people["owner"])
    return allocated(sitting)[0]


def furnish(people: dict[str, User | None]) -> SimpleNamespace:
    """One of each thing that Wagtail's and allauth's own addresses are about. The passkey is Ada's."""
    page = (
        home_page().get_parent().specific.add_child(instance=HomePage(title="Draft", slug="draft", headline="Soon", live=False))
    )
    page.save_revision()
    root = Collection.get_first_root_node()
    collection = root.add_child(instance=Collection(name="Films"))
    picture = BytesIO()
    PillowImage.new("RGB", (8, 8)).save(picture, "PNG")
    workflow = Workflow.objects.filter(active=True).first()
    source, _is_new = TranslationSource.get_or_create_from_instance(page)
    translation = Translation.objects.create(
        source=source, target_locale=Locale.objects.get_or_create(language_code="zh-hans")[0]
    )
    translation.save_target(user=people["author"], publish=False)
    return SimpleNamespace(
        page=page,
        collection=collection,
        image=get_image_model().objects.create(title="Dot", file=ImageFile(picture, "dot.png")),
        upload=UploadedFile.objects.create(file=ContentFile(b"x", "x.png"), uploaded_by_user=people["author"]),
        task_state=workflow.start(page, people["author"]).current_task_state,
        editing=EditingSession.objects.create(
            user=people["author"], content_type=ContentType.objects.get_for_model(page), object_id=page.pk,
            last_seen_at=timezone.now(),
        ),
        redirect=Redirect.objects.create(old_path="/old", redirect_link="/new"),
        query=Query.get("sovereign"),
        collection_restriction=CollectionViewRestriction.objects.create(
            collection=collection, restriction_type="password", password="x"
        ),
        page_restriction=PageViewRestriction.objects.create(page=page, restriction_type="password", password="x"),
        translation=translation,
        passkey=Authenticator.objects.create(user=people["owner"], type="webauthn", data=PASSKEY),
        first=lambda app, model: apps.get_model(app, model)._default_manager.values_list("pk", flat=True).first() or 999_999,
    )  # fmt: skip


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
    picture = make_picture()
    shown = Wording(f'<p><img src="picture:{picture.uuid}" alt="A network"></p>', "<p>Because.</p>", "Lesson 1")
    words = {"en": shown, "zh-hans": shown}
    pictured = seal_paper(make_paper_of([make_approved(bank=picture.bank, wordings=words)]), by=people["administrator"])
    start_attempt(make_registration(make_sitting(pictured), ada), session_key="s" * 32)
    a_report(sitting.paper)
    make_sitting(sitting.paper, code="practice", is_rehearsal=True)
    duty = SittingStaff.objects.create(sitting=attempt.registration.sitting, user=people["invigilator"], duty="invigilator")
    watched = attempt.registration.sitting
    item_version = make_draft()
    remark, board_record, appeal = results_at_work(sitting.exam, ada)
    document = _stored(RenderedDocument.objects.get(certificate=certificate))
    return SimpleNamespace(
        **furnish(people).__dict__,
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
        on_paper=make_registration(watched, UserFactory(full_name="Pen Writer")),
        booklet=PrintedPaper.objects.create(
            sitting=watched,
            paper=watched.paper,
            language="en",
            status="ready",
            asked_by=people["administrator"],
            asked_at=watched.opens_at,
            file=ContentFile(b"%PDF-1.7 a booklet", "booklet.pdf"),
            sha256="0" * 64,
        ),
        sheet=AnswerSheet.objects.create(
            registration=make_registration(watched, UserFactory(full_name="Ink Writer")),
            paper=watched.paper,
            language="en",
            reason="Power cut",
            started_at=watched.opens_at,
            opened_by=people["invigilator"],
            opened_at=watched.opens_at,
        ),
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
        late=a_late_bundle(attempt),
        cut_study=_studied(people),
        mark=_marked(people),
        remark=remark,
        board_record=board_record,
        appeal=appeal,
        corrected=CorrectedResult.objects.create(
            application=application, change=remark.changes.first(), noted_at=timezone.now()
        ),
        item_version=item_version,
        comment=write_comment(item_version, "Too long", by=cleo()),
        overlap=create_overlap_group(item_version.item.bank, code="OG-1", name="One thing", by=cleo()),
        case=create_stimulus(item_version.item.bank, code="C-1", texts={"en": "<p>A case</p>"}, by=cleo()),
        picture=picture,
        paper_set=PaperSet.objects.create(
            exam=sitting.exam,
            code="matrix",
            paper_count=2,
            status="failed",
            asked_at=timezone.now(),
            plan=Specification(letters=("A", "B"), areas={1: 2, 2: 2}).as_json(),
        ),
        swap=SpareSwap.objects.create(
            sitting=sitting,
            paper_before=sitting.paper,
            paper_after=make_paper(sitting.exam),
            reason="Seen",
            proposed_by=staff(Role.ADMINISTRATOR, "Another"),
            proposed_at=timezone.now(),
        ),
        item_import=ImportBatch.objects.create(
            bank=item_version.item.bank,
            format="gift",
            file_name="bank.gift",
            status="checked",
            uploaded_by=people["item_writer"],
        ),
        added=add_time(attempt, minutes=5, category="technical", by=people["administrator"]),
        accommodation=Accommodation.objects.create(
            candidate=ada,
            extra_time_percent=25,
            valid_from="2026-01-01",
            valid_until="2030-01-01",
            granted_by=people["administrator"],
        ),
    )
