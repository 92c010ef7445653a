"""The exam room's save: one SQL statement on the accepted path.

The statement re-checks everything that can change (status, epoch, lease, deadline, live login) under a shared lock
of the attempt's row, and writes only a higher sequence number. It must stay one statement that locks before it
writes: see exams.actions.delivery for the other half. What it answered "accepted" is on the disk.
"""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone

from exams.clock import iso
from exams.errors import (
    InvalidResponse,
    SectionClosed,
    StaleSave,
    TooManySaves,
)
from exams.item_types import REGISTRY, Shape, canonical, shape_of
from exams.tokens import Token

if TYPE_CHECKING:
    from exams.rules.sections import Section

MOST_BYTES = 64 * 1024
HIGHEST_SEQ = 2_147_483_647
FIELDS = {"seq", "lease", "response", "flagged"}


class Save(NamedTuple):
    """One save, checked in shape: it may still be refused for what it meets."""

    seq: int
    lease: str
    body: str | None
    flagged: bool | None


# --- Reading what was sent ---------------------------------------------------------------------


def _refuse_constant(_name: str) -> None:
    raise ValueError("NaN and Infinity are not JSON")


def _refuse_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(fields := dict(pairs)) != len(pairs):
        raise ValueError("a field is there twice")
    return fields


decode = json.JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=_refuse_twins).decode


def read_save(raw: bytes, shape: Shape) -> Save:
    """The save in canonical form, or InvalidResponse: malformed JSON, unknown fields, wrong types, wrong options."""
    try:
        sent = decode(raw.decode())
    except (ValueError, RecursionError):
        raise InvalidResponse from None
    if type(sent) is not dict or "response" not in sent or not sent.keys() <= FIELDS:
        raise InvalidResponse
    seq, lease, flagged = sent.get("seq"), sent.get("lease"), sent.get("flagged")
    if type(seq) is not int or not 1 <= seq <= HIGHEST_SEQ or type(lease) is not str or len(lease) > 64 or "\0" in lease:
        raise InvalidResponse
    if "flagged" in sent and type(flagged) is not bool:
        raise InvalidResponse
    response = sent["response"]
    if response is not None:
        if type(response) is not dict:
            raise InvalidResponse
        response = REGISTRY[shape.type].parse(response, shape)
    try:
        lease.encode()
    except UnicodeEncodeError:
        raise InvalidResponse from None
    return Save(seq, lease, canonical(response), flagged)


class Shapes(dict[int, Shape]):
    """Types and option tokens by position; with section rules also the number of each position's section."""

    plan: dict[int, Section]
    sections: dict[int, int]


# A sealed paper never changes, so its shapes are read once per process. By uuid, never by id.
_shapes: OrderedDict[tuple[str, str], Shapes] = OrderedDict()
MOST_PAPERS = 64


def shapes_of(paper_uuid: str, language: str) -> Shapes:
    """What the save path knows about a paper."""
    if (paper_uuid, language) not in _shapes:
        from exams.models import PaperRendering

        rendering = PaperRendering.objects.get(paper__uuid=paper_uuid, language=language)
        _shapes[paper_uuid, language] = _shapes_in(rendering.document)
        if len(_shapes) > MOST_PAPERS:
            _shapes.popitem(last=False)
    return _shapes[paper_uuid, language]


def _shapes_in(document: dict[str, Any]) -> Shapes:
    from exams.rules.sections import sections_in

    numbered = [(number, each) for number, section in enumerate(document["sections"], 1) for each in section["positions"]]
    shapes = Shapes({position["position"]: shape_of(position) for _number, position in numbered})
    shapes.plan = sections_in(document)
    shapes.sections = {position["position"]: number for number, position in numbered} if shapes.plan else {}
    return shapes


# --- How often ---------------------------------------------------------------------------------

_buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
MOST_BUCKETS = 20_000
SPARE_BURST = 20


def spend(attempt_uuid: str, positions: int) -> None:
    """One save out of the attempt's bucket, or TooManySaves with the seconds to wait.

    Sustained EXAM_SAVES_PER_SECOND; the burst is 20 and one for each position, so that after an outage a candidate's
    whole paper is replayed at once. Each process counts for itself and threads may race here: what is limited is
    a runaway page, and for that it is near enough. It costs no look-up, which is the point.
    """
    rate, most = settings.EXAM_SAVES_PER_SECOND, float(SPARE_BURST + positions)
    now = time.monotonic()
    left, since = _buckets.get(attempt_uuid, (most, now))
    left = min(most, left + (now - since) * rate)
    if left < 1:
        raise TooManySaves(retry_after=max(1, round((1 - left) / rate)))
    _buckets[attempt_uuid] = (left - 1, now)
    if len(_buckets) > MOST_BUCKETS:
        _buckets.popitem(last=False)


# --- The statement -----------------------------------------------------------------------------

ON_POSTGRESQL = """
WITH a AS (
    SELECT id, closes_at FROM exams_attempt
    WHERE id = %(attempt)s AND status = 'open' AND token_epoch = %(epoch)s AND lease = %(lease)s
      AND accept_until >= statement_timestamp()
      AND EXISTS (SELECT 1 FROM django_session s WHERE s.session_key = exams_attempt.session_key
                  AND s.expire_date > statement_timestamp())
    FOR SHARE
), saved AS (
    INSERT INTO exams_response AS r (attempt_id, position, seq, body, flagged, saved_at)
    SELECT a.id, %(position)s::smallint, %(seq)s::integer, %(body)s::text, COALESCE(%(flagged)s::boolean, false),
           statement_timestamp() FROM a
    ON CONFLICT (attempt_id, position) DO UPDATE
    SET seq = excluded.seq, body = excluded.body, saved_at = excluded.saved_at,
        flagged = COALESCE(%(flagged)s::boolean, r.flagged)
    WHERE r.seq < excluded.seq
    RETURNING saved_at
)
SELECT saved.saved_at, a.closes_at FROM saved, a
"""

