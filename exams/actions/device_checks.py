"""What a person's device could do when they tried it, kept so that they see it on the page of their registration."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from accounts.models import User
from common.errors import InvalidInput
from exams.clock import server_now
from exams.models import DeviceCheck

# What is looked at, in the order shown; those that an exam cannot be sat without.
NAMES = ("browser", "cookies", "storage", "save", "connection", "clock", "screen", "keyboard")
NEEDED = {"browser", "cookies", "storage", "save", "connection", "screen"}
HIGHEST = 10_000_000


def keep_check(person: User, findings: object, *, at: datetime | None = None) -> DeviceCheck:
    """Keep the newest check of this person. `findings` is {name: {"ok": bool, "value": number or null}} for every name:
    seconds the device's clock is off, milliseconds of the connection, pixels of the screen. Raises InvalidInput."""
    checked = _checked(findings)
    is_ready = all(checked[name]["ok"] for name in NEEDED)
    values = {"findings": checked, "is_ready": is_ready, "checked_at": at or server_now()}
    check, _is_new = DeviceCheck.objects.update_or_create(person=person, defaults=values)
    return check


def _checked(findings: object) -> dict[str, dict[str, Any]]:
    if type(findings) is not dict or findings.keys() != set(NAMES):
        raise InvalidInput
    for finding in findings.values():
        if type(finding) is not dict or finding.keys() != {"ok", "value"} or type(finding["ok"]) is not bool:
            raise InvalidInput
        value = finding["value"]
        if value is not None and (type(value) not in (int, float) or not -HIGHEST < value < HIGHEST):
            raise InvalidInput
    return {name: findings[name] for name in NAMES}
