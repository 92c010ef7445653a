"""What the site does later."""

from __future__ import annotations

from celery import shared_task


@shared_task
def publish_scheduled_pages_task() -> None:
    """Publish pages whose hour has come, and take those down whose time is over. Works by state, not by tick: what a
    missed run left is done by the next."""
    from django.core.management import call_command

    call_command("publish_scheduled", verbosity=0)
