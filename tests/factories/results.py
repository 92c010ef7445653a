"""Results on their way out, as the board lets them out."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Role, User
from exams.actions.board_records import draft_board_record, release_board_record, sign_board_record
from exams.models import BoardRecord, Result, Sitting
from tests.factories.accounts import staff


def board_member(name: str = "Bea Board", role: str = Role.ADMINISTRATOR) -> User:
    return User.objects.filter(full_name=name).first() or staff(role, name)


def signed_record(sitting: Sitting, *, by: User | None = None, at: datetime | None = None) -> BoardRecord:
    """A record of all that is held in the sitting, drawn up and signed by Bea and by `by`."""
    bea, other = board_member(), by or board_member("Carl Chair", Role.CERTIFICATION_OFFICER)
    record = draft_board_record(sitting, incidents="None.", decision="To be released.", by=bea, at=at)
    sign_board_record(record, by=bea, at=at)
    return sign_board_record(record, by=other, at=at)


def release_sitting(sitting: Sitting, *, by: User | None = None, at: datetime | None = None) -> BoardRecord:
    record = signed_record(sitting, by=by, at=at)
    release_board_record(record.pk, at=at)
    record.refresh_from_db()
    return record


def release_result(result: Result, *, by: User | None = None, at: datetime | None = None) -> Result:
    """This result, with all that are held in its sitting; one that is out stays as it is."""
    result.refresh_from_db()
    if result.status == Result.Status.HELD:
        release_sitting(result.attempt.registration.sitting, by=by, at=at)
    result.refresh_from_db()
    return result
