from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.models.blueprints import Exam, Paper
from partners.models import Cohort, CohortPlace, Partner


class SittingQuerySet(models.QuerySet["Sitting"]):
    def visible_to(self, user: object) -> SittingQuerySet:
        """Staff see the sittings they are assigned to; officers, administrators and auditors see all."""
        from accounts.models import Role

        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.has_role(Role.ADMINISTRATOR, Role.AUDITOR, Role.CERTIFICATION_OFFICER):  # type: ignore[attr-defined]
            return self
        return self.filter(staff__user=user).distinct()


class Sitting(models.Model):
    """One scheduled administration of a paper: planned → open for registration … → closed, or cancelled.

    A candidate may start from `opens_at`; every attempt ends by `closes_at`, plus what an accommodation adds.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        CANCELLED = "cancelled", _("cancelled")
        CLOSED = "closed", _("closed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="sittings", verbose_name=_("exam"))
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="sittings", verbose_name=_("paper"))
    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=160)
    # A sitting for one partner's people; empty = open to all.
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="sittings", verbose_name=_("partner")
    )
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at"))
    minutes = models.PositiveSmallIntegerField(_("minutes"))
    grace_seconds = models.PositiveSmallIntegerField(_("grace in seconds"), default=10)
    # What each candidate may take off the clock; an entitlement adds its own to it.
    break_minutes = models.PositiveSmallIntegerField(_("minutes of breaks"), default=0)
    capacity = models.PositiveIntegerField(_("capacity"))
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.PLANNED)
    is_rehearsal = models.BooleanField(default=False, editable=False)

    objects = SittingQuerySet.as_manager()

    class Meta:
        verbose_name = _("sitting")
        verbose_name_plural = _("sittings")
        ordering = ["-opens_at"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="sitting_closes_after_it_opens"),
            models.CheckConstraint(condition=Q(break_minutes__lte=240), name="sitting_breaks_are_at_most_240_minutes"),
        ]

    def __str__(self) -> str:
        return self.name


class SittingStaff(models.Model):
    """Who invigilates or examines a sitting. Certification decisions on its candidates are barred to them."""

    class Duty(models.TextChoices):
        INVIGILATOR = "invigilator", _("invigilator")
        EXAMINER = "examiner", _("examiner")

    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="staff")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sitting_duties")
    duty = models.CharField(max_length=20, choices=Duty)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sitting", "user", "duty"], name="duty_once_per_sitting")]

    def __str__(self) -> str:
        return f"{self.user} {self.duty} {self.sitting}"


class CohortSitting(models.Model):
    """That a cohort's people are meant to sit here."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="sittings")
    sitting = models.ForeignKey(Sitting, models.CASCADE, related_name="cohorts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "sitting"], name="sitting_once_per_cohort")]

    def __str__(self) -> str:
        return f"{self.cohort} – {self.sitting}"


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, user: object) -> RegistrationQuerySet:
        """A candidate's own."""
        return self.filter(candidate=user) if getattr(user, "is_authenticated", False) else self.none()


class Registration(models.Model):
    """A candidate's place in a sitting: registered → cancelled. The attempt tells the rest."""

    class Status(models.TextChoices):
        REGISTERED = "registered", _("registered")
        CANCELLED = "cancelled", _("cancelled")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="registrations")
    candidate = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="registrations")
    place = models.ForeignKey(CohortPlace, models.SET_NULL, null=True, blank=True, related_name="registrations")
    # The language of the paper; chosen here, locked at start.
    language = models.CharField(_("language of the paper"), max_length=10, choices=settings.LANGUAGES, default="en")
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.REGISTERED)
    registered_at = models.DateTimeField()

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [models.UniqueConstraint(fields=["sitting", "candidate"], name="one_registration_per_sitting")]

    def __str__(self) -> str:
        return f"{self.candidate} – {self.sitting}"


class Accommodation(models.Model):
    """Adjusted conditions a person is entitled to for a time. Only `exams.rules.deadlines` reads what it gives."""

    class Contrast(models.TextChoices):
        NORMAL = "normal", _("as on the site")
        HIGH = "high", _("black on white")
        INVERTED = "inverted", _("white on black")

    class TextSize(models.IntegerChoices):
        NORMAL = 100, _("as on the site")
        LARGE = 125, "125 %"
        LARGER = 150, "150 %"
        LARGEST = 200, "200 %"

    candidate = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="accommodations", verbose_name=_("candidate")
    )
    extra_time_percent = models.PositiveSmallIntegerField(_("extra time in percent"), default=0)
    break_minutes = models.PositiveSmallIntegerField(_("minutes of breaks that stop the clock"), default=0)
    contrast = models.CharField(_("contrast"), max_length=10, choices=Contrast, default=Contrast.NORMAL)
    text_size = models.PositiveSmallIntegerField(_("text size"), choices=TextSize, default=TextSize.NORMAL)
    has_reader = models.BooleanField(_("a reader"), default=False)
    has_separate_room = models.BooleanField(_("a separate room"), default=False)
    is_exempt_from_lockdown = models.BooleanField(_("exempt from the locked browser"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # Seen by administrators only; invigilators see the effect, never the reason.
    reason = models.CharField(_("reason"), max_length=240, blank=True)

    class Meta:
        verbose_name = _("accommodation")
        verbose_name_plural = _("accommodations")
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="accommodation_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(extra_time_percent__lte=200), name="extra_time_is_at_most_200_percent"),
            models.CheckConstraint(condition=Q(break_minutes__lte=240), name="breaks_are_at_most_240_minutes"),
            models.CheckConstraint(
                condition=Q(contrast__in=["normal", "high", "inverted"], text_size__in=[100, 125, 150, 200]),
                name="look_of_the_room_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(
                    extra_time_percent=0,
                    break_minutes=0,
                    contrast="normal",
                    text_size=100,
                    has_reader=False,
                    has_separate_room=False,
                    is_exempt_from_lockdown=False,
                ),
                name="accommodation_grants_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate} {self.valid_from} – {self.valid_until}"
