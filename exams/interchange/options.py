"""What a person decides about a file before it is imported: the files of other programs rarely say it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

REFUSE, SKIP = "refuse", "skip"


@dataclass(frozen=True)
class ImportOptions:
    """`language` is that of texts whose file does not say one. `existing`: an item whose code the bank has is refused,
    or left as it is. `leave_out_refused`: import the others although some are refused; otherwise nothing is imported."""

    language: str = "en"
    competence: str = ""
    content_area: int = 1
    cognitive_level: str = "apply"
    existing: str = REFUSE
    leave_out_refused: bool = False

    def as_values(self) -> dict[str, Any]:
        return asdict(self)
