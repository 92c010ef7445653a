"""What becomes of versions when a paper takes them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from exams.errors import PaperNotSealable
from exams.models import ItemVersion, PaperItem


def put_in_use(items: list[PaperItem]) -> list[str]:
    """The versions of a paper that is being sealed are in use from now on; answers the codes of those that were not yet.

    A part of sealing, which writes one audit entry for the paper. Raises PaperNotSealable when one was retired or put to
    rest since the paper was read.
    """
    versions = ItemVersion.objects.filter(pk__in=[item.version_id for item in items])
    codes = list(versions.filter(status=ItemVersion.Status.APPROVED).values_list("item__code", flat=True))
    # Touches the row of each, so that nobody can take one away before the paper is sealed; one that is gone is missed.
    if versions.filter(status__in=ItemVersion.USABLE).update(status=ItemVersion.Status.IN_USE) != len(items):
        raise PaperNotSealable(_("An item of the paper is no longer approved."))
    return sorted(codes)
