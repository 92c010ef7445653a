"""The exam AIS-PT-L1: two sealed papers and the sittings of three years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from demo.seed.partners import HENGCHUAN
from demo.seed.people import login
from demo.seed.steps import Calendar
from exams.actions.papers import draw_paper
from exams.actions.sealing import seal_paper
from exams.actions.sittings import assign_staff, close_sitting, schedule_sitting
from exams.models import Exam, Paper, Sitting, SittingStaff
from partners.models import Partner

EXAM = "AIS-PT-L1"
# Any two numbers would do; these are written down so that every demonstration asks the same questions.
PAPERS = {"A": 20260101, "B": 20260202}
SEALED_ON = -1240


@dataclass(frozen=True)
class Plan:
    """A sitting: the days it is open, its paper, its places; only for the people of `partner` where one is named."""

    key: str
    paper: str
    first: int
    days: int = 2
    capacity: int = 40
    partner: str | None = None

    def code(self, calendar: Calendar) -> str:
        ending = "-hengchuan" if self.partner else ""
        return f"pt-l1-{calendar.day(self.first):%Y-%m-%d}{ending}"

    def opens_at(self, calendar: Calendar) -> datetime:
        return calendar.at(self.first, 1)

    def closes_at(self, calendar: Calendar) -> datetime:
        return calendar.at(self.first + self.days - 1, 10)


FIRST = Plan("first", "A", -1190)
SECOND = Plan("second", "A", -1050)
THIRD = Plan("third", "B", -420)
SPRING = Plan("spring", "A", -150)
IN_HOUSE = Plan("in_house", "B", -135, days=1, capacity=12, partner=HENGCHUAN.slug)
SUMMER = Plan("summer", "B", -48)
LATEST = Plan("latest", "A", -12)
OPEN = Plan("open", "A", -5, days=57, capacity=200)
NEXT = Plan("next", "B", 70)
SITTINGS = (FIRST, SECOND, THIRD, SPRING, IN_HOUSE, SUMMER, LATEST, OPEN, NEXT)


def seal_papers(calendar: Calendar) -> None:
    """Papers A and B, drawn from the blueprint and frozen in both languages."""
    administrator, exam = login("administrator"), Exam.objects.get(code=EXAM)
    for number, (code, seed) in enumerate(PAPERS.items()):
        paper = draw_paper(exam, code=code, seed=seed, by=administrator, at=calendar.at(SEALED_ON, 3 + number))
        seal_paper(paper, by=administrator, at=calendar.at(SEALED_ON + 2, 3 + number))


def schedule(plan: Plan, calendar: Calendar) -> Sitting:
    """One sitting with its invigilator and its examiner."""
    administrator, exam = login("administrator"), Exam.objects.get(code=EXAM)
    partner = Partner.objects.get(slug=plan.partner) if plan.partner else None
    moment = calendar.at(min(plan.first, 0) - 60, 6)
    sitting = schedule_sitting(
        exam,
        Paper.objects.get(exam=exam, code=plan.paper),
        code=plan.code(calendar),
        name=_name(plan, calendar, partner),
        opens_at=plan.opens_at(calendar),
        closes_at=plan.closes_at(calendar),
        capacity=plan.capacity,
        break_minutes=10,
        partner=partner,
        by=administrator,
        at=moment,
    )
    for user, duty in on_duty().items():
        assign_staff(sitting, user, duty=duty, by=administrator, at=moment)
    return sitting


def _name(plan: Plan, calendar: Calendar, partner: Partner | None) -> str:
    """A name that reads the same in every language: the exam, the month, and the institution where it is one's own."""
    parts = [EXAM, f"{calendar.day(plan.first):%Y-%m}", *([partner.name] if partner else [])]
    return " · ".join(parts)


def on_duty() -> dict[User, str]:
    return {login("invigilator"): SittingStaff.Duty.INVIGILATOR, login("examiner"): SittingStaff.Duty.EXAMINER}


def sitting_of(plan: Plan, calendar: Calendar) -> Sitting:
    return Sitting.objects.get(code=plan.code(calendar))


def close_past_sittings(calendar: Calendar) -> None:
    """What is over is closed, the day after."""
    for plan in SITTINGS:
        if plan.closes_at(calendar) < calendar.begun_at:
            close_sitting(sitting_of(plan, calendar), by=login("administrator"), at=calendar.at(plan.first + plan.days, 3))
