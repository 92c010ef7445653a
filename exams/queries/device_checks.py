"""A person's last device check in words."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from accounts.models import User
from exams.actions.device_checks import NAMES, NEEDED
from exams.models import DeviceCheck


class Line(NamedTuple):
    """One thing looked at; `fix` says what to do when it is not well."""

    name: str
    label: str
    ok: bool
    needed: bool
    value: str
    fix: str


def check_of(user: User) -> DeviceCheck | None:
    return DeviceCheck.objects.filter(person=user).first()


def lines_of(check: DeviceCheck | None) -> list[Line]:
    """In the order of the page; empty when nothing was checked."""
    if check is None:
        return []
    return [
        Line(name, label, found["ok"], name in NEEDED, _value(name, found["value"]), fix)
        for name, (label, fix) in device_words().items()
        if (found := check.findings.get(name))
    ]


def device_words() -> dict[str, tuple[str, str]]:
    """Label and remedy by name."""
    words = {
        "browser": (_("Browser"), _("Update your browser, or use a current Firefox, Chrome, Edge or Safari.")),
        "cookies": (_("Cookies"), _("Allow cookies for this site; without them you are logged out.")),
        "storage": (
            _("Storage on this device"),
            _("Leave private mode and allow this site to keep data: it keeps your answers when the connection fails."),
        ),
        "save": (
            _("Way of the answers to the server"),
            _("Something between you and this site holds answers back. Try without a proxy or VPN, or another network."),
        ),
        "connection": (_("Connection"), _("The connection is slow or breaks off. Move nearer to the router or use a cable.")),
        "clock": (
            _("Clock of this device"),
            _("It differs from ours by minutes. Only our clock counts, but setting yours right avoids surprises."),
        ),
        "screen": (_("Screen"), _("The window is narrower than 320 pixels. Make it wider or turn the device.")),
        "keyboard": (_("Keyboard"), _("No key was seen. A mouse or a finger is enough, but the shortcuts will not work.")),
    }
    return {name: words[name] for name in NAMES}


def _value(name: str, value: Any) -> str:
    if value is None:
        return ""
    units = {
        "clock": _("%(number)s seconds apart"),
        "connection": _("%(number)s milliseconds"),
        "screen": _("%(number)s pixels wide"),
    }
    return units[name] % {"number": round(value)} if name in units else ""
