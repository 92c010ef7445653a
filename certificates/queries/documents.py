"""Work that waits, by its state rows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from certificates.models import RegisterExport, RenderedDocument

KEPT_FOR = timedelta(days=7)


def due_documents(now: datetime) -> QuerySet[RenderedDocument]:
    """Waiting and due, or claimed by a worker that never came back."""
    waiting = Q(status=RenderedDocument.Status.WAITING, next_try_at__lte=now)
    abandoned = Q(status=RenderedDocument.Status.RENDERING, claimed_until__lt=now)
    return RenderedDocument.objects.filter(waiting | abandoned).order_by("next_try_at", "pk")


def parked_documents() -> QuerySet[RenderedDocument]:
    """Failed for good until a person has looked."""
    return (
        RenderedDocument.objects.filter(status=RenderedDocument.Status.PARKED)
        .select_related("certificate__holder", "certificate__scheme")
        .order_by("certificate__issued_on", "pk")
    )


def due_exports(now: datetime) -> QuerySet[RegisterExport]:
    waiting = Q(status=RegisterExport.Status.WAITING)
    abandoned = Q(status=RegisterExport.Status.RUNNING, claimed_until__lt=now)
    return RegisterExport.objects.filter(waiting | abandoned).order_by("created_at", "pk")


def expired_exports(now: datetime) -> QuerySet[RegisterExport]:
    return RegisterExport.objects.filter(created_at__lt=now - KEPT_FOR)
