"""What the room's script says, in the reader's language; the page hands it over as JSON."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _


def room_words() -> dict[str, Any]:
    """{n}, {total}, {time} and {list} are filled in by the script."""
    return {
        "questionOf": _("Question {n} of {total}"),
        "question": _("Question {n}"),
        "toQuestion": _("To question {n}"),
        "answered": _("answered"),
        "unanswered": _("not answered"),
        "flagged": _("marked to look at again"),
        "unsent": _("not saved yet"),
        "progress": _("{n} of {total} answered"),
        "severalHint": _("More than one option may be right."),
        "numberHint": _("Write a number. The decimal sign is a point: 3.14"),
        "textHint": _("Write a word or a few words."),
        "notANumber": _("This is not a number yet, so it is not saved. Write digits and at most one point."),
        "rejected": _("This answer could not be stored. Change it, or reload the page."),
        "minutesLeft": _("{n} minutes left"),
        "oneMinuteLeft": _("One minute left"),
        "timeIsOver": _("The time is over."),
        "hideTime": _("Hide the time"),
        "showTime": _("Show the time"),
        "savedAt": _("Saved {time}"),
        "notSavedYet": _("Not saved yet ({n})"),
        "offlineSince": _("Offline since {time}: {n} not saved yet"),
        "nothingToSave": _("Nothing to save yet"),
        "replaced": _("Question {n}: a newer answer from another place is shown now."),
        "noConnection": _("No connection. The room opens by itself as soon as there is one."),
        "handInNow": _("Hand in now"),
        "handInWithout": _("Hand in without them"),
        "sendingLast": _("The last answers are being saved …"),
        "stillUnsent": _(
            "{n} answers are not saved yet. Wait for the connection and try again, or hand in without them: "
            "they will not count."
        ),
        "cameTooLate": _("These questions had changes that arrived too late and do not count: {list}"),
        "overlays": _overlays(),
    }


def _overlays() -> dict[str, dict[str, str]]:
    return {
        "loginEnded": {
            "title": _("Your login has ended"),
            "text": _(
                "Your answers are kept on this device and the clock goes on. Log in again in a new tab, "
                "come back to this one, and choose “Continue”."
            ),
            "button": _("Continue"),
        },
        "leaseMoved": {
            "title": _("This exam is open in another place"),
            "text": _(
                "Only one place can write. What you answered there is saved. If you continue here, the other place "
                "becomes read-only."
            ),
            "button": _("Continue here"),
        },
        "otherTab": {
            "title": _("This exam is open in another tab"),
            "text": _("Go on in that tab, or continue here; the other one then becomes read-only."),
            "button": _("Continue here"),
        },
        "paused": {
            "title": _("The exam is paused"),
            "text": _("The clock stands still and your answers are safe. The exam goes on by itself when it is resumed."),
        },
        "sendingLast": {"title": _("The time is over"), "text": _("The last answers are being saved …")},
        "handingIn": {"title": _("One moment"), "text": _("Your exam is being handed in …")},
    }
