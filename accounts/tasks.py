"""What accounts does later."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def clear_sessions_task() -> None:
    """Sessions that ran out are removed nightly."""
    call_command("clearsessions")
