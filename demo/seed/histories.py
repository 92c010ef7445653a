"""What became of each cohort, and of those who came alone: invited, taught, registered, examined, finished."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from accounts.models import User
from courses.actions.cohorts import enrol_place
from demo.seed import cast, exams, partners
from demo.seed.learning import answered_outline, courses, finish_courses, study
from demo.seed.people import BY_KEY, Person, ensure_people, login
from demo.seed.sitting_past import sit
from demo.seed.steps import Calendar
from exams.actions.accommodations import grant_accommodation
from exams.actions.registering import register_candidate
from exams.models import Registration, Sitting
from partners.actions.cohorts import create_cohort, finish_cohort, start_cohort
from partners.actions.invitations import accept_offer, invite_to_cohort, withdraw_invitation
from partners.models import Cohort, CohortPlace, Invitation, Partner
from partners.rosters.applying import apply_roster, preview_roster
from portal.actions import plan_cohort, register_cohort

HALF_WAY = (8, 0, 3, 5, 6, 7, 9, 2)
WITH_EXTRA_TIME = "lars.bjornstad@fjordvik.example"
RUNS_OUT_OF_TIME = "deng.ziyang@hengchuan.example"


@dataclass(frozen=True)
class Group:
    """A cohort of the story: its days, its people, and how far it has come."""

    key: str
    institution: partners.Institution
    title: str
    first: int
    last: int
    people: tuple[Person, ...]
    sitting: exams.Plan | None = None
    stage: str = "finished"  # planned | running | waiting | examined | finished

    def code(self, calendar: Calendar) -> str:
        return f"pt-l1-{calendar.day(self.first):%Y-%m}"

    def name(self, calendar: Calendar) -> str:
        return f"{self.title} {calendar.day(self.first):%Y-%m}"


CLASS_ZH, CLASS_EN = "人工智能安全工程班", "Secure AI for engineers"
STAFF_ZH, STAFF_EN = "智能产品安全岗位培训", "Product security onboarding"
GROUPS = (
    Group("jinghe 1", partners.JINGHE, CLASS_ZH, -1290, -1180, cast.JINGHE_FIRST, exams.FIRST),
    Group("hengchuan 1", partners.HENGCHUAN, STAFF_ZH, -1130, -1045, cast.HENGCHUAN_FIRST, exams.SECOND),
    Group("jinghe 2", partners.JINGHE, CLASS_ZH, -520, -410, cast.JINGHE_SECOND, exams.THIRD),
    Group("chengling 1", partners.CHENGLING, CLASS_ZH, -500, -405, cast.CHENGLING_FIRST, exams.THIRD),
    Group("fjordvik 1", partners.FJORDVIK, CLASS_EN, -250, -140, cast.FJORDVIK_FIRST, exams.SPRING),
    Group("velmora 1", partners.VELMORA, STAFF_EN, -230, 40, cast.VELMORA_FIRST, exams.SPRING, "examined"),
    Group("hengchuan 2", partners.HENGCHUAN, STAFF_ZH, -225, 30, cast.HENGCHUAN_SECOND, exams.IN_HOUSE, "examined"),
    Group("aldermoor 1", partners.ALDERMOOR, CLASS_EN, -140, 20, cast.ALDERMOOR_FIRST, exams.SUMMER, "examined"),
    Group("chengling 2", partners.CHENGLING, CLASS_ZH, -110, 25, cast.CHENGLING_SECOND, exams.LATEST, "examined"),
    Group("fjordvik 2", partners.FJORDVIK, CLASS_EN, -95, 90, cast.FJORDVIK_SECOND, exams.NEXT, "waiting"),
    Group("hengchuan 3", partners.HENGCHUAN, STAFF_ZH, -90, 75, cast.HENGCHUAN_THIRD, exams.OPEN, "waiting"),
    Group("jinghe 3", partners.JINGHE, CLASS_ZH, -55, 80, cast.JINGHE_THIRD, exams.NEXT, "running"),
    Group("velmora 2", partners.VELMORA, STAFF_EN, -35, 60, cast.VELMORA_SECOND, exams.NEXT, "running"),
    Group("jinghe 4", partners.JINGHE, CLASS_ZH, 24, 150, cast.JINGHE_INVITED, None, "planned"),
    Group("aldermoor 2", partners.ALDERMOOR, CLASS_EN, 31, 140, cast.ALDERMOOR_INVITED, None, "planned"),
)


def live(group: Group, calendar: Calendar) -> None:
    """Everything that has happened to a cohort so far."""
    partner = Partner.objects.get(slug=group.institution.slug)
    manager = group.institution.managers[0].user
    cohort = create_cohort(
        partner,
        code=group.code(calendar),
        name=group.name(calendar),
        starts_on=calendar.day(group.first),
        ends_on=calendar.day(group.last),
        instructor=group.institution.instructors[0].user,
        by=manager,
    )
    ahead = group.sitting is not None and group.sitting.closes_at(calendar) > calendar.begun_at
    tied = [exams.sitting_of(group.sitting, calendar)] if group.sitting and ahead else []
    plan_cohort(cohort, courses=courses(), sittings=tied, by=manager)
    if group.stage == "planned":
        return _invite(cohort, group, manager, calendar)
    users = ensure_people(group.people)
    for person in group.people:
        _join(cohort, person, users[person.email], manager, calendar.at(group.first - 9, 6))
    start_cohort(cohort, by=manager)
    _teach(cohort, group, calendar)
    if group.sitting and group.stage != "running":
        register_everybody(cohort, exams.sitting_of(group.sitting, calendar), manager, calendar)
    if group.stage in ("examined", "finished"):
        examine(cohort, group, calendar)
    if group.stage == "finished":
        finish_cohort(cohort, by=manager)
    return None


def _invite(cohort: Cohort, group: Group, manager: User, calendar: Calendar) -> None:
    """The next class: a roster uploaded, invitations on their way, one accepted at once, one taken back."""
    lines = [
        "姓名,姓,邮箱,学号,语言" if group.people[0].language != "en" else "Name,Family name,E-mail,Student number,Language"
    ]
    for number, person in enumerate(group.people, 1):
        lines.append(
            f"{person.name},{person.family},{person.email},{calendar.day(group.first):%Y}{number:04d},{person.language}"
        )
    content = ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()
    roster = preview_roster(cohort, content=content, file_name=f"roster-{cohort.code}.csv", by=manager)
    apply_roster(roster, by=manager, at=calendar.begun_at)
    invitations = list(Invitation.objects.filter(place__cohort=cohort).order_by("pk"))
    accepts = ensure_people(group.people[:1])[group.people[0].email]
    accept_offer(invitations[0], by=accepts, at=calendar.begun_at + timedelta(minutes=1))
    if len(invitations) > 4:
        withdraw_invitation(invitations[-1], by=manager)


def _join(cohort: Cohort, person: Person, user: User, manager: User, at: datetime) -> CohortPlace:
    """Invited and accepted, with the courses' places dated to that day and not to the seed's."""
    invitation = invite_to_cohort(
        cohort,
        email=person.email,
        full_name=person.name,
        family_name=person.family,
        language=person.language,
        by=manager,
        at=at,
    )
    joined_at = at + timedelta(hours=3 + Random(person.email).randrange(60))  # noqa: S311 (variety, no secret)
    accept_offer(invitation, by=user, at=joined_at)
    place = CohortPlace.objects.select_related("cohort", "user").get(cohort=cohort, user=user)
    enrol_place(place, at=joined_at)
    return place


def _teach(cohort: Cohort, group: Group, calendar: Calendar) -> None:
    """Both courses done well before the sitting; a running class is somewhere on its way."""
    running = group.stage == "running"
    last = -1 if running or group.sitting is None else min(group.sitting.first - 6, -8)
    places = cohort.places.filter(status=CohortPlace.Status.ACTIVE).select_related("user", "cohort")
    by_email = {place.email: place for place in places}
    lessons = [] if running else answered_outline()
    for number, person in enumerate(group.people):
        place = by_email[person.email]
        if place.user is None:
            continue
        first, until = calendar.at(group.first), calendar.at(last)
        if running:
            study(place.user, place=place, lessons=HALF_WAY[number % len(HALF_WAY)], first=first, last=until)
        else:
            finish_courses(place.user, place=place, lessons=lessons, first=first, last=until)


def register_everybody(cohort: Cohort, sitting: Sitting, manager: User, calendar: Calendar) -> None:
    """The whole cohort into a sitting two weeks ahead, each in their own language."""
    moment = calendar.past(sitting.opens_at - timedelta(days=14, hours=-4))
    report = register_cohort(cohort, sitting, by=manager, at=moment)
    refused = [f"{each.place.email}: {each.text}" for each in report if each.kind == "refused"]
    if refused:
        raise RuntimeError(f"The demonstration's people cannot be registered: {refused}")


def examine(cohort: Cohort, group: Group, calendar: Calendar) -> None:
    """Everybody of the cohort who has something to show sits the paper."""
    share = {person.email: person.score for person in group.people}
    registrations = Registration.objects.filter(place__cohort=cohort).select_related("candidate", "sitting__paper", "place")
    for registration in registrations.order_by("pk"):
        known = share[registration.candidate.email]
        if known is not None:
            _sit(registration, known, calendar)


def _sit(registration: Registration, share: float, calendar: Calendar) -> None:
    candidate = registration.candidate
    if candidate.email == WITH_EXTRA_TIME:
        opens_on = registration.sitting.opens_at.date()
        grant_accommodation(
            candidate,
            extra_time_percent=25,
            break_minutes=15,
            text_size=125,
            valid_from=opens_on - timedelta(days=30),
            valid_until=opens_on + timedelta(days=335),
            reason="Reading glasses with prism; certificate of an optometrist seen.",
            by=login("administrator"),
            at=registration.sitting.opens_at - timedelta(days=20),
        )
    minutes = Random(candidate.email).randrange(5, 300)  # noqa: S311 (variety, no secret)
    started_at = registration.sitting.opens_at + timedelta(minutes=minutes)
    sit(registration, share=share, at=started_at, runs_out_of_time=candidate.email == RUNS_OUT_OF_TIME)


def live_alone(person: Person, sittings: tuple[tuple[exams.Plan, float], ...], calendar: Calendar) -> None:
    """Somebody without a partner: both courses, then each of these sittings with what they knew by then."""
    user = ensure_people([person])[person.email]
    first = min(sittings[0][0].first, 0)
    finish_courses(user, lessons=answered_outline(), first=calendar.at(first - 80), last=calendar.at(first - 15))
    for plan, share in sittings:
        sitting = exams.sitting_of(plan, calendar)
        at = calendar.past(sitting.opens_at - timedelta(days=10))
        registration = register_candidate(sitting, candidate=user, at=at)
        if sitting.closes_at < calendar.begun_at:
            _sit(registration, share, calendar)


ALONE: tuple[tuple[Person, tuple[tuple[exams.Plan, float], ...]], ...] = (
    (cast.ALONE[0], ((exams.SPRING, 0.91),)),
    (cast.ALONE[1], ((exams.SUMMER, 0.86),)),
    (cast.ALONE[2], ((exams.THIRD, 0.66),)),
    (cast.RETAKER, ((exams.SPRING, 0.48), (exams.SUMMER, 0.79))),
    (BY_KEY["candidate"].person, ((exams.OPEN, 0.0),)),
    (BY_KEY["candidate_3"].person, ((exams.OPEN, 0.0),)),
)
