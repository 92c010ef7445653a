"""How a partner stands: seats, exam places, cohorts, certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.models import Certificate
from certificates.queries.registers import register_counts
from exams.models import CohortSitting, Registration, Sitting
from partners.models import Agreement, Cohort, CohortPlace, Partner
from partners.queries import current_agreement, seats_used

EXPIRING_DAYS = 90


@dataclass(frozen=True)
class Bar:
    """One horizontal bar and its row in the table beside it."""

    label: str
    value: int
    total: int

    @property
    def percent(self) -> int:
        """The bar's length; something is always visible of what is not zero."""
        if self.total <= 0:
            return 100 if self.value else 0
        return min(100, max(round(100 * self.value / self.total), 1 if self.value else 0))

    @property
    def is_full(self) -> bool:
        return self.value >= self.total


@dataclass(frozen=True)
class Overview:
    """What the first page of a partner shows."""

    agreement: Agreement | None
    usage: list[Bar]
    certificate_bars: list[Bar]
    certificates: dict[str, int]
    expiring: list[Certificate]
    people: int
    waiting: int


def partner_overview(partner: Partner, today: date | None = None) -> Overview:
    today = today or timezone.localdate()
    agreement = current_agreement(partner, today)
    counts = register_counts(partner, today=today)
    places = CohortPlace.objects.filter(cohort__partner=partner).exclude(cohort__status=Cohort.Status.FINISHED)
    return Overview(
        agreement=agreement,
        usage=_usage(partner, agreement),
        certificate_bars=[
            Bar(_("Valid"), counts["valid"], counts["issued"]),
            Bar(_("Expiring within 90 days"), counts["expiring"], counts["issued"]),
            Bar(_("Suspended"), counts["suspended"], counts["issued"]),
            Bar(_("Withdrawn"), counts["withdrawn"], counts["issued"]),
            Bar(_("Expired"), counts["expired"], counts["issued"]),
        ],
        certificates=counts,
        expiring=list(expiring_certificates(partner, today)[:8]),
        people=places.filter(status=CohortPlace.Status.ACTIVE).values("user").distinct().count(),
        waiting=places.filter(status=CohortPlace.Status.INVITED).values("email").distinct().count(),
    )


def exam_places_used(partner: Partner, agreement: Agreement) -> int:
    """Registrations of the partner's people that this agreement pays for; cancelled ones are given back."""
    zone = timezone.get_default_timezone()
    first = datetime.combine(agreement.starts_on, time.min, zone)
    after = datetime.combine(agreement.ends_on + timedelta(days=1), time.min, zone)
    return Registration.objects.filter(
        place__cohort__partner=partner,
        status=Registration.Status.REGISTERED,
        sitting__is_rehearsal=False,
        registered_at__gte=first,
        registered_at__lt=after,
    ).count()


def expiring_certificates(partner: Partner, today: date) -> QuerySet[Certificate]:
    """Valid ones whose end is near, the next first."""
    return (
        Certificate.objects.filter(
            partner=partner,
            status=Certificate.Status.VALID,
            valid_until__range=(today, today + timedelta(days=EXPIRING_DAYS)),
        )
        .select_related("holder", "scheme", "cohort")
        .order_by("valid_until", "pk")
    )


def sittings_for(partner: Partner, at: datetime | None = None) -> QuerySet[Sitting]:
    """Sittings a partner may send people to: its own and the open ones, while they last."""
    return (
        Sitting.objects.filter(Q(partner=partner) | Q(partner=None), is_rehearsal=False, status=Sitting.Status.PLANNED)
        .filter(closes_at__gt=at or timezone.now())
        .select_related("exam")
        .order_by("opens_at", "pk")
    )


def sittings_of(cohort: Cohort) -> QuerySet[Sitting]:
    """The sittings a cohort's people are meant for."""
    return (
        Sitting.objects.filter(pk__in=CohortSitting.objects.filter(cohort=cohort).values("sitting"))
        .select_related("exam")
        .order_by("opens_at", "pk")
    )


def _usage(partner: Partner, agreement: Agreement | None) -> list[Bar]:
    if agreement is None:
        return []
    return [
        Bar(_("Seats"), seats_used(partner), agreement.seats),
        Bar(_("Exam places"), exam_places_used(partner, agreement), agreement.exam_quota),
    ]
