"""Figures as a page writes them: a dash where nothing is claimed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString

from exams.charts import letter_of, option_plot
from exams.statistics.words import FLAGS, GROUPS, SUBJECTS, VERDICTS, refusal_in_words

register = template.Library()


@register.filter
def figure(value: float | None, digits: int = 2) -> str:
    """With a true minus sign, as tables set numbers."""
    return "–" if value is None else f"{value:.{digits}f}".replace("-", "−")


@register.filter
def between(row: Mapping[str, Any], name: str) -> str:
    """The interval of a figure: `row|between:"facility"` reads facility_low and facility_high."""
    low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
    return "–" if low is None or high is None else f"{figure(low)} … {figure(high)}"


@register.filter
def percentage(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.0f} %"


@register.filter
def said(code: str) -> Any:
    """What a code of flags, verdicts, groups or subjects is called."""
    return FLAGS.get(code) or VERDICTS.get(code) or GROUPS.get(code) or SUBJECTS.get(code) or code


@register.filter
def refused(refusal: Mapping[str, Any]) -> str:
    return refusal_in_words(refusal)


@register.filter
def letter(option: int) -> str:
    return letter_of(option)


@register.filter
def option_picture(item: Mapping[str, Any]) -> SafeString:
    return option_plot(item)
