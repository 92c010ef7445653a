"""The language a form was shown in; its address carries none."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language


def asked_language(request: HttpRequest) -> str:
    """What the form's `language` field says, when it is one of ours; else the reader's."""
    asked = request.POST.get("language", "")
    return asked if asked in dict(settings.LANGUAGES) else get_language() or settings.LANGUAGE_CODE
