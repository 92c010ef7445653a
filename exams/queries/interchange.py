"""What importing and exporting ask of the bank."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from exams.content import VersionContent, Wording, content_of
from exams.interchange.pictures import names_in, rename_pictures
from exams.interchange.record import STIMULUS, Entry, PictureFile, Place, canonical
from exams.models import BlueprintLine, ImportBatch, ItemBank, ItemVersion, Picture, Stimulus
from standards.models import Competence

AT_ONCE = 500


def likely_competence(bank: ItemBank, area: int) -> str:
    """The competence an item of that area most likely needs: the first of the area in the bank's blueprint, otherwise
    the first there is. Only for files that say nothing, and the report's reader can choose another."""
    line = BlueprintLine.objects.filter(blueprint__bank=bank, number=area).order_by("blueprint__code").first()
    competence = line.competences.order_by("code").first() if line else None
    competence = competence or Competence.objects.order_by("code").first()
    return competence.code if competence else ""


def waiting_batches(at: datetime | None = None) -> list[int]:
    """Files whose work nobody has in hand: never begun, or left by a worker that died."""
    now = at or timezone.now()
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    return list(ImportBatch.objects.unfinished().filter(free).order_by("pk").values_list("pk", flat=True)[:100])


def batches_of(user: object) -> QuerySet[ImportBatch]:
    """For the list: without reports, which may be long."""
    return ImportBatch.objects.visible_to(user).select_related("bank", "uploaded_by").defer("report", "notes")


def lines_of(batch: ImportBatch, *, status: str = "", q: str = "") -> list[dict[str, Any]]:
    """The lines of a report, narrowed."""
    wanted = q.casefold().strip()
    return [
        line
        for line in batch.report
        if (not status or line["status"] == status)
        and (
            not wanted
            or wanted
            in " ".join([line["at"], line["code"], line["title"], *line["notes"], *line.get("warnings", ())]).casefold()
        )
    ]


def _words_of(line: dict[str, Any]) -> str:
    # Reports from before there were warnings have none.
    return " ".join([line["at"], line["code"], line["title"], *line["notes"], *line.get("warnings", ())])


def entries_of(bank: ItemBank) -> tuple[list[Entry], dict[str, PictureFile]]:
    """The newest version of every item and every stimulus of a bank, as writers take them: pictures by digest."""
    rows = {str(picture.uuid): picture for picture in Picture.objects.filter(bank=bank)}
    digests = {uuid: picture.sha256 for uuid, picture in rows.items()}
    entries = [*_stimuli(bank), *_items(bank)]
    used: set[str] = set()
    for entry in entries:
        used |= names_in(entry.content)
        entry.content = canonical(rename_pictures(entry.content, digests))
    return entries, {rows[uuid].sha256: _file(rows[uuid]) for uuid in used & set(rows)}


def _file(picture: Picture) -> PictureFile:
    with picture.file.open("rb") as file:
        return PictureFile(picture.name, file.read())


def _stimuli(bank: ItemBank) -> Iterator[Entry]:
    for stimulus in Stimulus.objects.filter(bank=bank).prefetch_related("wordings").order_by("code"):
        wordings = {wording.language: Wording(wording.text) for wording in stimulus.wordings.all()}
        yield Entry("", kind=STIMULUS, code=stimulus.code, content=VersionContent(wordings))


def _items(bank: ItemBank) -> Iterator[Entry]:
    newest = ItemVersion.objects.filter(item=OuterRef("item")).order_by("-number").values("pk")[:1]
    versions = (
        ItemVersion.objects.filter(item__bank=bank, pk=Subquery(newest))
        .select_related("item__competence", "item__edition", "stimulus")
        .prefetch_related("wordings", "options__wordings")
        .order_by("item__code")
    )
    for version in versions.iterator(chunk_size=AT_ONCE):
        item = version.item
        place = Place(item.competence.code, item.content_area, item.cognitive_level, str(item.edition or ""))
        yield Entry("", code=item.code, type=item.type, content=content_of(version), place=place)
