"""What the room's script says, in the reader's language; the page hands it over as JSON."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from exams.views.timing_words import timing_words


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
        "rules": _rules(),
        **timing_words(),
        **_tools(),
        **_parts(),
        "lateReason": _("Say in a sentence what happened; the people who decide were not there."),
        "lateReceived": _("Handed to the exam office: {n}. Digest of it (SHA-256): {digest}"),
        "lateNoConnection": _(
            "There is no connection. The answers stay on this device; try again later, here or from your exams."
        ),
        "lateDropped": _("They are deleted from this device."),
        **_answering(),
        **_files(),
        **_cases_and_pictures(),
    }


def _tools() -> dict[str, Any]:
    """The candidate's own tools. On the calculator's keys stand signs; their names are for those who hear them."""
    return {
        "noted": _("with a note of yours"),
        "noteOn": _("Note on question {n}"),
        "calculation": _("Calculation"),
        "calcEquals": _("Calculate"),
        "calcClear": _("Clear the calculation"),
        "calcBack": _("Delete the last sign"),
        "calcNotReadable": _("This is no calculation yet. Check numbers, signs and brackets."),
        "calcNoValue": _("This has no value, such as a division by zero."),
        "calcKeys": {
            "÷": _("divided by"),
            "×": _("times"),
            "−": _("minus"),
            "+": _("plus"),
            "√": _("square root of"),
            "^": _("to the power of"),
            "%": _("percent"),
            "(": _("open bracket"),
            ")": _("close bracket"),
            ".": _("point"),
        },
    }


def _parts() -> dict[str, str]:
    """Papers whose sections are opened one after the other."""
    return {
        "partOf": _("Part {n} of {total}"),
        "partWaits": _("This part is not open yet."),
        "partLeft": _("You have left this part. Your answers in it are saved; it cannot be opened again."),
        "partIsOver": _("The time of this part is over. Your saved answers in it count."),
        "partMinutes": _("The next part has {n} minutes, or more with your extra time. They run from the moment you open it."),
        "partForward": _("Once you have left the next part, you cannot come back to it."),
        "partCloses": _("Opening the next part closes the one you are in for good."),
        "partClosesOpen": _(
            "Opening the next part closes the one you are in for good, and {n} of its questions are not answered."
        ),
        "partShut": _("in a part that is not open"),
        "openPart": _("Open part {n}"),
        "minutesLeftInPart": _("{n} minutes left in this part"),
        "oneMinuteLeftInPart": _("One minute left in this part"),
        "stillUnsentInPart": _("{n} answers of this part are not saved yet. Wait for the connection, then open the next part."),
        "noConnectionForPart": _("There is no connection, and a part opens only with one. Try again in a moment."),
        "cameAfterPart": _(
            "Question {n}: the last change came after its part was closed, so it is not saved and does not count."
        ),
    }


def _rules() -> dict[str, str]:
    """How an answer is scored; the plain case, all or nothing for one point, is not said."""
    return {
        "partial_credit": _("Right picks minus wrong picks count, never below zero."),
        "per_part": _("Each right part earns its share."),
        "perPlace": _("Each option at its right place earns its share."),
        "penalty": _("A wrong answer takes away 1/{n} of the points; no answer takes nothing."),
        "penaltyOfTwo": _("A wrong answer takes away as much as a right one earns; no answer takes nothing."),
        "penaltySeveral": _("Each wrong pick takes a share away, never below zero."),
    }


def _answering() -> dict[str, str]:
    """What stands by the inputs of a question, and what is said when they are used."""
    return {
        "onePoint": _("1 point."),
        "points": _("{n} points."),
        "strikeOut": _("Strike out: {text}"),
        "struckOut": _("(struck out)"),
        "orderHint": _("Move each option to its place with its buttons, or with the arrow keys while one of them is chosen."),
        "yourOrder": _("Your order, from first to last"),
        "moveUp": _("Move up: {text}"),
        "moveDown": _("Move down: {text}"),
        "movedTo": _("{text}: place {n} of {total}"),
        "keepOrder": _("Answer with this order"),
        "orderKept": _("The order shown is your answer."),
        "matchHint": _("Choose for each what belongs to it. One may belong to several, and some to none."),
        "matchWith": _("What can be chosen"),
        "choose": _("Choose …"),
        "gapsHint": _("Fill in the gaps in the text."),
        "gapsHintNumbers": _("Fill in the gaps in the text. The decimal sign of a number is a point: 3.14"),
        "gapOf": _("Gap {n} of {total}"),
        "gapNotANumber": _("Gap {n} is not a number yet, so it is not saved. Write digits and at most one point."),
        "essayHint": _("Write your answer. It is saved while you write."),
        "wordCount": _("Words: {n}"),
        "wordsBetween": _("{least} to {most} words are asked for."),
        "wordsAtLeast": _("At least {least} words are asked for."),
        "wordsAtMost": _("At most {most} words are asked for."),
        "belowLeast": _("{n} words: fewer than the {least} asked for."),
        "withinLimits": _("{n} words: within what is asked for."),
        "nearMost": _("{n} words: near the limit of {most}."),
        "overMost": _("{n} words: more than the {most} asked for."),
        "spotHint": _(
            "Choose one place on the picture: click it, or move the cross with the arrow keys "
            "(with Shift in bigger steps) and set the mark with Enter."
        ),
        "crossAt": _("Cross at {x} % from the left, {y} % from the top"),
        "placeSet": _("Mark set at {x} % from the left, {y} % from the top"),
        "placeIs": _("Your mark: {x} % from the left, {y} % from the top"),
        "noPlace": _("No mark yet"),
        "typePlace": _("Type the place instead"),
        "fromLeft": _("From the left, in %"),
        "fromTop": _("From the top, in %"),
        "largerPicture": _("Larger picture"),
    }


def _files() -> dict[str, str]:
    return {
        "fileHint": _("Send one file. It goes to the server at once and needs a connection; it cannot wait on this device."),
        "fileKinds": _("Accepted: {list}; at most {most}."),
        "chooseFile": _("Choose a file"),
        "replaceFile": _("Replace the file"),
        "fileProgress": _("How much of the file has been sent"),
        "fileSending": _("Sending {name} …"),
        "fileStored": _("Your file: {name}, {size}"),
        "fileStoredSomewhere": _("Your file is stored."),
        "fileOffline": _("There is no connection, so the file was not sent. Choose it again when you are back online."),
        "fileRefused": _("The file was not accepted. Choose another one."),
        "fileWrongKind": _("This kind of file is not accepted. Accepted: {list}."),
        "fileTooLarge": _("The file is too large: {size}. At most {most}."),
        "fileEmpty": _("The file is empty."),
    }


def _cases_and_pictures() -> dict[str, str]:
    return {
        "case": _("Case"),
        "caseOf": _("Case for questions {first} to {last}"),
        "caseOfOne": _("Case for question {n}"),
        "picture": _("Picture: {alt}"),
        "enlarge": _("Enlarge the picture: {alt}"),
        "larger": _("Larger"),
        "smaller": _("Smaller"),
        "close": _("Close"),
        "scrollPicture": _("The picture, to be scrolled"),
        "table": _("Table, can be scrolled"),
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
        "onBreak": {
            "title": _("You are on a break"),
            "text": _("The clock stands still and your answers are safe. The break ends by itself when its time is used."),
            "button": _("End the break and go on"),
        },
        "sendingLast": {"title": _("The time is over"), "text": _("The last answers are being saved …")},
        "handingIn": {"title": _("One moment"), "text": _("Your exam is being handed in …")},
    }
