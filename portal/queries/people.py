"""Finding people in a cohort."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from partners.models import CohortPlace, Invitation

PEOPLE_FILTERS = [
    ("", _("Everybody")),
    ("active", _("Active")),
    ("invited", _("Invited")),
    ("expired", _("Invitation expired")),
    ("unsent", _("Mail not sent")),
]


def chosen_places(places: QuerySet[CohortPlace], *, show: str = "", search: str = "") -> QuerySet[CohortPlace]:
    """The page's filter and search."""
    if show in (CohortPlace.Status.ACTIVE, CohortPlace.Status.INVITED):
        places = places.filter(status=show)
    elif show == "expired":
        places = places.filter(status=CohortPlace.Status.INVITED, invitation__status=Invitation.Status.EXPIRED)
    elif show == "unsent":
        places = places.filter(invitation__status=Invitation.Status.PENDING, invitation__sent_at=None)
    for word in search.split():
        places = places.filter(Q(full_name__icontains=word) | Q(email__icontains=word) | Q(external_id__icontains=word))
    return places
