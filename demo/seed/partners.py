"""Six institutions that send people: what was agreed with each, and who works for it."""

from __future__ import annotations

from dataclasses import dataclass

from demo.seed.people import BY_KEY, Person, ensure_people
from demo.seed.steps import Calendar
from partners.actions.memberships import add_member
from partners.actions.partners import create_partner, sign_agreement
from partners.models import Membership, Partner


@dataclass(frozen=True)
class Terms:
    """An agreement: its first and last day, seats and exam places."""

    first: int
    last: int
    seats: int
    exam_quota: int


@dataclass(frozen=True)
class Institution:
    slug: str
    name: str
    name_zh: str
    kind: str
    contact: str
    terms: tuple[Terms, ...]
    managers: tuple[Person, ...]
    instructors: tuple[Person, ...] = ()


LONG_AGO = Terms(-1461, -366, 60, 120)
RENEWED = Terms(-365, 730, 80, 160)

JINGHE = Institution(
    "jinghe-university",
    "Jinghe University",
    "镜河大学",
    Partner.Kind.UNIVERSITY,
    "training@jinghe.example",
    (LONG_AGO, RENEWED),
    (BY_KEY["partner_manager"].person,),
    (BY_KEY["instructor"].person,),
)
ALDERMOOR = Institution(
    "university-of-aldermoor",
    "University of Aldermoor",
    "奥德穆尔大学",
    Partner.Kind.UNIVERSITY,
    "professional.education@aldermoor.example",
    (Terms(-330, 400, 30, 45),),
    (Person("manager@aldermoor.example", "Philippa Goodenough", "Goodenough"),),
    (BY_KEY["certification_officer_instructor"].person,),
)
CHENGLING = Institution(
    "chengling-institute",
    "Chengling Institute of Standardisation",
    "澄岭标准化研究院",
    Partner.Kind.INSTITUTE,
    "peixun@chengling.example",
    (Terms(-900, -171, 25, 40), Terms(-170, 560, 30, 60)),
    (BY_KEY["partner_manager_institute"].person,),
    (Person("qiu.shaoqing@chengling.example", "邱少卿", "邱", "zh-hans"),),
)
FJORDVIK = Institution(
    "fjordvik-institute",
    "Fjordvik Institute for Trustworthy Systems",
    "峡湾可信系统研究所",
    Partner.Kind.INSTITUTE,
    "learning@fjordvik.example",
    (Terms(-420, 310, 20, 30),),
    (Person("manager@fjordvik.example", "Torbjørn Eikeland", "Eikeland"),),
    (Person("maja.strand@fjordvik.example", "Maja Strand", "Strand"),),
)
HENGCHUAN = Institution(
    "hengchuan-intelligence",
    "Hengchuan Intelligent Systems",
    "衡川智能系统有限公司",
    Partner.Kind.ENTERPRISE,
    "academy@hengchuan.example",
    (LONG_AGO, RENEWED),
    (BY_KEY["partner_manager_enterprise"].person,),
    (Person("tao.yuanming@hengchuan.example", "陶远铭", "陶", "zh-hans"),),
)
VELMORA = Institution(
    "velmora-mobility",
    "Velmora Mobility",
    "维尔摩拉出行",
    Partner.Kind.ENTERPRISE,
    "people@velmora.example",
    (Terms(-300, 65, 12, 16),),
    (Person("manager@velmora.example", "Inés Carvalho", "Carvalho"),),
    (Person("stefan.roth@velmora.example", "Stefan Roth", "Roth"),),
)
INSTITUTIONS = (JINGHE, ALDERMOOR, CHENGLING, FJORDVIK, HENGCHUAN, VELMORA)


def take_in(institution: Institution, calendar: Calendar) -> Partner:
    """The partner with its agreements, its managers and those who teach."""
    partner = create_partner(
        slug=institution.slug,
        name=institution.name,
        name_zh=institution.name_zh,
        kind=institution.kind,
        contact_email=institution.contact,
        by=None,
    )
    for terms in institution.terms:
        sign_agreement(
            partner,
            reference=f"TS-{calendar.day(terms.first):%Y}-{institution.slug.split('-')[-1].upper()}",
            starts_on=calendar.day(terms.first),
            ends_on=calendar.day(terms.last),
            seats=terms.seats,
            exam_quota=terms.exam_quota,
            by=None,
        )
    users = ensure_people([*institution.managers, *institution.instructors])
    for people, role in (
        (institution.managers, Membership.Role.MANAGER),
        (institution.instructors, Membership.Role.INSTRUCTOR),
    ):
        for person in people:
            add_member(partner, users[person.email], role=role, by=None)
    return partner
