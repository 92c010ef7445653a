"""What is said of an approved version's words stays as it was when it was approved."""

from __future__ import annotations

from exams.triggers.bank import version_frozen
from exams.triggers.conditions import FROZEN, changed

WORDS = "an approved item version never changes"
TRIGGERS = [
    (
        "exams_version_source_frozen",
        "exams_itemversion",
        "UPDATE",
        f"(OLD.status IN {FROZEN} AND {changed('source_language', 'source_digest')})",
        WORDS,
    ),
]
for table in ("exams_translation", "exams_flawwaiver"):
    frozen_before, frozen_after = version_frozen("OLD.version_id"), version_frozen("NEW.version_id")
    TRIGGERS += [
        (f"{table}_added", table, "INSERT", frozen_after, WORDS),
        (f"{table}_frozen", table, "UPDATE", f"({frozen_before} OR {frozen_after})", WORDS),
        (f"{table}_kept", table, "DELETE", frozen_before, WORDS),
    ]