# The clock is this machine's, written as Django stores moments here. SQLite's one writer lock is the attempt's lock.
ON_SQLITE = """
INSERT INTO exams_response (attempt_id, position, seq, body, flagged, saved_at)
SELECT a.id, %(position)s, %(seq)s, %(body)s, COALESCE(%(flagged)s, 0), %(now)s FROM exams_attempt a
WHERE a.id = %(attempt)s AND a.status = 'open' AND a.token_epoch = %(epoch)s AND a.lease = %(lease)s
  AND a.accept_until >= %(now)s
  AND EXISTS (SELECT 1 FROM django_session s WHERE s.session_key = a.session_key AND s.expire_date > %(now)s)
ON CONFLICT (attempt_id, position) DO UPDATE
SET seq = excluded.seq, body = excluded.body, saved_at = excluded.saved_at,
    flagged = COALESCE(%(flagged)s, exams_response.flagged)
WHERE exams_response.seq < excluded.seq
RETURNING saved_at, (SELECT closes_at FROM exams_attempt WHERE id = exams_response.attempt_id)
"""


# On papers with section rules the section's row is shared too, after the attempt's: whoever leaves it waits for the save,
# and a save that waited for somebody who left it looks at it again. Other papers pay nothing for it.
ON_POSTGRESQL_IN_SECTION = ON_POSTGRESQL.replace(
    "), saved AS (",
    """), section AS (
    SELECT s.id FROM a JOIN exams_attemptsection s ON s.attempt_id = a.id
    WHERE s.number = %(section)s::smallint AND s.left_at IS NULL
      AND (s.accept_until IS NULL OR s.accept_until >= statement_timestamp())
    FOR SHARE OF s
), saved AS (""",
).replace("statement_timestamp() FROM a\n", "statement_timestamp() FROM a, section\n")
ON_SQLITE_IN_SECTION = ON_SQLITE.replace(
    "ON CONFLICT",
    """  AND EXISTS (SELECT 1 FROM exams_attemptsection x WHERE x.attempt_id = a.id AND x.number = %(section)s
              AND x.left_at IS NULL AND (x.accept_until IS NULL OR x.accept_until >= %(now)s))
ON CONFLICT""",
)

# SQLite has one writer, and who finds it busy sleeps and tries again: threads of one process queue here instead.
writer = threading.Lock()


def store(token: Token, position: int, save: Save, *, section: int | None = None) -> dict[str, Any]:
    """The acknowledgement once the answer is durable, or the refusal it met.

    Sent twice because a reply was lost, the same save is acknowledged twice.
    """
    for _chance in range(2):
        row = _write(token, position, save, section)
        if row is not None:
            saved_at, closes_at = row
            return _acknowledgement(save.seq, saved_at, closes_at, saved_at)
        acknowledgement = _why_not(token, position, save, section)
        if acknowledgement is not None:
            return acknowledgement
    # Only when what refused the write was gone a moment later, twice in a row: ask for the save again.
    raise TooManySaves(retry_after=1)


def _acknowledgement(seq: int, saved_at: datetime, closes_at: datetime, now: datetime) -> dict[str, Any]:
    return {"seq": seq, "saved_at": iso(saved_at), "closes_at": iso(closes_at), "server_now": iso(now)}


def _write(token: Token, position: int, save: Save, section: int | None) -> tuple[datetime, datetime] | None:
    """Run the statement, on a fresh connection when the database has dropped the old one."""
    # A health check would be a second round trip for each save; the retry below does its work.
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        return _execute(token, position, save, section)
    except OperationalError:
        if connection.in_atomic_block or connection.is_usable():
            raise
        connection.close()
        return _execute(token, position, save, section)


def _execute(token: Token, position: int, save: Save, section: int | None) -> tuple[datetime, datetime] | None:
    parameters: dict[str, str | int | None] = {
        "attempt": token.attempt_id,
        "epoch": token.epoch,
        "lease": save.lease,
        "position": position,
        "seq": save.seq,
        "body": save.body,
        "flagged": save.flagged,
        "section": section,
    }
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(ON_POSTGRESQL if section is None else ON_POSTGRESQL_IN_SECTION, parameters)
            return cursor.fetchone()
        with writer:
            now = timezone.now()
            cursor.execute(
                ON_SQLITE if section is None else ON_SQLITE_IN_SECTION,
                {**parameters, "now": str(now.astimezone(UTC).replace(tzinfo=None))},
            )
            # All rows: SQLite commits when the statement has been stepped to its end.
            rows = cursor.fetchall()
    return (now, _moment(rows[0][1])) if rows else None


def _moment(stored: str | datetime) -> datetime:
    """A moment as Django stores it beside SQLite: naive UTC, as text."""
    moment = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return moment.replace(tzinfo=UTC)


def _why_not(token: Token, position: int, save: Save, section: int | None) -> dict[str, Any] | None:
    """One look at what refused the write: raises the refusal, acknowledges a replay, or None when it is gone."""
    from exams.actions.standings import refuse_unless_open
    from exams.queries.attempts import section_is_open, standing

    met = refuse_unless_open(standing(token.attempt_id, position), token, save.lease)
    if met is None:
        return None
    if met.seq is None or met.saved_at is None or met.seq < save.seq:
        if section is not None and not section_is_open(token.attempt_id, section, met.now):
            raise SectionClosed(section=section)
        return None
    if (met.seq, met.body) == (save.seq, save.body) and save.flagged in (None, met.flagged):
        return _acknowledgement(met.seq, met.saved_at, met.closes_at, met.now)
    raise StaleSave(seq=met.seq)
