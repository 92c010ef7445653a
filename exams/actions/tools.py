"""A candidate's own tools kept on the server: strikes, notes, how the room is shown. None of it is an answer.

They go by the token and lease of the saves, but never stand in an answer's way: they lock nothing that a save needs, and
when there is much to do they are the first to be sent away (429); the room keeps them on the device and tries again.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction

from exams import saving
from exams.actions.standings import refuse_unless_open
from exams.clock import iso, server_now
from exams.errors import BodyTooLarge, InvalidResponse, StaleSave, TooManySaves
from exams.item_types import Shape
from exams.models import Attempt, PositionTools
from exams.queries.attempts import standing
from exams.tokens import Token

SCRATCH = 0
MOST_BYTES = 64 * 1024
MOST_NOTE, MOST_SCRATCH = 2_000, 8_000
SIZES, CONTRASTS = (100, 125, 150, 200), ("usual", "high")
# For somebody who asks to see their exam again the notes are there a while; then they are gone.
KEPT_FOR = timedelta(days=30)
# How many requests of one process may write notes at a time, and how long one waits for its place.
_places = threading.BoundedSemaphore(2)
PATIENCE = 0.2


class Tools(NamedTuple):
    """One position's tools as sent, checked."""

    seq: int
    lease: str
    struck: list[str]
    note: str
    look: dict[str, Any]


def read_tools(raw: bytes, position: int, shape: Shape | None) -> Tools:
    """{"seq", "lease", "tools": {"struck", "note"}}, or for position 0 {"note", "view"}; InvalidResponse, BodyTooLarge."""
    if len(raw) > MOST_BYTES:
        raise BodyTooLarge
    try:
        sent = saving.decode(raw.decode())
    except (ValueError, RecursionError):
        raise InvalidResponse from None
    if type(sent) is not dict or sent.keys() != {"seq", "lease", "tools"} or type(sent["tools"]) is not dict:
        raise InvalidResponse
    seq, lease, tools = sent["seq"], sent["lease"], sent["tools"]
    if type(seq) is not int or not 1 <= seq <= saving.HIGHEST_SEQ or type(lease) is not str or len(lease) > 64:
        raise InvalidResponse
    if not tools.keys() <= ({"note", "view"} if position == SCRATCH else {"note", "struck"}):
        raise InvalidResponse
    note = _note(tools.get("note", ""), MOST_SCRATCH if position == SCRATCH else MOST_NOTE)
    return Tools(seq, lease, _struck(tools.get("struck", []), shape), note, _look(tools.get("view", {})))


def _note(note: object, most: int) -> str:
    if type(note) is not str or "\0" in note:
        raise InvalidResponse
    if len(note) > most:
        raise BodyTooLarge
    try:
        note.encode()
    except UnicodeEncodeError:
        raise InvalidResponse from None
    return note


def _struck(struck: object, shape: Shape | None) -> list[str]:
    """Only options of this very position, each once, in no order that says anything."""
    offered = shape.tokens if shape else frozenset()
    if type(struck) is not list or not all(type(token) is str and token in offered for token in struck):
        raise InvalidResponse
    return sorted(set(struck))


def _look(look: object) -> dict[str, Any]:
    if type(look) is not dict or not look.keys() <= {"size", "contrast"}:
        raise InvalidResponse
    size, contrast = look.get("size", SIZES[0]), look.get("contrast", CONTRASTS[0])
    if type(size) is not int or size not in SIZES or contrast not in CONTRASTS:
        raise InvalidResponse
    return look


def store_tools(token: Token, position: int, tools: Tools) -> dict[str, Any]:
    """The acknowledgement, or the refusal a save would meet; StaleSave tells the stored number.

    The attempt is looked at, not locked: a note that slips in while the exam is handed in harms nobody.
    """
    with _turn():
        met = standing(token.attempt_id, position)
        refuse_unless_open(met, token, tools.lease)
        if _write(token.attempt_id, position, tools):
            return _acknowledgement(tools.seq)
    stored = PositionTools.objects.get(attempt_id=token.attempt_id, position=position)
    if (stored.seq, stored.struck, stored.note, stored.look) == (tools.seq, tools.struck, tools.note, tools.look):
        return _acknowledgement(tools.seq)
    raise StaleSave(seq=stored.seq)


@contextmanager
def _turn() -> Iterator[None]:
    """A place among the few that write notes, and on SQLite its one writer: whoever waits too long comes again."""
    if not _places.acquire(timeout=PATIENCE):
        raise TooManySaves(retry_after=5)
    try:
        if connection.vendor == "postgresql":
            yield
        elif saving.writer.acquire(timeout=PATIENCE):
            try:
                yield
            finally:
                saving.writer.release()
        else:
            raise TooManySaves(retry_after=5)
    finally:
        _places.release()


def _write(attempt_id: int, position: int, tools: Tools) -> bool:
    values = {"seq": tools.seq, "struck": tools.struck, "note": tools.note, "look": tools.look, "saved_at": server_now()}
    if PositionTools.objects.filter(attempt_id=attempt_id, position=position, seq__lt=tools.seq).update(**values):
        return True
    try:
        with transaction.atomic():
            PositionTools.objects.create(attempt_id=attempt_id, position=position, **values)
    except IntegrityError:
        return False
    return True


def _acknowledgement(seq: int) -> dict[str, Any]:
    return {"seq": seq, "server_now": iso(server_now())}


def tools_of(attempt: Attempt) -> dict[str, dict[str, Any]]:
    """What the room needs to go on with on another device."""
    return {
        str(row.position): {"seq": row.seq, "note": row.note}
        | ({"view": row.look} if row.position == SCRATCH else {"struck": row.struck})
        for row in attempt.tools.order_by("position")
    }


def forget_tools() -> int:
    """Delete the tools of exams that were closed some weeks ago; how many rows."""
    gone, _by_model = PositionTools.objects.filter(attempt__submitted_at__lt=server_now() - KEPT_FOR).delete()
    return gone
