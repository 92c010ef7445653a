"""What a person is entitled to, in the words of its effects. Reasons are not even asked for here."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exams.models import Accommodation
from exams.rules.deadlines import Conditions


def effects_of(conditions: Conditions) -> list[str]:
    """One short phrase for each effect, for candidates, invigilators and administrators alike."""
    words = []
    if conditions.extra_time_percent:
        words.append(_("+%(percent)s %% time") % {"percent": conditions.extra_time_percent})
    if minutes := conditions.break_minutes:
        counted = ngettext("%(minutes)s min of breaks", "%(minutes)s min of breaks", minutes)
        words.append(counted % {"minutes": minutes})
    if conditions.contrast != Accommodation.Contrast.NORMAL:
        words.append(str(Accommodation.Contrast(conditions.contrast).label))
    if conditions.text_size != Accommodation.TextSize.NORMAL:
        words.append(_("text at %(percent)s %%") % {"percent": conditions.text_size})
    if conditions.has_reader:
        words.append(_("a reader"))
    if conditions.has_separate_room:
        words.append(_("a separate room"))
    if conditions.is_exempt_from_lockdown:
        words.append(_("no locked browser"))
    return words


def look_of(conditions: Conditions) -> str:
    """The classes of the page's body; `exams/css/look.css` says what they do. Empty for the site's own look."""
    classes = []
    if conditions.contrast != Accommodation.Contrast.NORMAL:
        classes.append(f"look-{conditions.contrast}")
    if conditions.text_size != Accommodation.TextSize.NORMAL:
        classes.append(f"look-text-{conditions.text_size}")
    return " ".join(classes)
