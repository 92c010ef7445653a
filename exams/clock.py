"""Only the server's clock decides (invariant 3), and where a database server is shared it is that server's."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection
from django.db.models import DateTimeField, Expression, Value
from django.db.models.functions import Now
from django.utils import timezone


def server_now() -> datetime:
    """The moment by the clock that also judges saves: PostgreSQL's own, or this machine's beside SQLite."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    return row[0]


def clock_expression() -> Expression:
    """The same clock inside a query: the start of the statement, as saves are judged by."""
    return Now() if connection.vendor == "postgresql" else Value(timezone.now(), output_field=DateTimeField())


def iso(moment: datetime) -> str:
    """UTC ISO 8601 to the millisecond, as the exam room speaks it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
