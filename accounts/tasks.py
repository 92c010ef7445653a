"""What accounts does later."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def clear_sessions_task() -> None:
    """Sessions that ran out are removed nightly."""
    call_command("clearsessions")


@shared_task
def send_letter_task(letter_id: int) -> None:
    from accounts.actions.letters import send_letter

    send_letter(letter_id)


@shared_task
def sweep_letters_task() -> None:
    from accounts.actions.letters import sweep_letters

    sweep_letters()
