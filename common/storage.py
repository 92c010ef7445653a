"""Where files live that only our own views hand out."""

from __future__ import annotations

from django.core.files.storage import Storage, storages


def private_storage() -> Storage:
    """Outside everything a web server serves; a callable, so that migrations name no folder of a machine."""
    return storages["private"]
