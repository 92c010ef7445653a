"""Sealing a paper: after it, what candidates are served is stored and never made again."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actions.audit import record
from accounts.models import User
from exams.errors import PaperNotSealable, SealedTogether
from exams.item_types import REGISTRY, key_of
from exams.models import BlueprintLine, ItemVersion, Paper, PaperItem, PaperRendering


@transaction.atomic
def seal_paper(paper: Paper, *, with_its_set: bool = False, by: User, at: datetime | None = None) -> Paper:
    """Render the paper in every language all its items speak, and freeze it. A sealed paper comes back as it is.

    Raises PaperNotSealable; SealedTogether for one paper of a set, unless its set is being sealed.
    """
    paper = Paper.objects.select_for_update().select_related("exam__blueprint").get(pk=paper.pk)
    if paper.status != Paper.Status.DRAFT:
        return paper
    if paper.set_id and not with_its_set:
        raise SealedTogether
    items = paper_items(paper)
    _refuse_unusable(items)
    documents = {language: render_paper(paper, items, language) for language in spoken_languages(items)}
    PaperRendering.objects.bulk_create(
        PaperRendering(paper=paper, language=language, document=document) for language, document in documents.items()
    )
    paper.digest = paper_digest(paper, items, documents)
    paper.status, paper.sealed_by, paper.sealed_at = Paper.Status.SEALED, by, at or timezone.now()
    paper.save(update_fields=["digest", "status", "sealed_by", "sealed_at"])
    record("paper.sealed", paper, by=by, summary=str(paper), details={"digest": paper.digest, "languages": sorted(documents)})
    return paper


def paper_items(paper: Paper) -> list[PaperItem]:
    """The positions in order, with all that rendering and scoring read, in a fixed number of queries."""
    return list(
        paper.items.select_related("version__item")
        .prefetch_related("version__wordings", "version__options__wordings")
        .order_by("position")
    )


def spoken_languages(items: list[PaperItem]) -> list[str]:
    """The site's languages in which every item and every option of the paper is worded."""
    languages = [code for code, _name in settings.LANGUAGES if all(_speaks(item.version, code) for item in items)]
    if not languages:
        raise PaperNotSealable(_("No language has a wording of every item and every option."))
    return languages


def _speaks(version: ItemVersion, language: str) -> bool:
    worded = any(wording.language == language and wording.stem.strip() for wording in version.wordings.all())
    return worded and all(
        any(wording.language == language and wording.text.strip() for wording in option.wordings.all())
        for option in version.options.all()
    )


def _refuse_unusable(items: list[PaperItem]) -> None:
    if not items:
        raise PaperNotSealable(_("The paper has no items."))
    if [item.position for item in items] != list(range(1, len(items) + 1)):
        raise PaperNotSealable(_("The positions of the paper do not run from 1 without a gap."))
    for item in items:
        if item.version.status != ItemVersion.Status.APPROVED:
            raise PaperNotSealable(_("Item %(item)s is not approved.") % {"item": item.version})
        problems = REGISTRY[item.version.item.type].problems(key_of(item.version))
        if problems:
            raise PaperNotSealable(f"{item.version}: {problems[0]}")


def render_paper(paper: Paper, items: list[PaperItem], language: str) -> dict[str, Any]:
    """What a candidate is served in that language, options in the author's order. Built from the parts of an
    item that item types call public; keys are not even read here."""
    titles = _section_titles(paper, items, language)
    sections: list[dict[str, Any]] = []
    for item, title in zip(items, titles, strict=True):
        if not sections or sections[-1]["title"] != title:
            sections.append({"title": title, "positions": []})
        shown = REGISTRY[item.version.item.type].public(item.version, language)
        if item.version.keep_option_order and "options" in shown:
            shown["keep_option_order"] = True
        sections[-1]["positions"].append({"position": item.position, **shown})
    return {"language": language, "sections": sections}


def _section_titles(paper: Paper, items: list[PaperItem], language: str) -> list[str]:
    """A section per content area when the paper keeps areas together; otherwise the whole paper is one section."""
    areas = [item.content_area for item in items]
    runs = sum(1 for before, after in zip([None, *areas], areas, strict=False) if before != after)
    with translation.override(language):
        if runs != len(set(areas)):
            return [paper.exam.name] * len(items)
        lines = BlueprintLine.objects.filter(blueprint=paper.exam.blueprint)
        names = {line.number: line.name for line in lines}
        return [names.get(area) or _("Part %(number)s") % {"number": area} for area in areas]


def paper_digest(paper: Paper, items: list[PaperItem], documents: dict[str, Any]) -> str:
    """SHA-256 over the versions, their order, what counts, the cut, and every rendering."""
    content = {
        "paper": str(paper.uuid),
        "minutes": paper.minutes,
        "cut_percent": f"{paper.cut_percent:.2f}",
        "items": [[item.position, str(item.version.uuid), item.content_area, item.is_scored] for item in items],
        "renderings": documents,
    }
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
