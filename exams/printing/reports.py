"""A technical report as PDF. It goes to people who may not see keys, so no option stands in it."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from common.typesetting import print_pages
from exams.models import TechnicalReport
from exams.presenting import presented

CSS = """
@page { size: A4 landscape; margin: 16mm 14mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt; } }
html { font-family: "Touchstone Serif", "Touchstone Song", "Touchstone Song Rare"; font-size: 9pt; color: #1b2422; }
h1 { font-size: 18pt; margin: 0 0 2mm; } h3 { font-size: 12pt; margin: 6mm 0 2mm; } h4 { font-size: 10pt; margin: 3mm 0 1mm; }
h1, h3, h4 { break-after: avoid; }
table { border-collapse: collapse; width: 100%; } thead { display: table-header-group; } tr { break-inside: avoid; }
th, td { border-bottom: 0.2mm solid #b9c2bf; padding: 0.8mm 1.5mm; text-align: left; vertical-align: top; }
.bank-number { text-align: right; } .bank-muted { color: #55605d; }
dl { display: flex; flex-wrap: wrap; margin: 0; }
dl > div { width: 25%; margin-bottom: 2mm; } dt { color: #55605d; } dd { margin: 0; }
ul { margin: 1mm 0; padding-left: 5mm; }
svg { color: #1b2422; width: 130mm; height: auto; } figure { margin: 2mm 0; break-inside: avoid; }
.w-sr-only { display: none; }
"""


def print_report(report: TechnicalReport, figures: dict[str, Any], language: str) -> bytes:
    """The finished file in that language."""
    with translation.override(language):
        html = render_to_string(
            "exams/print/technical_report.html",
            {"report": report, "paper": report.paper, "language": language, **presented(figures, shows_keys=False)},
        )
    return print_pages(html, CSS, identifier=f"{report.uuid}-{language}")
