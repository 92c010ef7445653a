"""Sending invitations: the row says what is due, a worker claims it, the token exists only in the mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from common.codes import public_token
from common.events import ring
from partners.actions.invitations import token_hash
from partners.models import Invitation
from partners.queries import due_invitations

CLAIM = timedelta(minutes=3)
# 1, 2, 4 … minutes, an hour at most; after ten tries (about five hours) a person has to look.
MOST_TRIES = 10
LONGEST_WAIT = timedelta(hours=1)
CHUNK = 50
MOST_PER_SWEEP = 5_000


def send_invitation(invitation_id: int, *, at: datetime | None = None, connection: BaseEmailBackend | None = None) -> bool:
    """Send one mail that is due. False when there was nothing to send: another worker has it, or it was answered.

    The hash is stored before the mail leaves, so that no link ever arrives dead. A worker that dies between the
    mail and the last update sends a second mail, whose link replaces the first.
    """
    moment = at or timezone.now()
    claimed = (
        due_invitations(moment)
        .filter(pk=invitation_id)
        .update(claimed_until=moment + CLAIM, send_attempts=F("send_attempts") + 1)
    )
    if not claimed:
        return False
    token = public_token()
    Invitation.objects.filter(pk=invitation_id, status=Invitation.Status.PENDING).update(token_sha256=token_hash(token))
    invitation = Invitation.objects.select_related("partner", "place__cohort", "invited_by").get(pk=invitation_id)
    try:
        invitation_mail(invitation, token, connection).send()
    except Exception as error:  # smtplib, sockets and TLS raise many kinds; each means: try again later
        _note_failure(invitation, error, moment)
        return False
    # Only while this token is the row's: withdrawn or sent again meanwhile, the row already says what comes next.
    Invitation.objects.filter(pk=invitation_id, token_sha256=token_hash(token)).update(
        sent_at=moment, claimed_until=None, next_try_at=None, send_error=""
    )
    return True


def send_invitations(invitation_ids: Sequence[int]) -> int:
    """Many mails over one connection to the mail server; one that fails stops no other."""
    with get_connection() as connection:
        return sum(send_invitation(invitation_id, connection=connection) for invitation_id in invitation_ids)


def sweep_invitations(*, at: datetime | None = None) -> int:
    """Ring again for every mail that is due, and mark the offers whose seven days are over. Returns how many are due."""
    from partners.tasks import send_invitations_task

    moment = at or timezone.now()
    Invitation.objects.filter(status=Invitation.Status.PENDING, expires_at__lte=moment).update(
        status=Invitation.Status.EXPIRED, token_sha256=None, next_try_at=None, claimed_until=None
    )
    due = list(due_invitations(moment).order_by("pk").values_list("pk", flat=True)[:MOST_PER_SWEEP])
    for start in range(0, len(due), CHUNK):
        ring(send_invitations_task, due[start : start + CHUNK])
    return len(due)


def invitation_mail(invitation: Invitation, token: str, connection: BaseEmailBackend | None = None) -> EmailMessage:
    """The mail in the invitee's language. The link starts with the configured site, never with a request's host."""
    with translation.override(invitation.language):
        context = {
            "invitation": invitation,
            "cohort": invitation.place.cohort if invitation.place else None,
            "name": invitation.place.full_name if invitation.place else "",
            "role": invitation.membership_role,
            "link": settings.SITE_URL + reverse("portal:invitation", args=[token]),
            "site": settings.SITE_URL,
        }
        subject = " ".join(render_to_string("partners/mail/invitation_subject.txt", context).split())
        body = render_to_string("partners/mail/invitation.txt", context).strip() + "\n"
    reply_to = [invitation.partner.contact_email] if invitation.partner.contact_email else None
    return EmailMessage(subject, body, to=[invitation.email], reply_to=reply_to, connection=connection)


def _note_failure(invitation: Invitation, error: Exception, moment: datetime) -> None:
    """Write down what happened and when to try again; after the last try, leave it to a person."""
    wait = min(timedelta(minutes=2 ** (invitation.send_attempts - 1)), LONGEST_WAIT)
    given_up = invitation.send_attempts >= MOST_TRIES
    Invitation.objects.filter(pk=invitation.pk, token_sha256=invitation.token_sha256).update(
        claimed_until=None,
        next_try_at=None if given_up else moment + wait,
        send_error=f"{type(error).__name__}: {error}"[:240],
        token_sha256=None,
    )
