"""One right option among several: `{"choice": id}`."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from exams.errors import InvalidResponse
from exams.item_types.contract import Key, Response, Shape, only_field, public_options, public_stem

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from exams.models import ItemVersion


class SingleChoice:
    code = "single_choice"
    label: _StrOrPromise = _("single choice")
    has_options = True

    def public(self, version: ItemVersion, language: str) -> dict[str, Any]:
        return {**public_stem(version, language), "options": public_options(version, language)}

    def parse(self, body: Response, shape: Shape) -> Response:
        choice = only_field(body, "choice")
        if type(choice) is not str or choice not in shape.tokens:
            raise InvalidResponse
        return {"choice": choice}

    def score(self, key: Key, response: Response | None) -> Decimal:
        """All points for the key, none for anything else."""
        return key.points if response is not None and response.get("choice") in key.right else Decimal(0)

    def problems(self, key: Key) -> list[_StrOrPromise]:
        problems: list[_StrOrPromise] = []
        if len(key.right) != 1:
            problems.append(_("Mark exactly one option as the key."))
        if len(key.right) + len(key.wrong) < 2:
            problems.append(_("Write at least two options."))
        return problems


TYPE = SingleChoice()
