"""Our cast: Ada learns, Ben must see nothing of hers, Cleo writes items, Dan invigilates, Eve decides."""

from __future__ import annotations

from typing import Any

import factory
from allauth.account.models import EmailAddress

from accounts.actions.roles import grant_role
from accounts.models import User

PASSWORD = "a touchstone tells gold from brass"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda number: f"person{number}@example.org")
    full_name = factory.Sequence(lambda number: f"Person {number}")
    family_name = "Person"
    language = "en"
    time_zone = "UTC"

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(password=kwargs.pop("password", PASSWORD), **kwargs)

    @factory.post_generation
    def verified(self, create: bool, extracted: bool | None, **_kwargs: Any) -> None:
        if extracted is not False:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)

    @factory.post_generation
    def roles(self, create: bool, extracted: tuple[str, ...] | None, **_kwargs: Any) -> None:
        for role in extracted or ():
            grant_role(self, role, by=None)


def staff(role: str, name: str = "Staff Person", **fields: Any) -> User:
    """A person with one staff role at the exempt demo domain, so that tests of other things need no second factor."""
    slug = name.lower().replace(" ", ".")
    return UserFactory(
        email=fields.pop("email", f"{slug}.{role}@demo.touchstone.example"), full_name=name, roles=(role,), **fields
    )
