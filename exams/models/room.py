"""What the exam room keeps beside the answers: a candidate's own tools, the sections of a run, device checks, late answers."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from exams.models.attempts import Attempt
from exams.models.blueprints import BlueprintLine


class PositionTools(models.Model):
    """What a candidate noted at one position: options struck out and a note; position 0 is the scratch paper and how the
    room is shown. No answer, on no receipt, never shown to anybody else; deleted some weeks after the hand-in."""

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="tools", db_index=False)
    position = models.PositiveSmallIntegerField()
    seq = models.PositiveIntegerField()
    # Option ids.
    struck = models.JSONField(default=list)
    note = models.TextField(blank=True)
    # {"size": 150, "contrast": "high"}; only of position 0.
    look = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "position"], name="tools_once_per_position")]

    def __str__(self) -> str:
        return f"{self.attempt_id}:{self.position} notes"


class SectionRule(models.Model):
    """A content area that papers keep as a section with its own time, or that cannot be returned to. Sealing freezes it into
    the paper; a later change is for later papers."""

    class Navigation(models.TextChoices):
        FREE = "free", _("free")
        FORWARD_ONLY = "forward_only", _("forward only: no way back once left")

    line = models.OneToOneField(BlueprintLine, models.CASCADE, related_name="section_rule")
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    navigation = models.CharField(_("navigation"), max_length=12, choices=Navigation, default=Navigation.FREE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gt=0) | Q(minutes__isnull=True, navigation="forward_only"),
                name="section_rule_says_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.minutes or ''} {self.navigation}"


class AttemptSection(models.Model):
    """A section of a paper with section rules that this attempt has opened: open → left, or out of time.

    `accept_until` = `closes_at` + the sitting's grace; both empty when the section has no time of its own.
    """

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="sections", db_index=False)
    # From 1, as the sections stand in the sealed paper.
    number = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)
    accept_until = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["attempt", "number"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "number"], name="section_once_per_attempt"),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True, accept_until__isnull=True)
                | Q(closes_at__isnull=False, accept_until__gte=F("closes_at")),
                name="section_grace_is_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} section {self.number}"


class DeviceCheck(models.Model):
    """What a person's device could do when they last tried it."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="device_check")
    checked_at = models.DateTimeField()
    # {"storage": {"ok": true}, "clock": {"ok": false, "value": 95}}: names and units in exams.actions.device_checks.
    findings = models.JSONField()
    is_ready = models.BooleanField()

    class Meta:
        verbose_name = _("device check")
        verbose_name_plural = _("device checks")

    def __str__(self) -> str:
        return f"{self.person} {self.is_ready}"


class LateBundleQuerySet(models.QuerySet["LateBundle"]):
    def visible_to(self, user: object) -> LateBundleQuerySet:
        """Officers, administrators and auditors see all; nobody else sees any here."""
        from accounts.models import Role

        if not getattr(user, "is_authenticated", False):
            return self.none()
        sees = user.has_role(Role.ADMINISTRATOR, Role.CERTIFICATION_OFFICER, Role.AUDITOR)  # type: ignore[attr-defined]
        return self if sees else self.none()


class LateBundle(models.Model):
    """Answers that reached the exam office after the exam was closed, as the candidate's device claims them. Kept apart
    from the responses, never scored by themselves, never changed (trigger): people decide."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="late_bundles")
    # [{"position", "seq", "response", "changed_at"}]: the times are the device's own word.
    answers = models.JSONField()
    reason = models.TextField(_("reason"))
    received_at = models.DateTimeField(_("received at"))
    sha256 = models.CharField(max_length=64)

    objects = LateBundleQuerySet.as_manager()

    class Meta:
        verbose_name = _("late bundle")
        verbose_name_plural = _("late bundles")
        ordering = ["-received_at"]
        constraints = [models.UniqueConstraint(fields=["attempt", "sha256"], name="late_bundle_once_per_attempt")]

    if TYPE_CHECKING:
        decision: LateDecision

    def __str__(self) -> str:
        return f"{self.uuid}"


class LateDecision(models.Model):
    """What becomes of a late bundle: proposed by one person, confirmed by another; then it never changes (trigger)."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", _("accepted: the exam has to be marked again")
        REFUSED = "refused", _("refused")

    bundle = models.OneToOneField(LateBundle, models.PROTECT, related_name="decision")
    verdict = models.CharField(_("decision"), max_length=10, choices=Verdict)
    # Shown to the candidate.
    reason = models.TextField(_("reason"))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("proposed_by")),
                name="late_decision_has_two_people",
            )
        ]

    def __str__(self) -> str:
        return f"{self.bundle_id} {self.verdict}"
