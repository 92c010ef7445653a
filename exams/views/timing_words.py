"""What the room says about breaks and added time."""

from __future__ import annotations

from django.utils.translation import gettext as _


def timing_words() -> dict[str, str]:
    """{n} and {time} are filled in by the script."""
    return {
        "breakLeft": _("Break left: {time}"),
        "breakUsed": _("Your minutes of break are used."),
        "breakSoonOver": _("One minute of break left"),
        "breakFailed": _("The break could not begin: there is no connection. The clock goes on."),
        "timeAdded": _("Time was added to your exam: {n} minutes. The clock shows it."),
        "timeTakenBack": _("Added time was taken back. The clock shows what is left."),
    }
