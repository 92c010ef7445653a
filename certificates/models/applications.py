from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates.models.schemes import CertificationScheme
from partners.models import Cohort, Partner


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, user: object) -> ApplicationQuerySet:
        """One's own; officers and auditors see all."""
        from accounts.models import Role

        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.has_role(Role.CERTIFICATION_OFFICER, Role.AUDITOR):  # type: ignore[attr-defined]
            return self
        return self.filter(applicant=user)


class Application(models.Model):
    """A request to be certified, opened when every requirement is met: open → decided, or withdrawn by its owner."""

    class Status(models.TextChoices):
        OPEN = "open", _("awaiting decision")
        DECIDED = "decided", _("decided")
        WITHDRAWN = "withdrawn", _("withdrawn by the applicant")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    scheme = models.ForeignKey(CertificationScheme, models.PROTECT, related_name="applications")
    applicant = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="applications")
    # Which certification of this person under this scheme code: 1, then 2 when renewed…
    cycle = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.OPEN)
    # What the decision rests on, as it stood: [{"kind", "code", "title", "title_zh", "achieved_at", "reference", …}]
    evidence = models.JSONField(default=list)
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="applications")
    cohort = models.ForeignKey(Cohort, models.PROTECT, null=True, blank=True, related_name="applications")
    opened_at = models.DateTimeField()

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "applicant", "cycle"], name="one_application_per_cycle", condition=~Q(status="withdrawn")
            )
        ]

    def __str__(self) -> str:
        return f"{self.applicant} – {self.scheme}"

    @property
    def may_be_asked_again(self) -> bool:
        """Withdrawn by its owner, or refused: a new one is the owner's to ask for. May cost a query for the decision."""
        if self.status == self.Status.DECIDED:
            return self.decision.outcome == CertificationDecision.Outcome.REFUSED
        return self.status == self.Status.WITHDRAWN


class CertificationDecision(models.Model):
    """Grant or refuse, with reasons and a name. Never by the applicant, nor by one who taught or examined them
    (a trigger looks at enrolments, cohorts and sitting duties). Never changed."""

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")

    application = models.OneToOneField(Application, models.PROTECT, related_name="decision")
    applicant = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    reasons = models.TextField(_("reasons"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(condition=~Q(decided_by=models.F("applicant")), name="nobody_decides_on_themselves")
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.outcome}"
