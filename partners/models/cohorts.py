from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partners.models.partners import Membership, Partner


class CohortQuerySet(models.QuerySet["Cohort"]):
    def visible_to(self, user: Any) -> CohortQuerySet:
        """Cohorts of the partners a person manages, and those a person instructs."""
        from accounts.models import Role

        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.has_role(Role.ADMINISTRATOR, Role.AUDITOR):
            return self
        active = Membership.objects.filter(user=user, status=Membership.Status.ACTIVE)
        managed = active.filter(role=Membership.Role.MANAGER)
        # Naming somebody as instructor is not enough: an ended membership ends the access too.
        return self.filter(Q(partner__in=managed.values("partner")) | Q(instructor=user, partner__in=active.values("partner")))


class Cohort(models.Model):
    """People of one partner who move together: planned → running → finished."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        RUNNING = "running", _("running")
        FINISHED = "finished", _("finished")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="cohorts")
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    # Who teaches it. Certification decisions on its people are barred to this person.
    instructor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="cohorts_taught",
        verbose_name=_("instructor"),
    )
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.PLANNED)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ["-starts_on", "name"]
        constraints = [
            models.UniqueConstraint(fields=["partner", "code"], name="cohort_code_once_per_partner"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="cohort_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return self.name


class CohortPlace(models.Model):
    """One person's place in a cohort: invited → active → left. `user` is empty until the invitation is accepted."""

    class Status(models.TextChoices):
        INVITED = "invited", _("invited")
        ACTIVE = "active", _("active")
        LEFT = "left", _("left")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="places")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="cohort_places")
    email = models.EmailField(_("e-mail address"))
    full_name = models.CharField(_("name"), max_length=120)
    family_name = models.CharField(_("family name"), max_length=80, blank=True)
    external_id = models.CharField(_("student or staff number"), max_length=60, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.INVITED)
    created_at = models.DateTimeField(auto_now_add=True)
    joined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["full_name"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "email"], name="one_place_per_cohort_and_email"),
            models.UniqueConstraint(
                fields=["cohort", "user"], name="one_place_per_cohort_and_user", condition=Q(user__isnull=False)
            ),
            models.CheckConstraint(condition=~Q(status="active") | Q(user__isnull=False), name="active_place_has_a_user"),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} – {self.cohort}"
