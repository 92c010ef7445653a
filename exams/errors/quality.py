"""The quality of items."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from common.errors import DomainError


class FlawsOpen(DomainError):
    """`problems` lists what was found, one sentence each; `rules` the rules."""

    code = "flaws_open"
    message = _("Mend these flaws, or say why they may stay:")
