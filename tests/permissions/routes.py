"""Every address of ours: its name, the methods it takes, and the object it is about in `world` and nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver

OURS = ("accounts", "certificates", "cms", "common", "config", "courses", "demo", "exams", "partners", "portal", "standards")
# What does not exist, the innermost place of an address first.
NOWHERE = {
    "uuid": "00000000-0000-4000-8000-00000000dead",
    "pk": 999_999,
    "code": "NOT-THERE",
    "slug": "not-there",
    "document_id": 999_999,
}

# Addresses about one object: the name up to a *, and what fills its places.
OBJECTS: dict[str, Callable[[SimpleNamespace], dict[str, Any]]] = {
    "accounts:text": lambda world: {"purpose": "terms"},
    "exams:register": lambda world: {"uuid": world.sitting.uuid},
    "exams:registration": lambda world: {"uuid": world.registration.uuid},
    "exams:cancel": lambda world: {"uuid": world.registration.uuid},
    "exams:start": lambda world: {"uuid": world.registration.uuid},
    "exams:result": lambda world: {"uuid": world.result.uuid},
    "exams:response": lambda world: {"uuid": world.attempt.uuid, "position": 1},
    "exams:*": lambda world: {"uuid": world.attempt.uuid},
    "courses:practice": lambda world: {"code": world.lesson.code, "key": world.practice_key},
    "courses:film": lambda world: {"document_id": world.film.pk},
    "courses:lesson": lambda world: {"code": world.lesson.code},
    "courses:read": lambda world: {"code": world.lesson.code},
    "courses:*": lambda world: {"code": world.course.code},
    "standards:*": lambda world: {"slug": world.standard.slug},
    "certificates:document": lambda world: {"sha256": "0" * 64},
    "certificates:status": lambda world: {"token": world.certificate.token},
    "certificates:scheme": lambda world: {"code": world.certificate.scheme.code},
    "certificates:apply": lambda world: {"code": world.certificate.scheme.code},
    "certificates:download": lambda world: {"uuid": world.certificate.uuid},
    "certificates:application*": lambda world: {"uuid": world.application.uuid},
    "portal:invitation_accept": lambda world: {"uuid": world.offer.uuid},
    "portal:invitation_*": lambda world: {"slug": world.home.slug, "uuid": world.offer.uuid},
    "portal:invitation": lambda world: {"token": "x" * 26},
    "portal:member_end": lambda world: {"slug": world.home.slug, "pk": world.membership.pk},
    "portal:place_leave": lambda world: {
        "slug": world.home.slug,
        "uuid": world.cohort.uuid,
        "place_uuid": world.leaver.uuid,
    },
    "portal:cohort_new": lambda world: {"slug": world.home.slug},
    "portal:cohorts": lambda world: {"slug": world.home.slug},
    "portal:cohort*": lambda world: {"slug": world.home.slug, "uuid": world.cohort.uuid},
    "portal:roster": lambda world: {"slug": world.home.slug, "uuid": world.cohort.uuid},
    "portal:roster_*": lambda world: {"slug": world.home.slug, "uuid": world.roster.uuid},
    "portal:export*": lambda world: {"slug": world.home.slug, "uuid": world.export.uuid},
    "portal:officer_application": lambda world: {"uuid": world.application.uuid},
    "portal:officer_document_again": lambda world: {"pk": world.document.pk},
    "portal:officer_*": lambda world: {"uuid": world.certificate.uuid},
    "portal:*": lambda world: {"slug": world.home.slug},
    "item_bank:*": lambda world: {"uuid": world.item_version.item.uuid},
    "item_imports:*": lambda world: {"uuid": world.item_import.uuid},
    "item_versions:preview": lambda world: {"uuid": world.item_version.uuid, "language": "en"},
    "item_versions:compare": lambda world: {"uuid": world.item_version.uuid, "number": 1},
    "item_versions:*": lambda world: {"uuid": world.item_version.uuid},
    "blueprints:*": lambda world: {"code": world.sitting.exam.blueprint.code},
    "papers:*": lambda world: {"uuid": world.sitting.paper.uuid},
    "sittings:release": lambda world: {"uuid": world.attempt.registration.sitting.uuid, "pk": world.duty.pk},
    "sittings:*": lambda world: {"uuid": world.sitting.uuid},
    "accommodations:*": lambda world: {"pk": world.accommodation.pk},
    "certification_schemes:*": lambda world: {"pk": world.certificate.scheme.pk},
    "certificate_templates:*": lambda world: {"pk": world.certificate.template.pk},
    "partner:*": lambda world: {"pk": world.home.pk},
    "agreement:*": lambda world: {"pk": world.home.agreements.first().pk},
    "wagtailusers_users:*": lambda world: {"pk": world.people["stranger"].pk},
}


@dataclass(frozen=True)
class Route:
    name: str
    parameters: tuple[str, ...]
    # For Wagtail's generic views: what they show.
    model: type[Model] | None = None

    def own(self, world: SimpleNamespace) -> dict[str, Any]:
        """The places filled with Ada's or her partner's object; empty for an address without places."""
        if not self.parameters:
            return {}
        if self.name.startswith("wagtailsnippet") and self.model is not None:
            return {"pk": self.model._default_manager.values_list("pk", flat=True).first() or NOWHERE["pk"]}
        fitting = [key for key in OBJECTS if key == self.name or (key.endswith("*") and self.name.startswith(key[:-1]))]
        return OBJECTS[max(fitting, key=len)](world)

    @property
    def is_public(self) -> bool:
        """About a course, which anybody may see: not being enrolled is told from there being no such course."""
        return self.name.startswith("courses:")

    @property
    def names_an_object(self) -> bool:
        """Not so for a public token, a text or a hash: those belong to no tenant."""
        return any(parameter in self.parameters for parameter in NOWHERE)

    def missing(self, world: SimpleNamespace) -> dict[str, Any]:
        """The same with an object that does not exist."""
        innermost = next(parameter for parameter in NOWHERE if parameter in self.parameters)
        return {**self.own(world), innermost: NOWHERE[innermost]}


def our_routes() -> list[Route]:
    found = {route.name: route for route in _walk(get_resolver(), (), ()) if _stands_for_others(route.name)}
    return [found[name] for name in sorted(found)]


def _walk(resolver: URLResolver, namespaces: tuple[str, ...], parameters: tuple[str, ...]) -> Iterator[Route]:
    for each in resolver.url_patterns:
        places = (*parameters, *_places(each))
        if isinstance(each, URLResolver):
            yield from _walk(each, (*namespaces, each.namespace) if each.namespace else namespaces, places)
        elif isinstance(each, URLPattern) and each.name and _is_ours(each):
            yield Route(":".join((*namespaces, each.name)), places, _model(each))


def _places(each: URLPattern | URLResolver) -> tuple[str, ...]:
    converters = getattr(each.pattern, "converters", {})
    return tuple(converters) or tuple(getattr(getattr(each.pattern, "regex", None), "groupindex", {}))


def _is_ours(each: URLPattern) -> bool:
    """A view of ours, or a generic one of Wagtail's showing a model of ours."""
    return each.callback.__module__.split(".")[0] in OURS or _model(each) is not None


def _stands_for_others(name: str) -> bool:
    """Wagtail's snippets have some thirty addresses a model, all behind one permission each: these four ask for all."""
    return not name.startswith("wagtailsnippet") or name.split(":")[-1] in ("list", "add", "edit", "delete")


def _model(each: URLPattern) -> type[Model] | None:
    model = getattr(each.callback, "view_initkwargs", {}).get("model")
    return model if getattr(getattr(model, "_meta", None), "app_label", "") in OURS else None
