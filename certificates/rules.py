"""Who may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Role, User
from certificates.errors import DecidesOnThemselves, ExaminedThisPerson, NotImpartial, TaughtThisPerson
from certificates.models import Application, Certificate
from exams.models import Registration, SittingStaff
from partners import impartiality
from partners.models import Membership, Partner


@dataclass(frozen=True)
class Permission:
    """The answer to "may I?", with the refusal to raise or to show when the answer is no."""

    refusal: NotImpartial | None = None

    def __bool__(self) -> bool:
        return self.refusal is None


def is_officer(user: User) -> bool:
    return user.has_role(Role.CERTIFICATION_OFFICER)


def can_see_desk(user: User) -> bool:
    """Officers work there; auditors look on."""
    return user.is_authenticated and user.has_role(Role.CERTIFICATION_OFFICER, Role.AUDITOR)


def taught(officer: User, person: User, *, at: datetime | None = None) -> bool:
    """Whether the officer instructed a cohort of this person that ended within the look-back, or still runs."""
    return impartiality.taught(officer.pk, person.pk, at=at)


def examined(officer: User, person: User) -> bool:
    """Whether the officer invigilated or examined any sitting this person is registered in."""
    sittings = Registration.objects.filter(candidate=person).exclude(status=Registration.Status.CANCELLED)
    return SittingStaff.objects.filter(user=officer, sitting__in=sittings.values("sitting")).exists()


def can_decide(user: User, application: Application, *, at: datetime | None = None) -> Permission:
    """An officer who is neither the applicant nor taught or examined them. A trigger says the same."""
    if not is_officer(user):
        return Permission(NotImpartial())
    if user == application.applicant:
        return Permission(DecidesOnThemselves())
    if taught(user, application.applicant, at=at):
        return Permission(TaughtThisPerson())
    if examined(user, application.applicant):
        return Permission(ExaminedThisPerson())
    return Permission()


def can_change_status(user: User, certificate: Certificate) -> bool:
    """Officers suspend, reinstate, withdraw and correct, never their own."""
    return is_officer(user) and certificate.holder_id != user.pk


def can_withdraw_application(user: User, application: Application) -> bool:
    return application.applicant_id == user.pk and application.status == Application.Status.OPEN


def can_export_register(user: User, partner: Partner) -> bool:
    """A manager of this partner; administrators too."""
    if user.has_role(Role.ADMINISTRATOR):
        return True
    return Membership.objects.filter(
        partner=partner, user=user, role=Membership.Role.MANAGER, status=Membership.Status.ACTIVE
    ).exists()


def can_edit_schemes(user: User) -> bool:
    return user.is_authenticated and user.has_role(Role.ADMINISTRATOR)
