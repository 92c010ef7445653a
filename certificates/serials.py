"""Serials: TS-PTL1-26-7K3M9Q-C. For people: readable aloud, with a check character, and found however they are typed."""

from __future__ import annotations

import secrets
from datetime import date

from certificates.models import CertificationScheme
from common.codes import CROCKFORD, check_character, normalise

MAKER = "TS"
DRAWN = 6


def draw_serial(scheme: CertificationScheme, issued_on: date) -> str:
    """A fresh serial: maker, track and level, year, six random characters, check character.

    Crockford's check symbols include * ~ $ = U, which people cannot name: those draws are thrown back.
    """
    stem = f"{MAKER}-{scheme.track.code}{scheme.level.code}-{issued_on:%y}-"
    while True:
        code = stem + "".join(secrets.choice(CROCKFORD) for _ in range(DRAWN))
        check = check_character(normalise(code))
        if check in CROCKFORD:
            return f"{code}-{check}"


def readable(typed: str) -> str:
    """What was typed, reduced to what counts: no case, no hyphens or spaces, look-alikes made equal."""
    return "".join(character for character in normalise(typed) if character in CROCKFORD)


def is_well_formed(typed: str) -> bool:
    """Whether the check character fits: tells a slip of the finger from a serial we never issued."""
    code = readable(typed)
    return len(code) > DRAWN + 1 and check_character(code[:-1]) == code[-1]


def serials_meant_by(typed: str) -> list[str]:
    """The serials as we write them that the typed text can mean: the letters of track and level are ours to restore."""
    code = readable(typed)
    if not is_well_formed(typed) or not code.startswith(MAKER):
        return []
    ending = f"-{code[-9:-7]}-{code[-7:-1]}-{code[-1]}"
    middle = code[len(MAKER) : -9]
    pairs = CertificationScheme.objects.values_list("track__code", "level__code").distinct().order_by()
    return sorted({f"{MAKER}-{track}{level}{ending}" for track, level in pairs if normalise(f"{track}{level}") == middle})
