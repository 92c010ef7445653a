"""A file that a person marks by a rubric: `{"upload": uuid}` of a file sent before (exams.actions.uploads).

The answer names a file; only one sent at the same position of the same attempt counts, so a foreign uuid says
nothing, and the save needs no look-up.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext_lazy as _

from exams.errors import InvalidResponse
from exams.file_kinds import KINDS
from exams.item_types.contract import ItemType, Key, Response, Shape, only_field, public_stem
from exams.item_types.rubric import rubric_problems

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from exams.models import ItemVersion

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LEAST_LIMIT, MOST_LIMIT = 1_000, 20_000_000


class FileUpload(ItemType):
    code: ClassVar[str] = "file_upload"
    label: ClassVar[_StrOrPromise] = _("file")
    needs_marker = True

    def public(self, version: ItemVersion, language: str) -> dict[str, Any]:
        presentation = version.presentation or {}
        return {
            **public_stem(version, language),
            "accepts": list(presentation["accepts"]),
            "most_bytes": presentation["most_bytes"],
        }

    def parse(self, body: Response, shape: Shape) -> Response:
        upload = only_field(body, "upload")
        if type(upload) is not str or not UUID.fullmatch(upload):
            raise InvalidResponse
        return {"upload": upload}

    def score(self, key: Key, response: Response | None) -> Decimal | None:
        """None: a person marks it. No file earns nothing."""
        return None if response and response.get("upload") else Decimal(0)

    def problems(self, key: Key) -> list[_StrOrPromise]:
        problems = rubric_problems(key)
        accepts, most_bytes = key.presentation.get("accepts"), key.presentation.get("most_bytes")
        known = isinstance(accepts, list) and accepts and all(isinstance(name, str) and name in KINDS for name in accepts)
        if not known:
            problems.append(
                _("Name the kinds of file that are accepted. Possible are %(kinds)s.") % {"kinds": ", ".join(sorted(KINDS))}
            )
        if type(most_bytes) is not int or not LEAST_LIMIT <= most_bytes <= MOST_LIMIT:
            problems.append(_("A file may weigh up to 20 MB; say how much."))
        return problems


TYPE = FileUpload()
