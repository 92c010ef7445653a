from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.cohorts import Cohort, CohortPlace
from partners.models.partners import Partner


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: object) -> InvitationQuerySet:
        """Those of the partners a person may look into. One's own are asked with `pending_for`."""
        return self.filter(partner__in=Partner.objects.readable_by(user))

    def pending_for(self, user: object) -> InvitationQuerySet:
        """Open offers to an address this person has proved to be theirs."""
        from allauth.account.models import EmailAddress

        if not getattr(user, "is_authenticated", False):
            return self.none()
        proved = EmailAddress.objects.filter(user=user, verified=True).annotate(lowered=Lower("email"))
        return self.filter(status=Invitation.Status.PENDING, expires_at__gt=timezone.now(), email__in=proved.values("lowered"))


class Invitation(models.Model):
    """An open offer of a cohort place or a membership, bound to one e-mail address, single use, seven days.

    pending → accepted | withdrawn | expired; withdrawn and expired → pending when sent again. Only the SHA-256 of
    its token is stored; the token is in the mail, drawn anew when a worker sends it.

    The row is the truth of the pending mail (invariant 11): `sent_at` empty = still to be sent, from `next_try_at`
    on; `next_try_at` empty as well = given up, needs a person. A worker claims it until `claimed_until`.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        ACCEPTED = "accepted", _("accepted")
        WITHDRAWN = "withdrawn", _("withdrawn")
        EXPIRED = "expired", _("expired")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="invitations")
    place = models.OneToOneField(CohortPlace, models.CASCADE, null=True, blank=True, related_name="invitation")
    # Set when the offer is a membership instead of a cohort place.
    membership_role = models.CharField(max_length=20, blank=True)
    email = models.EmailField()
    language = models.CharField(max_length=10, choices=settings.LANGUAGES, default="en")
    token_sha256 = models.CharField(max_length=64, unique=True, null=True, blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.PENDING)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    send_attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True, default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True)
    send_error = models.CharField(max_length=240, blank=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["next_try_at"], name="invitation_due", condition=Q(status="pending", sent_at__isnull=True)),
            models.Index(fields=["email", "status"], name="invitation_by_address"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(place__isnull=False, membership_role="")
                | Q(place__isnull=True, membership_role__in=["manager", "instructor"]),
                name="invitation_offers_one_thing",
            ),
            models.UniqueConstraint(
                fields=["partner", "email"],
                name="one_pending_membership_offer_per_address",
                condition=Q(status="pending", place__isnull=True),
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted") | Q(accepted_at__isnull=False), name="accepted_invitation_has_its_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} – {self.partner}"


class RosterImport(models.Model):
    """One uploaded roster: previewed → applied | discarded. `report` holds a row per line of the file:
    {"line", "outcome": "add"|"change"|"skip"|"error", "email", "name", "messages": [[code, {…}], …]}; the codes are
    put into the reader's language by `partners.rosters.wording`. All or nothing (invariant 12)."""

    class Status(models.TextChoices):
        PREVIEWED = "previewed", _("previewed")
        APPLIED = "applied", _("applied")
        DISCARDED = "discarded", _("discarded")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="roster_imports")
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    rows = models.JSONField(default=list)
    report = models.JSONField(default=list)
    added_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    skipped_count = models.PositiveIntegerField(default=0)
    error_count = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=20, choices=Status, default=Status.PREVIEWED)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("roster import")
        verbose_name_plural = _("roster imports")
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="applied") | Q(error_count=0, applied_at__isnull=False),
                name="applied_roster_has_no_errors",
            )
        ]

    def __str__(self) -> str:
        return self.file_name
