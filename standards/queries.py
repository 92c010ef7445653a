"""What can be asked of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from standards.models import Competence, Edition, Relation, Standard

# Each kind of relation as read from its source and from its target.
RELATION_WORDS: dict[str, tuple[Any, Any]] = {
    "adopts": (_("adopts"), _("is adopted by")),
    "certifies": (_("governs certification to"), _("certification is governed by")),
    "supports": (_("supports"), _("is supported by")),
    "normative_reference_of": (_("is a normative reference of"), _("refers normatively to")),
    "complements": (_("complements"), _("is complemented by")),
    "extends": (_("extends"), _("is extended by")),
    "specialises": (_("specialises"), _("is specialised by")),
    "supersedes": (_("supersedes"), _("is superseded by")),
    "part_of_series": (_("belongs to a series with"), _("belongs to a series with")),
    "implementation_guide_for": (_("is an implementation guide for"), _("has the implementation guide")),
    "contributes_to": (_("contributes to"), _("draws on")),
    "profile_of": (_("is a profile of"), _("has the profile")),
    "corresponds_to": (_("corresponds to"), _("corresponds to")),
    "relates_to_big_data": (_("meets big data security in"), _("meets AI security in")),
    "relates_to_cloud": (_("meets cloud security in"), _("meets AI security in")),
    "relates_to_ethics": (_("meets AI ethics in"), _("meets AI security in")),
    "relates_to_personal_information": (_("meets personal information protection in"), _("meets AI security in")),
    "relates_to_iot": (_("meets Internet of Things security in"), _("meets AI security in")),
}

DOCUMENT_WORDS: dict[str, Any] = {
    "standard": _("Standard"),
    "mandatory_standard": _("Mandatory standard"),
    "recommendation": _("Recommendation"),
    "technical_specification": _("Technical specification"),
    "technical_report": _("Technical report"),
    "technical_document": _("Technical document"),
    "group_report": _("Group report"),
    "research_report": _("Research report"),
    "guide": _("Guide"),
    "framework": _("Framework"),
    "regulation": _("Law or regulation"),
    "recommended_practice": _("Recommended practice"),
    "awareness_list": _("Awareness list"),
    "knowledge_base": _("Knowledge base"),
    "specification": _("Specification"),
    "occupational_standard": _("Occupational standard"),
    "association_standard": _("Association standard"),
}

ORDERINGS = {
    "designation": ["designation"],
    "-designation": ["-designation"],
    "published": ["current_published", "designation"],
    "-published": ["-current_published", "designation"],
    "body": ["body__name", "designation"],
    "-body": ["-body__name", "designation"],
}


def document_word(doc_type: str) -> str:
    return str(DOCUMENT_WORDS.get(doc_type, doc_type.replace("_", " ")))


@dataclass(frozen=True)
class Neighbour:
    """One relation as seen from a standard: in words, and the standard at the other end."""

    words: str
    standard: Standard


def catalogue(
    *, layer: str = "", body: str = "", stage: str = "", text: str = "", ordering: str = "designation"
) -> QuerySet[Standard]:
    """Standards with body and current edition, narrowed by whatever is given."""
    current = Edition.objects.filter(standard=OuterRef("pk"), is_current=True)
    standards = Standard.objects.select_related("body").annotate(
        current_identifier=Subquery(current.values("identifier")[:1]),
        current_stage=Subquery(current.values("stage")[:1]),
        current_published=Subquery(current.values("published")[:1]),
    )
    if layer:
        standards = standards.filter(layer=layer)
    if body:
        standards = standards.filter(body__slug=body)
    if stage:
        standards = standards.filter(current_stage=stage)
    for word in text.split()[:6]:
        standards = standards.filter(matching(word))
    return standards.order_by(*ORDERINGS.get(ordering, ORDERINGS["designation"]))


def matching(word: str) -> Q:
    """Standards that hold this word: Chinese needs no word index here, the catalogue is small enough to scan."""
    names = ("designation", "title", "title_zh", "scope", "scope_zh", "editions__identifier")
    found = Q()
    for name in names:
        found |= Q(**{f"{name}__icontains": word})
    return Q(pk__in=Standard.objects.filter(found).values("pk"))


def standard_in_full() -> QuerySet[Standard]:
    """Standards with all that their page shows, in a fixed number of queries."""
    return Standard.objects.select_related("body").prefetch_related(
        "editions",
        Prefetch("relations_out", Relation.objects.select_related("target").order_by("kind", "target__designation")),
        Prefetch("relations_in", Relation.objects.select_related("source").order_by("kind", "source__designation")),
        Prefetch("competences", Competence.objects.select_related("track").order_by("code")),
    )


def neighbours_of(standard: Standard) -> list[Neighbour]:
    """Every relation of a standard, both ways. Costs nothing on a row of `standard_in_full`."""
    out = [Neighbour(_words(relation.kind, outward=True), relation.target) for relation in standard.relations_out.all()]
    return out + [Neighbour(_words(relation.kind, outward=False), relation.source) for relation in standard.relations_in.all()]


def _words(kind: str, *, outward: bool) -> str:
    plain = kind.replace("_", " ")
    return str(RELATION_WORDS.get(kind, (plain, plain))[0 if outward else 1])


def competences_by_track() -> list[tuple[Any, list[Competence]]]:
    """The competence framework: the shared core first, then each track."""
    groups: dict[Any, list[Competence]] = {}
    rows: Iterable[Competence] = Competence.objects.select_related("track").order_by("track__position", "code")
    for competence in rows:
        groups.setdefault(competence.track, []).append(competence)
    return sorted(groups.items(), key=lambda group: group[0].position if group[0] else -1)
