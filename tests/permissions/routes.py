"""Every address the site answers at: its name or its pattern, and what fills its places in `world` and nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.permissions.places import ARGUMENTS, NOWHERE, OBJECTS, PATHS, PLACES

OURS = ("accounts", "certificates", "cms", "common", "config", "courses", "demo", "exams", "partners", "portal", "standards")


@dataclass(frozen=True)
class Route:
    # The name; one with no name is called by its pattern, and one that shares a name tells its places too.
    key: str
    name: str
    parameters: tuple[str, ...]
    # One of our own views, or a generic one of Wagtail's showing a model of ours.
    is_ours: bool = False
    model: type[Model] | None = None
    is_in_back_office: bool = False

    @property
    def is_generic(self) -> bool:
        """Wagtail's own view of Wagtail's own things: it asks for rights, never for the role or the person."""
        return self.is_in_back_office and not self.is_ours

    def own(self, world: SimpleNamespace) -> str:
        """The address of Ada's or her partner's object, or the one there is."""
        return self._path(self._arguments(world))

    def missing(self, world: SimpleNamespace) -> str:
        """The same for an object that does not exist."""
        innermost = next(parameter for parameter in NOWHERE if parameter in self.parameters)
        return self._path({**self._arguments(world), innermost: NOWHERE[innermost]})

    @property
    def names_an_object(self) -> bool:
        """Not so for a public token, a text or a hash: those belong to no tenant."""
        return self.key not in PATHS and any(parameter in self.parameters for parameter in NOWHERE)

    @property
    def is_public(self) -> bool:
        """About a course, which anybody may see: not being enrolled is told from there being no such course."""
        return self.name.startswith("courses:")

    def _path(self, arguments: dict[str, Any]) -> str:
        if self.key in PATHS:
            return PATHS[self.key]
        if not self.name:
            return "/" + self.key
        if self.name in ARGUMENTS:
            return reverse(self.name, args=list(arguments.values()))
        return reverse(self.name, kwargs=arguments)

    def _arguments(self, world: SimpleNamespace) -> dict[str, Any]:
        if self.name in ARGUMENTS:
            return ARGUMENTS[self.name](world)
        if not self.parameters or self.key in PATHS:
            return {}
        fitting = [key for key in OBJECTS if key == self.name or (key.endswith("*") and self.name.startswith(key[:-1]))]
        chosen = OBJECTS[max(fitting, key=len)](world) if fitting else {}
        if self.name.startswith("wagtailsnippet"):
            app, model = self.name.split(":")[0].split("_")[1:]
            chosen = {"pk": world.first(app, model), "app_label": app, "model_name": model}
        return {place: chosen[place] if place in chosen else PLACES[place](world) for place in self.parameters}


def all_routes() -> list[Route]:
    """Sorted by their keys; of two patterns with one name and the same places the first answers, so only it is asked."""
    found: dict[str, Route] = {}
    for pattern, namespaces, parameters, path in _walk(get_resolver(), (), (), ""):
        name = ":".join((*namespaces, pattern.name)) if pattern.name else ""
        key = name or path
        if key in found and found[key].parameters != parameters:
            key = f"{name} {'/'.join(parameters)}"
        found.setdefault(key, Route(key, name, parameters, _is_ours(pattern), _model(pattern), path.startswith("admin/")))
    return [found[key] for key in sorted(found)]


Found = tuple[URLPattern, tuple[str, ...], tuple[str, ...], str]


def _walk(resolver: URLResolver, namespaces: tuple[str, ...], parameters: tuple[str, ...], path: str) -> Iterator[Found]:
    for each in resolver.url_patterns:
        places, longer = (*parameters, *_places(each)), path + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each, (*namespaces, each.namespace) if each.namespace else namespaces, places, longer)
        else:
            yield each, namespaces, places, longer


def _places(each: URLPattern | URLResolver) -> tuple[str, ...]:
    converters = getattr(each.pattern, "converters", {})
    return tuple(converters) or tuple(getattr(getattr(each.pattern, "regex", None), "groupindex", {}))


def _is_ours(each: URLPattern) -> bool:
    return each.callback.__module__.split(".")[0] in OURS or _model(each) is not None


def _model(each: URLPattern) -> type[Model] | None:
    model = getattr(each.callback, "view_initkwargs", {}).get("model")
    return model if getattr(getattr(model, "_meta", None), "app_label", "") in OURS else None
