"""A share of the points with its error band as a small picture: inline SVG from the server, no script, no style attribute.

The table it stands in has every figure in words; the picture is for the eye and is named for those who cannot see it.
"""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from exams.score_bands import Band

WIDTH, HEIGHT, SIDE = 168, 28, 8


def band_picture(band: Band, cut_percent: float) -> SafeString:
    """A line from 0 to 100 percent, the band on it, a dot for the share, a dashed line for the cut."""
    cut = _across(cut_percent / 100)
    return format_html(
        '<svg class="band" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">'
        '<path d="M{} 14H{}" stroke="currentColor" stroke-opacity="0.35" stroke-width="2"/>'
        '<rect x="{}" y="7" width="{}" height="14" rx="3" fill="currentColor" fill-opacity="0.28"/>'
        '<path d="M{} 1V27" stroke="currentColor" stroke-width="1.5" stroke-dasharray="3 3"/>'
        '<circle cx="{}" cy="14" r="5" fill="currentColor"/></svg>',
        WIDTH, HEIGHT, WIDTH, HEIGHT,
        _("%(share)s percent, between %(low)s and %(high)s; needed %(cut)s")
        % {"share": band.percent, "low": band.low_percent, "high": band.high_percent, "cut": round(cut_percent)},
        SIDE, WIDTH - SIDE,
        _across(band.low), round(max(_across(band.high) - _across(band.low), 2), 1),
        cut,
        _across(band.share),
    )  # fmt: skip


def _across(share: float) -> float:
    return round(SIDE + min(max(share, 0), 1) * (WIDTH - 2 * SIDE), 1)
