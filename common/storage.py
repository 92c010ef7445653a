"""Where files live that only our own views hand out."""

from __future__ import annotations

from django.core.files.storage import FileSystemStorage, Storage, storages


class PrivateFileStorage(FileSystemStorage):
    """A folder without addresses. Django's own would fall back to those of public media."""

    def url(self, name: str | None) -> str:
        raise ValueError("A private file has no address: a view that asks for the right to it hands it out.")


def private_storage() -> Storage:
    """Outside everything a web server serves; a callable, so that migrations name no folder of a machine."""
    return storages["private"]
