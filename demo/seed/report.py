"""What a seeded demonstration offers, for people and for programs. Reads only, so it is true whenever it is asked."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from certificates.models import Certificate
from demo.seed.partners import INSTITUTIONS
from demo.seed.people import LOGINS, PASSWORD
from exams.models import Attempt, Registration, Sitting
from partners.models import Partner


def report() -> dict[str, Any]:
    """The contract of `seed_demo --json`."""
    return {
        "logins": logins(),
        "registrations": startable_registrations(),
        "attempts": attempts(),
        "certificates": certificates(),
        "partners": [
            slug
            for institution in INSTITUTIONS
            for slug in Partner.objects.filter(slug=institution.slug).values_list("slug", flat=True)
        ],
    }


def logins() -> dict[str, dict[str, str | None]]:
    """By role; a login that was closed since is not offered."""
    present = set(
        User.objects.filter(email__in=[each.email for each in LOGINS], is_active=True).values_list("email", flat=True)
    )
    return {
        each.key: {"email": each.email, "password": PASSWORD, "totp_secret": each.totp_secret}
        for each in LOGINS
        if each.email in present
    }


def startable_registrations() -> list[str]:
    """Of each demo candidate, the place they can start, or go on with, now. In the order of the logins."""
    now = timezone.now()
    order = {each.email: number for number, each in enumerate(LOGINS)}
    unfinished = Q(attempts=None) | Q(attempts__status__in=[Attempt.Status.OPEN, Attempt.Status.PAUSED])
    registrations = Registration.objects.filter(
        unfinished,
        candidate__email__in=order,
        status=Registration.Status.REGISTERED,
        sitting__status=Sitting.Status.PLANNED,
        sitting__opens_at__lte=now,
        sitting__closes_at__gt=now,
    ).select_related("candidate")
    return [str(each.uuid) for each in sorted(registrations, key=lambda each: order[each.candidate.email])]


def attempts() -> list[str]:
    """Every attempt of a person; those of rehearsals are nobody's."""
    sat = Attempt.objects.filter(registration__sitting__is_rehearsal=False).order_by("pk")
    return [str(uuid) for uuid in sat.values_list("uuid", flat=True)]


def certificates() -> list[dict[str, str]]:
    """Every certificate with the status a verifier reads today."""
    today = timezone.now().date()
    return [
        {"serial": each.serial, "token": each.token, "status": str(each.status_on(today))}
        for each in Certificate.objects.order_by("pk")
    ]


def table(seeded: dict[str, Any]) -> str:
    """The logins as a short table, and how much there is of the rest."""
    rows = seeded["logins"].items()
    width = max((len(role) for role, _login in rows), default=0)
    lines = [f"{role:<{width}}  {login['email']}" for role, login in rows]
    secret = next((login["totp_secret"] for _role, login in rows if login["totp_secret"]), None)
    counts = ", ".join(f"{len(seeded[name])} {name}" for name in ("registrations", "attempts", "certificates", "partners"))
    return "\n".join(
        [*lines, "", f"The password of each is {PASSWORD}", f"The one-time codes' secret is {secret}", f"Also: {counts}."]
    )
