"""Everybody with an account: a login for each role, and the people of the story, who have none to sign in with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.actions.people import create_account
from accounts.actions.roles import grant_role
from accounts.models import Role, User

# Published: it opens nothing but demonstrations, and the seed refuses to run on anything else.
PASSWORD = "gold-leaves-a-streak-2026"  # noqa: S105
# For the one login that walks the two-step road: add it to any authenticator app (base 32, 6 digits, 30 seconds).
TOTP_SECRET = "TOUCHSTONEDEMOSECRETFORTWOSTEPS2"  # noqa: S105
WITH_TOTP = "administrator_totp"


@dataclass(frozen=True)
class Person:
    """Somebody of the story. `score` is the share of the paper this person knows."""

    email: str
    name: str
    family: str
    language: str = "en"
    score: float | None = None

    @property
    def user(self) -> User:
        return User.objects.get(email=self.email)


@dataclass(frozen=True)
class Login:
    """A demo login: its key in the table of logins, the person, and the staff roles."""

    key: str
    name: str
    family: str
    roles: tuple[Role, ...] = ()
    language: str = "en"

    @property
    def email(self) -> str:
        return f"{self.key.replace('_', '.')}@{settings.DEMO_DOMAIN}"

    @property
    def person(self) -> Person:
        return Person(self.email, self.name, self.family, self.language)

    @property
    def totp_secret(self) -> str | None:
        return TOTP_SECRET if self.key == WITH_TOTP else None


LOGINS = (
    Login("trainee", "陈思齐 Chen Siqi", "陈"),
    Login("candidate", "Amara Okonkwo-Lindqvist", "Okonkwo-Lindqvist"),
    Login("candidate_2", "欧阳玥", "欧阳", language="zh-hans"),
    Login("candidate_3", "Zofia Łukasiewicz", "Łukasiewicz"),
    Login("certificate_holder", "Tomás Ó Briain", "Ó Briain"),
    Login("partner_manager", "沈嘉禾 Shen Jiahe", "沈"),
    Login("partner_manager_institute", "顾清源", "顾", language="zh-hans"),
    Login("partner_manager_enterprise", "魏明皓 Wei Minghao", "魏"),
    Login("instructor", "谭婉清 Tan Wanqing", "谭"),
    Login("author", "Marguerite Delacroix-Wu", "Delacroix-Wu", (Role.AUTHOR,)),
    Login("item_writer", "Cleo Anastasiou", "Anastasiou", (Role.ITEM_WRITER,)),
    Login("item_reviewer", "江望舒 Jiang Wangshu", "江", (Role.ITEM_REVIEWER,)),
    Login("invigilator", "Dan Whitcombe", "Whitcombe", (Role.INVIGILATOR,)),
    Login("examiner", "Katarzyna Wójcik", "Wójcik", (Role.EXAMINER,)),
    Login("certification_officer", "Eve Marchetti", "Marchetti", (Role.CERTIFICATION_OFFICER,)),
    Login("certification_officer_instructor", "Rowan Ashdown", "Ashdown", (Role.CERTIFICATION_OFFICER,)),
    Login("administrator", "Noor Haddad", "Haddad", (Role.ADMINISTRATOR,)),
    Login(WITH_TOTP, "Sven Aurelius", "Aurelius", (Role.ADMINISTRATOR,)),
    Login("auditor", "Ilse van der Meer", "van der Meer", (Role.AUDITOR,)),
)
BY_KEY = {login.key: login for login in LOGINS}


def login(key: str) -> User:
    """The account of a demo login."""
    return User.objects.get(email=BY_KEY[key].email)


def create_logins() -> None:
    """One account for each login. Hashed once: the password is the same for all, and published."""
    hashed = make_password(PASSWORD)
    for each in LOGINS:
        user = create_account(each.email, full_name=each.name, family_name=each.family, language=each.language)
        user.password = hashed
        user.save(update_fields=["password"])
        for role in each.roles:
            grant_role(user, role, by=None)
        if each.totp_secret and not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
            TOTP.activate(user, each.totp_secret)


def ensure_people(people: Iterable[Person]) -> dict[str, User]:
    """An account each, without a password: whoever wants to be one of them sets it through the reset mail."""
    wanted = {person.email: person for person in people}
    known = {user.email: user for user in User.objects.filter(email__in=wanted)}
    for email, person in wanted.items():
        if email not in known:
            known[email] = create_account(email, full_name=person.name, family_name=person.family, language=person.language)
    return known
