"""A mypy plugin: `request.user` is our User.

django-stubs says "User or AnonymousUser", which would ask every view behind `login_required` to prove again what the
decorator has refused. Views that strangers may open ask `is_authenticated` first; both classes answer it.
"""

from __future__ import annotations

from collections.abc import Callable

from mypy.plugin import AttributeContext, Plugin
from mypy.types import Instance, Type, UnionType, get_proper_type

REQUEST_USER = "django.http.request.HttpRequest.user"
STRANGER = "django.contrib.auth.models.AnonymousUser"


class SignedInUser(Plugin):
    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        return without_stranger if fullname == REQUEST_USER else None


def without_stranger(context: AttributeContext) -> Type:
    either = get_proper_type(context.default_attr_type)
    if not isinstance(either, UnionType):
        return either
    kinds = [get_proper_type(kind) for kind in either.items]
    return UnionType.make_union([kind for kind in kinds if not (isinstance(kind, Instance) and kind.type.fullname == STRANGER)])


def plugin(version: str) -> type[Plugin]:
    return SignedInUser
