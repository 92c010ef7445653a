"""Where pictures are used."""

from __future__ import annotations

from django.db.models import QuerySet

from exams.models import ItemBank, ItemVersion, ItemWording, OptionWording, Picture, StimulusWording


def is_used(picture: Picture) -> bool:
    """Whether any words of its bank, a hotspot, or a sealed paper show it; drafts and retired versions count."""
    name = f"picture:{picture.uuid}"
    return (
        ItemWording.objects.filter(version__item__bank=picture.bank_id, stem__contains=name).exists()
        or ItemWording.objects.filter(version__item__bank=picture.bank_id, rationale__contains=name).exists()
        or OptionWording.objects.filter(option__version__item__bank=picture.bank_id, text__contains=name).exists()
        or StimulusWording.objects.filter(stimulus__bank=picture.bank_id, text__contains=name).exists()
        or ItemVersion.objects.filter(item__bank=picture.bank_id, presentation__picture=str(picture.uuid)).exists()
        or picture.papers.exists()
    )


def pictures_of_bank(bank: ItemBank) -> QuerySet[Picture]:
    return Picture.objects.filter(bank=bank).order_by("name", "pk")


def missing_pictures(bank_id: int, uuids: set[str]) -> set[str]:
    """Those of the uuids that are no picture of the bank; no query for none."""
    if not uuids:
        return set()
    there = Picture.objects.filter(bank=bank_id, uuid__in=uuids).values_list("uuid", flat=True)
    return uuids - {str(uuid) for uuid in there}
