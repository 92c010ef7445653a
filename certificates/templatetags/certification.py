"""Showing snapshots: texts stored in both languages, moments stored as ISO text."""

from __future__ import annotations

from datetime import datetime

from django import template

from standards.models.catalogue import in_language

register = template.Library()

register.simple_tag(in_language, name="in_reader_language")

TONES = {
    "valid": "success",
    "suspended": "warning",
    "withdrawn": "danger",
    "open": "info",
    "stored": "success",
    "parked": "danger",
}


@register.filter
def moment(text: str) -> datetime | None:
    """A moment out of a JSON snapshot."""
    return datetime.fromisoformat(text) if text else None


@register.filter
def status_tone(status: str) -> str:
    """The badge tone of a status of this package; nothing for the quiet ones."""
    return TONES.get(status, "")
