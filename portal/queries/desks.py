"""Where a person's roles lead: one entry per desk, in the order of the road."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Role, User
from partners.models import Membership
from portal.queries.home import address


@dataclass(frozen=True)
class Desk:
    """A place of work: its name, what is done there, and its address."""

    name: str
    text: str
    url: str
    icon: str


def desks_of(user: User) -> list[Desk]:
    """What the person's staff roles can do; nothing for everybody else."""
    desks: list[Desk] = []
    if user.has_role(Role.AUTHOR):
        text = _("Write lessons, preview them and send them to review.")
        desks.append(Desk(_("Courses and pages"), text, "/admin/", "book-open"))
    if user.has_role(Role.ITEM_WRITER, Role.ITEM_REVIEWER):
        desks.append(Desk(_("Item bank"), _("Write items, or check those of others."), "/admin/", "list"))
    if user.has_role(Role.INVIGILATOR):
        desks.append(Desk(_("Sittings I supervise"), _("Admit candidates, watch over the sitting, help."), "/admin/", "eye"))
    if user.has_role(Role.EXAMINER):
        desks.append(Desk(_("Marking"), _("Score the answers that need judgement."), address("marking:index"), "edit"))
    if user.has_role(Role.CERTIFICATION_OFFICER, Role.AUDITOR):
        text = _("Decide on applications; suspend, reinstate, withdraw.")
        desks.append(Desk(_("Certification desk"), text, address("portal:officer"), "scales"))
    if user.has_role(Role.ADMINISTRATOR):
        text = _("Partners and agreements, people and roles, exams and schemes.")
        desks.append(Desk(_("Back office"), text, "/admin/", "settings"))
    if user.has_role(Role.ADMINISTRATOR, Role.AUDITOR):
        desks.append(Desk(_("Audit trail"), _("Who did what to which thing, and when."), address("audit_trail"), "history"))
    return [desk for desk in desks if desk.url]


def workplaces_of(user: User) -> list[Membership]:
    """The partners this person works for, for the way to their pages."""
    return list(
        Membership.objects.filter(user=user, status=Membership.Status.ACTIVE)
        .select_related("partner")
        .order_by("partner__name")
    )
