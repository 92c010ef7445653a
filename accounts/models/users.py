from __future__ import annotations

import uuid
import zoneinfo
from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.managers import UserManager


class Role(models.TextChoices):
    """What staff may be. A role is a Django group of this name; trainee and partner manager are not groups:
    everybody with an account is a trainee, and a partner manager is one by a Membership."""

    AUTHOR = "author", _("Author")
    ITEM_WRITER = "item_writer", _("Item writer")
    ITEM_REVIEWER = "item_reviewer", _("Item reviewer")
    INVIGILATOR = "invigilator", _("Invigilator")
    EXAMINER = "examiner", _("Examiner")
    CERTIFICATION_OFFICER = "certification_officer", _("Certification officer")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor")


def check_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("%(name)s is not a time zone we know."), params={"name": name})


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. Every role is a relation, not a kind of user."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    # One field: names have no universal first and last. `family_name` is what a verifier types beside a serial.
    full_name = models.CharField(
        _("name as printed on certificates"),
        max_length=120,
        blank=True,
        help_text=_("Exactly as in your identity document; it is printed on certificates."),
    )
    family_name = models.CharField(
        _("family name"),
        max_length=80,
        blank=True,
        help_text=_("Used when somebody verifies a certificate by serial and name."),
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(_("time zone"), max_length=64, default="Asia/Shanghai", validators=[check_time_zone])
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    # A synthetic candidate of a rehearsal: never counted, never certified, removed with the rehearsal.
    is_synthetic = models.BooleanField(default=False, editable=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = UserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_email")]

    def __str__(self) -> str:
        return self.full_name or self.email

    # Wagtail's user lists and logs ask for these three names.
    def get_full_name(self) -> str:
        return self.full_name or self.email

    def get_short_name(self) -> str:
        return self.full_name or self.email

    def get_username(self) -> str:
        return self.email

    @cached_property
    def role_names(self) -> frozenset[str]:
        """The names of this person's staff roles; costs one query, once per request."""
        return frozenset(self.groups.values_list("name", flat=True))

    def has_role(self, *roles: str) -> bool:
        """Whether this active person holds one of the roles. A superuser holds none by being one:
        separation of duties would mean nothing otherwise."""
        return self.is_active and bool(self.role_names.intersection(roles))
