"""The practice run: the same room and the same engine, on questions of no exam, leaving nothing behind after some days."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from exams.actions.bank import create_bank, create_item, save_content, write_version
from exams.actions.delivery import start_attempt
from exams.actions.papers import Area, BlueprintPlan, create_exam, define_blueprint
from exams.actions.pictures import add_picture
from exams.actions.rehearsal import remove_runs
from exams.actions.reviews import approve_subject, approve_version, submit_for_review
from exams.actions.sealing import seal_paper
from exams.actions.section_rules import allow_calculator, set_section_rules
from exams.clock import server_now
from exams.errors import NotFound
from exams.item_types import REGISTRY
from exams.models import Attempt, Exam, ItemBank, ItemVersion, Paper, PaperItem, Registration, Sitting
from exams.practice_items import ITEMS, circle_and_square
from exams.rules.practice import KEPT_FOR, PRACTICE
from exams.rules.reviewing import proposed_review
from exams.rules.sections import FORWARD_ONLY, FREE, Section
from standards.models import Competence

MINUTES, MINUTES_OF_SECOND = 30, 10
OPEN_FOR = timedelta(days=36_500)
MOST_PLACES = 1_000_000


@transaction.atomic
def set_up_practice(*, written_by: User, approved_by: User, by: User, at: datetime | None = None) -> Sitting:
    """The practice sitting; made when there is none, with its bank and its sealed paper. A second time changes nothing.

    The people are those of `load_item_bank`: a writer, a reviewer, an administrator. Needs one competence to exist.
    """
    sitting = Sitting.objects.filter(code=PRACTICE).first()
    if sitting is not None:
        return sitting
    at = at or server_now()
    bank = create_bank(PRACTICE, name="Practice run", by=by)
    versions = [_write(bank, number, written_by, approved_by) for number in range(len(ITEMS))]
    exam = _exam(bank, by)
    paper = Paper.objects.create(exam=exam, code="P", minutes=MINUTES, cut_percent=Decimal(50))
    PaperItem.objects.bulk_create(
        PaperItem(
            paper=paper,
            position=position,
            version=version,
            content_area=item.area,
            is_scored=not REGISTRY[item.type].needs_marker,
        )
        for position, (item, version) in enumerate(zip(ITEMS, versions, strict=True), start=1)
    )
    return Sitting.objects.create(
        exam=exam,
        paper=seal_paper(paper, by=by, at=at),
        code=PRACTICE,
        name="Practice run",
        opens_at=at,
        closes_at=at + OPEN_FOR,
        minutes=MINUTES,
        capacity=MOST_PLACES,
        is_rehearsal=True,
    )


def _write(bank: ItemBank, number: int, written_by: User, approved_by: User) -> ItemVersion:
    item = ITEMS[number]
    picture = ""
    if item.type == "hotspot":
        picture = str(add_picture(bank, name="shapes.png", content=circle_and_square(), by=written_by).uuid)
    created = create_item(
        bank,
        code=f"PRACTICE-{number + 1:02}",
        type=item.type,
        competence=Competence.objects.order_by("pk")[0],
        content_area=item.area,
        cognitive_level="remember",
        no_edition=True,
        review_by=proposed_review(),
        by=written_by,
    )
    version = save_content(write_version(created, by=written_by), item.content(picture), by=written_by)
    looked_at = approve_subject(submit_for_review(version, by=written_by), by=approved_by)
    return approve_version(looked_at, by=approved_by)


def _exam(bank: ItemBank, by: User) -> Exam:
    scored = [item for item in ITEMS if not REGISTRY[item.type].needs_marker]
    counts = [sum(item.area == area for item in scored) for area in (1, 2)]
    blueprint = define_blueprint(
        PRACTICE.upper(),
        bank=bank,
        plan=BlueprintPlan(
            scored_items=len(scored), pretest_items=len(ITEMS) - len(scored), minutes=MINUTES, cut_percent=Decimal(50)
        ),
        areas=[
            Area(1, "A part without its own time", "不单独计时的部分", 60, counts[0]),
            Area(2, "A part with its own time", "单独计时的部分", 40, counts[1]),
        ],
        by=by,
    )
    set_section_rules(blueprint, {1: Section(None, FREE), 2: Section(MINUTES_OF_SECOND, FORWARD_ONLY)}, by=by)
    exam = create_exam(
        PRACTICE.upper(), title="Practice run", title_zh="练习考试", blueprint=blueprint, track=None, level=None, by=by
    )
    return allow_calculator(exam, Exam.Calculator.BASIC, by=by)


@transaction.atomic
def start_practice(person: User, *, language: str, session_key: str, at: datetime | None = None) -> Attempt:
    """Begin a practice run, or come back to the one under way; a finished one is deleted first.

    Raises NotFound where no practice paper has been set up, LanguageNotOffered.
    """
    at = at or server_now()
    sitting = Sitting.objects.filter(code=PRACTICE, is_rehearsal=True).first()
    if sitting is None:
        raise NotFound
    # The person's row: two tabs that start at once find one run.
    User.objects.select_for_update().get(pk=person.pk)
    mine = Registration.objects.filter(sitting=sitting, candidate=person)
    under_way = Attempt.objects.filter(
        registration__in=mine, status__in=(Attempt.Status.OPEN, Attempt.Status.PAUSED), accept_until__gte=at
    )
    if not under_way.exists():
        remove_runs(mine)
    registration, _is_new = Registration.objects.get_or_create(
        sitting=sitting, candidate=person, defaults={"language": language, "registered_at": at}
    )
    return start_attempt(registration, session_key=session_key, at=at)


def forget_practice() -> int:
    """Delete practice runs begun some days ago; how many."""
    old = Registration.objects.filter(
        sitting__code=PRACTICE, sitting__is_rehearsal=True, registered_at__lt=server_now() - KEPT_FOR
    )
    count = old.count()
    with transaction.atomic():
        remove_runs(old)
    return count
