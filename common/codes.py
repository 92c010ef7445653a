"""Codes that people read and type, and tokens that nobody can guess."""

import secrets

# Crockford's base 32: no I, L, O or U, so nothing is misread. https://www.crockford.com/base32.html
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECK_SYMBOLS = CROCKFORD + "*~$=U"


def public_token() -> str:
    """26 characters, 130 random bits: what a public link carries."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(26))


def opaque_id() -> str:
    """8 characters that carry no order: what an option is called in a candidate's browser."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(8)).lower()


def check_character(code: str) -> str:
    """Crockford's check symbol: the code as a base-32 number modulo 37. Catches every single wrong character
    and every swap of two neighbours. Hyphens do not count."""
    number = 0
    for character in code.replace("-", ""):
        number = number * 32 + CROCKFORD.index(character)
    return CHECK_SYMBOLS[number % 37]


def normalise(code: str) -> str:
    """What a person typed, as Crockford reads it: case, hyphens and look-alikes do not matter."""
    return code.strip().upper().replace(" ", "").replace("O", "0").replace("I", "1").replace("L", "1")
