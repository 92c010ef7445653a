"""One of everything that the back office of exams leads to, and who comes there."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from exams.actions.accommodations import grant_accommodation
from exams.actions.added_time import add_time
from exams.actions.appeals import open_appeal
from exams.actions.bank import write_version
from exams.actions.board_records import draft_board_record
from exams.actions.comments import write_comment
from exams.actions.cut_studies import add_judge, begin_round, open_study
from exams.actions.delivery import start_attempt
from exams.actions.overlaps import create_overlap_group
from exams.actions.remark_proposals import propose_remark
from exams.actions.remarks import run_remark_dry
from exams.actions.reviews import submit_for_review
from exams.actions.sittings import assign_staff
from exams.actions.stimuli import create_stimulus
from exams.assembly.plan import Specification
from exams.models import (
    AnswerSheet,
    Attempt,
    BoardRecord,
    Exam,
    ImportBatch,
    LateBundle,
    Paper,
    PaperSet,
    Remark,
    ReportDocument,
    ResultAppeal,
    SpareSwap,
    TechnicalReport,
)
from tests.factories.accounts import UserFactory, staff
from tests.factories.attempts import scored
from tests.factories.bank import (
    administrator,
    cleo,
    make_approved,
    make_draft,
    make_picture,
    rita,
)
from tests.factories.exams import PersonFactory, make_paper, make_registration, make_sitting
from tests.factories.marking import allocated, marked_sitting, wrote
from tests.factories.results import release_sitting

WRITER, REVIEWER, ADMINISTRATOR = Role.ITEM_WRITER, Role.ITEM_REVIEWER, Role.ADMINISTRATOR
BANK = {WRITER, REVIEWER, ADMINISTRATOR}


def a_late_bundle(attempt: Attempt) -> LateBundle:
    """One answer that came after the exam was closed."""
    answers = [{"position": 3, "seq": 2, "response": {"value": "7"}, "changed_at": "2026-11-25T10:00:00Z"}]
    return LateBundle.objects.create(
        attempt=attempt, answers=answers, reason="The network was down.", received_at=timezone.now(), sha256="0" * 64
    )


def a_report(paper: Paper) -> TechnicalReport:
    """A finished report on nobody's answers, with a file, without the second that printing takes."""
    figures = {
        "candidates": 0, "repeats": 0, "scored_items": 0, "pretest_items": 0, "sittings": [], "refused": [], "paper": None,
        "consistency": None, "models": {}, "groups": [], "drift": None, "items": [],
    }  # fmt: skip
    now = timezone.now()
    report = TechnicalReport.objects.create(
        paper=paper, asked_by=administrator(), asked_at=now, ready_at=now, status="ready", figures=figures
    )
    ReportDocument.objects.create(report=report, language="en", file=ContentFile(b"%PDF-1.7 a report", "report.pdf"))
    return report


def results_at_work(exam: Exam, candidate: User | None = None) -> tuple[Remark, BoardRecord, ResultAppeal]:
    """A re-mark that awaits its second person, a draft record, and an appeal: each with a sitting of its own."""
    board = staff(Role.ADMINISTRATOR, "Board Member")
    paper = make_paper(exam)
    released = make_sitting(paper)
    result = scored(released, candidate or UserFactory(), {})
    release_sitting(released)
    result.refresh_from_db()
    appeal = open_appeal(result, reason="It was loud.", by=result.attempt.registration.candidate)
    version = released.paper.items.get(position=1).version
    remark = propose_remark(version, kind="drop", keys=[], reason="Wrong.", words="Unclear.", words_zh="不清。", by=board)
    run_remark_dry(remark.pk)
    held = make_sitting(paper)
    scored(held, UserFactory(), {})
    return remark, draft_board_record(held, incidents="None.", decision="Release.", by=board), appeal


class World:
    """One of everything the addresses lead to."""

    def __init__(self) -> None:
        self.version = submit_for_review(make_draft(), by=cleo())
        self.live = make_approved(bank=self.version.item.bank)
        self.second = write_version(self.live.item, by=cleo())
        bank = self.live.item.bank
        self.case = create_stimulus(bank, code="C-1", texts={"en": "<p>A case</p>"}, by=cleo())
        self.comment = write_comment(self.version, "Too long", by=cleo())
        self.overlap = create_overlap_group(bank, code="OG-1", name="One thing", items=[self.live.item], by=cleo())
        self.picture = make_picture(bank)
        self.batch = ImportBatch.objects.create(
            bank=self.version.item.bank, format="gift", file_name="bank.gift", status="checked", uploaded_by=cleo()
        )
        self.paper = make_paper()
        self.late = a_late_bundle(start_attempt(make_registration(make_sitting())))
        self.report = a_report(self.paper)
        self.study = open_study(self.paper, borderline="Just able.", borderline_zh="刚好达到。", by=administrator())
        self.judge = staff(Role.EXAMINER, "The Judge")
        for judge in (self.judge, cleo(), rita()):
            add_judge(self.study, judge, by=administrator())
        begin_round(self.study, by=administrator())
        self.marked = marked_sitting("file_upload", marking="single", examiners=0)
        assign_staff(self.marked, self.judge, duty="examiner", by=administrator())
        wrote(self.marked)
        (self.mark,) = allocated(self.marked)
        self.sitting = make_sitting(self.paper, opens_at=timezone.now() + timedelta(hours=1))
        self.duty = assign_staff(self.sitting, staff(Role.INVIGILATOR, "On Duty"), duty="invigilator", by=administrator())
        make_registration(self.sitting)
        self.on_paper = make_registration(self.sitting, PersonFactory())
        self.sheet = AnswerSheet.objects.create(
            registration=make_registration(self.sitting, PersonFactory()),
            paper=self.paper,
            language="en",
            reason="Power cut",
            started_at=self.sitting.opens_at,
            opened_by=self.duty.user,
            opened_at=self.sitting.opens_at,
        )
        self.paper_set = PaperSet.objects.create(
            exam=self.paper.exam,
            code="set",
            paper_count=2,
            status="infeasible",
            asked_by=administrator(),
            asked_at=timezone.now(),
            plan=Specification(letters=("A", "B"), areas={1: 2, 2: 2}).as_json(),
            report={"gaps": [{"count": 2, "area": 1, "level": "apply"}], "gaps_are_fewest": True, "tight": {}},
        )
        self.swap = SpareSwap.objects.create(
            sitting=self.sitting,
            paper_before=self.paper,
            paper_after=make_paper(self.paper.exam),
            reason="Seen",
            proposed_by=staff(Role.ADMINISTRATOR, "Another"),
            proposed_at=timezone.now(),
        )
        self.running = make_registration(make_sitting(self.paper))
        self.attempt = start_attempt(self.running)
        self.watcher = self.duty.user
        assign_staff(self.running.sitting, self.watcher, duty="invigilator", by=administrator())
        self.added = add_time(self.attempt, minutes=5, category="technical", by=administrator())
        self.remark, self.record, self.appeal = results_at_work(self.paper.exam)
        today = timezone.localdate()
        self.accommodation = grant_accommodation(
            UserFactory(), extra_time_percent=25, valid_from=today, valid_until=today, by=administrator()
        )


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
