from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PartnerQuerySet(models.QuerySet["Partner"]):
    def visible_to(self, user: Any) -> PartnerQuerySet:
        """The partners a person works for; certification officers, administrators and auditors see all."""
        from accounts.models import Role

        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.has_role(Role.ADMINISTRATOR, Role.AUDITOR, Role.CERTIFICATION_OFFICER):
            return self
        return self.filter(memberships__user=user, memberships__status=Membership.Status.ACTIVE).distinct()

    def managed_by(self, user: Any) -> PartnerQuerySet:
        """The partners a person manages; administrators look after all of them."""
        from accounts.models import Role

        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.has_role(Role.ADMINISTRATOR):
            return self
        active = Membership.objects.filter(user=user, role=Membership.Role.MANAGER, status=Membership.Status.ACTIVE)
        return self.filter(pk__in=active.values("partner"))

    def readable_by(self, user: Any) -> PartnerQuerySet:
        """Whose whole business a person may look at: those they manage; auditors read all, and change nothing."""
        from accounts.models import Role

        if getattr(user, "is_authenticated", False) and user.has_role(Role.AUDITOR):
            return self
        return self.managed_by(user)


class Partner(models.Model):
    """An institution we work with. A tenant: what belongs to one is invisible to every other."""

    class Kind(models.TextChoices):
        UNIVERSITY = "university", _("University")
        INSTITUTE = "institute", _("Institute")
        ENTERPRISE = "enterprise", _("Enterprise")

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        CLOSED = "closed", _("closed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(_("short name in addresses"), unique=True, allow_unicode=False)
    name = models.CharField(_("name"), max_length=160)
    name_zh = models.CharField(_("name in Chinese"), max_length=160, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.ACTIVE)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["university", "institute", "enterprise"]), name="partner_kind_known")
        ]

    def __str__(self) -> str:
        from django.utils.translation import get_language

        return self.name_zh if self.name_zh and (get_language() or "").startswith("zh") else self.name


class Agreement(models.Model):
    """What a partner may use and until when: learner seats and exam places. Renewed by a new row."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="agreements")
    reference = models.CharField(_("reference"), max_length=60)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    seats = models.PositiveIntegerField(_("seats"), help_text=_("How many people may hold a place in cohorts at a time."))
    exam_quota = models.PositiveIntegerField(
        _("exam quota"), help_text=_("How many exam registrations the agreement pays for.")
    )

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="agreement_ends_after_it_starts"),
            models.UniqueConstraint(fields=["partner", "reference"], name="agreement_reference_once_per_partner"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} ({self.starts_on} – {self.ends_on})"


class Membership(models.Model):
    """A person's place and role in a partner. Ended, never deleted: registers must still name who acted."""

    class Role(models.TextChoices):
        MANAGER = "manager", _("Manager")
        INSTRUCTOR = "instructor", _("Instructor")

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        ENDED = "ended", _("ended")

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.ACTIVE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "user"], name="one_membership_per_partner_and_user")]

    def __str__(self) -> str:
        return f"{self.user} – {self.partner} ({self.get_role_display()})"
