"""How each type of item is shown, read and scored. A new type: a new file, one line here, one test."""

from __future__ import annotations

from exams.item_types import multiple_response, numeric, short_text, single_choice
from exams.item_types.contract import ItemType, Key, Shape, canonical, key_of, shape_of

REGISTRY: dict[str, ItemType] = {
    item_type.code: item_type for item_type in (single_choice.TYPE, multiple_response.TYPE, numeric.TYPE, short_text.TYPE)
}

__all__ = ["REGISTRY", "ItemType", "Key", "Shape", "canonical", "key_of", "shape_of"]
