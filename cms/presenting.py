"""What the public pages show beside their own text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count

from courses.models import Course, Lesson
from courses.queries import Cell, MatrixRow, matrix
from partners.models import Partner
from standards.models import Competence, Level, Standard

if TYPE_CHECKING:
    from cms.models import HomePage, TrackIndexPage, TrackPage


def home_context(page: HomePage) -> dict[str, Any]:
    """Tracks with their pages, a few true numbers, and the partners we work with."""
    from cms.models import TrackPage

    tracks = TrackPage.objects.live().filter(locale=page.locale).select_related("track", "locale").order_by("track__position")
    kinds = Partner.objects.filter(status=Partner.Status.ACTIVE).values("kind").annotate(number=Count("pk"))
    return {
        "tracks": tracks,
        "levels": list(Level.objects.all()),
        "numbers": {
            "courses": Course.objects.count(),
            "lessons": Lesson.objects.count(),
            "standards": Standard.objects.count(),
            "competences": Competence.objects.count(),
        },
        "partner_kinds": {row["kind"]: row["number"] for row in kinds},
    }


def matrix_context(page: TrackIndexPage) -> dict[str, Any]:
    from cms.models import TrackPage

    rows, shared = matrix(page.locale.language_code)
    pages = {one.track_id: one for one in TrackPage.objects.live().filter(locale=page.locale).select_related("locale")}
    return {
        "rows": [(row, pages.get(row.track.pk)) for row in rows],
        "shared": shared,
        "levels": [cell.level for cell in rows[0].cells] if rows else [],
    }


def track_context(page: TrackPage) -> dict[str, Any]:
    """The track's four courses and six competences, and the core before them."""
    rows, shared = matrix(page.locale.language_code)
    own: list[MatrixRow] = [row for row in rows if row.track.pk == page.track_id]
    cells: list[Cell] = own[0].cells if own else []
    competences = Competence.objects.filter(track=page.track_id)
    return {
        "track": page.track,
        "cells": cells,
        "shared": shared,
        "competences": list(competences),
        "roles": [role.strip() for role in page.roles.splitlines() if role.strip()],
    }
