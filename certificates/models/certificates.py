from __future__ import annotations

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certificates.models.applications import CertificationDecision
from certificates.models.schemes import CertificationScheme
from common.codes import public_token
from partners.models import Cohort, Membership, Partner


class CertificateTemplate(models.Model):
    """One revision of the printed design. Used ones never change: a new look is a new revision."""

    code = models.SlugField(max_length=40)
    revision = models.PositiveSmallIntegerField(default=1)
    # The folder under certificates/designs/ that draws it.
    design = models.CharField(max_length=40)
    signatory_name = models.CharField(max_length=80)
    signatory_name_zh = models.CharField(max_length=80, blank=True)
    signatory_role = models.CharField(max_length=120)
    signatory_role_zh = models.CharField(max_length=120, blank=True)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "revision"], name="template_revision_once"),
            models.UniqueConstraint(fields=["code"], name="one_current_template_revision", condition=Q(is_current=True)),
        ]

    def __str__(self) -> str:
        return f"{self.code} r{self.revision}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def visible_to(self, user: object) -> CertificateQuerySet:
        """One's own, and those that came through a partner one manages; officers, administrators, auditors see all."""
        from accounts.models import Role

        if not getattr(user, "is_authenticated", False):
            return self.none()
        if user.has_role(Role.CERTIFICATION_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR):  # type: ignore[attr-defined]
            return self
        managed = Membership.objects.filter(
            user=user,  # type: ignore[misc]
            role=Membership.Role.MANAGER,
            status=Membership.Status.ACTIVE,
        )
        return self.filter(Q(holder=user) | Q(partner__in=managed.values("partner")))


class Certificate(models.Model):
    """The attestation. What was issued stays as issued (trigger): only `status` and its companions move:
    valid ⇄ suspended → withdrawn; valid → expired; valid → superseded."""

    class Status(models.TextChoices):
        VALID = "valid", _("valid")
        SUSPENDED = "suspended", _("suspended")
        WITHDRAWN = "withdrawn", _("withdrawn")
        EXPIRED = "expired", _("expired")
        SUPERSEDED = "superseded", _("superseded")

    MOVES = {
        "valid": {"suspended", "withdrawn", "expired", "superseded"},
        "suspended": {"valid", "withdrawn", "expired"},
    }

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    serial = models.CharField(_("serial"), max_length=24, unique=True)
    token = models.CharField(max_length=26, unique=True, default=public_token)
    # The decision it rests on. A correction rests on the same one: it supersedes, nobody is certified twice.
    decision = models.ForeignKey(CertificationDecision, models.PROTECT, related_name="certificates")
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    scheme = models.ForeignKey(CertificationScheme, models.PROTECT, related_name="certificates")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="certificates")
    cycle = models.PositiveSmallIntegerField(default=1)
    partner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="certificates")
    cohort = models.ForeignKey(Cohort, models.PROTECT, null=True, blank=True, related_name="certificates")
    template = models.ForeignKey(CertificateTemplate, models.PROTECT, related_name="certificates")
    # Everything printed or published, as it stood: holder, family_name, scheme, scheme_zh, scope, scope_zh, track,
    # level, issuer, issuer_zh, partner… The page and the PDF are drawn from this, never from today's rows.
    claims = models.JSONField()
    issued_on = models.DateField(_("issued on"))
    valid_until = models.DateField(_("valid until"))
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.VALID)
    status_changed_at = models.DateTimeField()

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["-issued_on", "-id"]
        indexes = [models.Index(fields=["partner", "status", "valid_until"])]
        constraints = [
            models.UniqueConstraint(
                fields=["holder", "scheme", "cycle"],
                name="one_certificate_per_person_scheme_and_cycle",
                condition=~Q(status="superseded"),
            ),
            models.CheckConstraint(condition=Q(valid_until__gt=F("issued_on")), name="certificate_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(status__in=["valid", "suspended", "withdrawn", "expired", "superseded"]),
                name="certificate_status_known",
            ),
            models.UniqueConstraint(
                fields=["decision"], name="one_certificate_per_decision", condition=~Q(status="superseded")
            ),
            models.CheckConstraint(condition=~Q(supersedes=F("id")), name="certificate_supersedes_another"),
        ]

    def __str__(self) -> str:
        return self.serial

    def status_on(self, day: date) -> str:
        """The status as a verifier must read it: past its last day a certificate is expired, whether or not
        the task that moves the row has run."""
        in_force = self.status in (self.Status.VALID, self.Status.SUSPENDED)
        return self.Status.EXPIRED.value if in_force and day > self.valid_until else self.status

    @property
    def successor(self) -> Certificate | None:
        """The certificate that corrects this one, if any; costs a query unless `superseded_by` is selected."""
        try:
            return self.superseded_by
        except Certificate.DoesNotExist:
            return None


class CertificateStatusChange(models.Model):
    """One move of a certificate's status, with its reason and its name. Append-only."""

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="status_changes")
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20, choices=Certificate.Status)
    reason = models.CharField(_("reason"), max_length=500)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["changed_at", "id"]

    def __str__(self) -> str:
        return f"{self.certificate} {self.before} → {self.after}"
