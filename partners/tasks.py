"""What partners leave to the workers: invitations by mail."""

from __future__ import annotations

from celery import shared_task


@shared_task
def send_invitation_task(invitation_id: int) -> None:
    from partners.actions.mailing import send_invitation

    send_invitation(invitation_id)


@shared_task
def send_invitations_task(invitation_ids: list[int]) -> None:
    from partners.actions.mailing import send_invitations

    send_invitations(invitation_ids)


@shared_task
def sweep_partners_task() -> None:
    from partners.actions.mailing import sweep_invitations

    sweep_invitations()
