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
from exams.actions.section_rules import freeze_rules
from exams.actions.using import put_in_use
from exams.errors import PaperNotSealable, SealedTogether
from exams.item_types import REGISTRY, key_of
from exams.models import BlueprintLine, ItemVersion, Paper, PaperItem, PaperRendering, Picture
from exams.queries.overlaps import kept_apart_together
from exams.queries.sources import stale_languages
from exams.rendering import Section, render_document


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
    if not with_its_set:
        _refuse_kept_apart(items)
    documents, pictures = render_paper(paper, items, spoken_languages(items))
    freeze_rules(paper, items, documents)
    PaperRendering.objects.bulk_create(
        PaperRendering(paper=paper, language=language, document=document) for language, document in documents.items()
    )
    paper.pictures.set(pictures)
    paper.digest = paper_digest(paper, items, documents)
    paper.status, paper.sealed_by, paper.sealed_at = Paper.Status.SEALED, by, at or timezone.now()
    paper.save(update_fields=["digest", "status", "sealed_by", "sealed_at"])
    begun = put_in_use(items)
    details = {"digest": paper.digest, "languages": sorted(documents), "put_in_use": begun}
    record("paper.sealed", paper, by=by, summary=str(paper), details=details)
    return paper


def paper_items(paper: Paper) -> list[PaperItem]:
    """The positions in order, with all that rendering and scoring read, in a fixed number of queries."""
    return list(
        paper.items.select_related("version__item", "version__stimulus")
        .prefetch_related(
            "version__wordings", "version__translations", "version__options__wordings", "version__stimulus__wordings"
        )
        .order_by("position")
    )


def spoken_languages(items: list[PaperItem]) -> list[str]:
    """The site's languages in which every item and every option of the paper is worded."""
    languages = [code for code, _name in settings.LANGUAGES if all(_speaks(item.version, code) for item in items)]
    if not languages:
        raise PaperNotSealable(_no_language(items))
    return languages


def _no_language(items: list[PaperItem]) -> str:
    """Why: words that are missing, or translations that lag behind their source."""
    stale = sorted({str(item.version) for item in items if stale_languages(item.version)})
    said = _("No language has a wording of every item and every option.")
    return (
        f"{said} {_('Translations that are behind their source: %(items)s.') % {'items': ', '.join(stale)}}" if stale else said
    )


def _speaks(version: ItemVersion, language: str) -> bool:
    worded = any(wording.language == language and wording.stem.strip() for wording in version.wordings.all())
    options = all(
        any(wording.language == language and wording.text.strip() for wording in option.wordings.all())
        for option in version.options.all()
    )
    stimulus = version.stimulus is None or any(
        wording.language == language and wording.text.strip() for wording in version.stimulus.wordings.all()
    )
    described = not REGISTRY[version.item.type].problems_in(language, stem_in(version, language), key_of(version))
    return worded and options and stimulus and described and language not in stale_languages(version)


def stem_in(version: ItemVersion, language: str) -> str:
    return next((wording.stem for wording in version.wordings.all() if wording.language == language), "")


def _refuse_unusable(items: list[PaperItem]) -> None:
    if not items:
        raise PaperNotSealable(_("The paper has no items."))
    if [item.position for item in items] != list(range(1, len(items) + 1)):
        raise PaperNotSealable(_("The positions of the paper do not run from 1 without a gap."))
    for item in items:
        if item.version.status == ItemVersion.Status.RESTING:
            raise PaperNotSealable(_("Item %(item)s is resting.") % {"item": item.version})
        if item.version.status not in ItemVersion.USABLE:
            raise PaperNotSealable(_("Item %(item)s is not approved.") % {"item": item.version})
        problems = REGISTRY[item.version.item.type].problems(key_of(item.version))
        if problems:
            raise PaperNotSealable(f"{item.version}: {problems[0]}")
    _refuse_torn_cases(items)


def _refuse_kept_apart(items: list[PaperItem]) -> None:
    """For a paper drawn alone: what was set apart since it was drawn. A set goes by the facts it was assembled under."""
    pair = kept_apart_together(items)
    if pair:
        raise PaperNotSealable(
            _("Items %(first)s and %(second)s must not stand on one paper.") % dict(zip(("first", "second"), pair, strict=True))
        )


def _refuse_torn_cases(items: list[PaperItem]) -> None:
    """The items about one stimulus stand together, in one content area, so that a section never splits them."""
    areas: dict[int, int] = {}
    previous: int | None = None
    for item in items:
        stimulus = item.version.stimulus_id
        torn = stimulus in areas and (previous != stimulus or areas[stimulus] != item.content_area)
        if stimulus is not None and torn:
            raise PaperNotSealable(
                _("The items about %(stimulus)s do not stand together in one content area.")
                % {"stimulus": item.version.stimulus}
            )
        if stimulus is not None:
            areas[stimulus] = item.content_area
        previous = stimulus


def render_paper(paper: Paper, items: list[PaperItem], languages: list[str]) -> tuple[dict[str, dict[str, Any]], list[Picture]]:
    """What a candidate is served in each language (exams.rendering), and the pictures that all of it shows."""
    documents: dict[str, dict[str, Any]] = {}
    shown: dict[int, Picture] = {}
    for language in languages:
        sections: list[Section] = []
        for item, title in zip(items, _section_titles(paper, items, language), strict=True):
            if not sections or sections[-1][0] != title:
                sections.append((title, []))
            sections[-1][1].append((item.position, item.version))
        documents[language], pictures = render_document(language, sections)
        shown |= {picture.pk: picture for picture in pictures}
    return documents, list(shown.values())


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
