"""The starter's figures in Wagtail's image library."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.images import ImageFile
from wagtail.images import get_image_model

from standards.actions.starter import Loader, LoadReport, Values

TITLE = "{name} ({language})"


@dataclass
class ImageShelf:
    """Finds, or brings in, the figures of one language. A picture whose file has changed is replaced in place."""

    folder: Path
    language: str
    report: LoadReport
    _found: dict[str, int] = field(default_factory=dict)

    def find(self, name: str) -> int:
        """The id of a figure's image."""
        if name not in self._found:
            self._found[name] = self._load(name)
        return self._found[name]

    def _load(self, name: str) -> int:
        content, model = (self.folder / name).read_bytes(), get_image_model()
        title = TITLE.format(name=Path(name).stem, language=self.language)

        def read(image: Any) -> Values:
            return {"title": title, "sha256": hashlib.sha256(image.file.open("rb").read()).hexdigest()}

        def write(image: Any, values: Values) -> Any:
            row = image or model(title=title)
            row.file = ImageFile(BytesIO(content), name=f"{self.language}-{name}")
            row.save()
            row.renditions.all().delete()
            return row

        existing = model.objects.filter(title=title).first()
        key = f"{self.language} {name}"
        loader: Loader = Loader("image", {key: existing} if existing else {}, read, write, self.report)
        row = loader.load(key, {"title": title, "sha256": hashlib.sha256(content).hexdigest()})
        # Deleted in the back office since: the figure's lesson needs it, so it comes back.
        return row.pk if row else write(None, {}).pk
