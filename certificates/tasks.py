"""Doorbells: an id in, the row read again, one action."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import worker_init, worker_process_init
from django.utils import timezone


@shared_task(soft_time_limit=30, time_limit=45)
def render_document_task(document_id: int) -> None:
    from certificates.actions.documents import render_document

    render_document(document_id)


@shared_task(soft_time_limit=540, time_limit=600)
def render_register_export_task(export_id: int) -> None:
    from certificates.actions.exports import build_register_export

    build_register_export(export_id)


@shared_task
def sweep_certificates_task() -> None:
    """Make good what a lost message, a stopped broker or a dead worker left undone."""
    from certificates.actions.sweeping import sweep_certificates

    sweep_certificates()


@shared_task
def expire_certificates_task() -> None:
    from certificates.actions.standing import expire_certificate
    from certificates.queries import certificates_past_their_end

    for certificate in certificates_past_their_end(timezone.now().date()).iterator():
        expire_certificate(certificate)


@worker_init.connect
def import_before_fork(**_: Any) -> None:
    """Children share what their parent imported: seconds and megabytes saved per child."""
    from certificates.rendering import fonts

    fonts.use_own_fonts()


@worker_process_init.connect
def warm_up(**_: Any) -> None:
    """The first certificate of a child is as quick as the hundredth."""
    from certificates.rendering.press import warm_press

    warm_press()
