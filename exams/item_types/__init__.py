"""How each type of item is shown, read and scored. A new type: a new file, one line here, one test."""

from __future__ import annotations

from exams.item_types import (
    cloze,
    essay,
    file_upload,
    hotspot,
    matching,
    multiple_response,
    numeric,
    ordering,
    short_text,
    single_choice,
    true_false,
)
from exams.item_types.contract import ItemType, Key, Shape, canonical, key_of, shape_of

_KINDS = (
    single_choice,
    multiple_response,
    true_false,
    numeric,
    short_text,
    ordering,
    matching,
    cloze,
    hotspot,
    essay,
    file_upload,
)
REGISTRY: dict[str, ItemType] = {kind.TYPE.code: kind.TYPE for kind in _KINDS}

__all__ = ["REGISTRY", "ItemType", "Key", "Shape", "canonical", "key_of", "shape_of"]
