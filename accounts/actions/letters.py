"""Letters: written with the act they tell of, sent by a worker, sent again when a mail server was away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.models import Letter, User
from common.events import ring

CLAIM = timedelta(minutes=3)
# 1, 2, 4 … minutes, an hour at most; after ten tries (about five hours) a person has to look.
MOST_TRIES = 10
LONGEST_WAIT = timedelta(hours=1)
MOST_PER_SWEEP = 500
# What is older was told otherwise: a seed or a take-over of old records writes to nobody.
OLD_NEWS = timedelta(days=1)


@transaction.atomic
def write_letter(to: User, *, key: str, template: str, link: str, at: datetime | None = None, **context: Any) -> Letter | None:
    """Tell somebody of an act, in their language: `template`_subject.txt and `template`.txt, and a path of our site.

    None for a synthetic person, for old news, and when this key was written before.
    """
    from accounts.tasks import send_letter_task

    now = timezone.now()
    if to.is_synthetic or not to.is_active or (at is not None and now - at > OLD_NEWS):
        return None
    with translation.override(to.language):
        words = {"name": to.full_name, "link": settings.SITE_URL + link, "site": settings.SITE_URL, **context}
        subject = " ".join(render_to_string(f"{template}_subject.txt", words).split())
        body = render_to_string(f"{template}.txt", words).strip() + "\n"
    letter, is_new = Letter.objects.get_or_create(
        key=key, defaults={"recipient": to, "subject": subject[:200], "body": body, "written_at": now, "next_try_at": now}
    )
    if not is_new:
        return None
    ring(send_letter_task, letter.pk)
    return letter


def send_letter(letter_id: int, *, at: datetime | None = None, connection: BaseEmailBackend | None = None) -> bool:
    """Send one letter that is due. False when there was nothing to send, or it failed and will be tried again.

    The claim comes before the mail: a worker that dies in between costs a delay of three minutes and at worst a second
    mail, never a lost one.
    """
    moment = at or timezone.now()
    due = Letter.objects.filter(pk=letter_id, next_try_at__lte=moment)
    if not due.update(next_try_at=moment + CLAIM):
        return False
    letter = Letter.objects.select_related("recipient").get(pk=letter_id)
    try:
        EmailMessage(letter.subject, letter.body, to=[letter.recipient.email], connection=connection).send()
    except Exception as error:  # smtplib, sockets and TLS raise many kinds; each means: try again later
        _note_failure(letter, error, moment)
        return False
    Letter.objects.filter(pk=letter_id).update(sent_at=moment, next_try_at=None, tries=letter.tries + 1, error="")
    return True


def sweep_letters(*, at: datetime | None = None) -> int:
    """Send what is due over one connection, the longest waiting first; how many left."""
    moment = at or timezone.now()
    due = list(
        Letter.objects.filter(next_try_at__lte=moment).order_by("next_try_at").values_list("pk", flat=True)[:MOST_PER_SWEEP]
    )
    if not due:
        return 0
    with get_connection() as connection:
        return sum(send_letter(letter_id, at=moment, connection=connection) for letter_id in due)


def _note_failure(letter: Letter, error: Exception, moment: datetime) -> None:
    tries = letter.tries + 1
    wait = min(timedelta(minutes=2**letter.tries), LONGEST_WAIT)
    Letter.objects.filter(pk=letter.pk).update(
        tries=tries,
        next_try_at=None if tries >= MOST_TRIES else moment + wait,
        error=f"{type(error).__name__}: {error}"[:240],
    )
