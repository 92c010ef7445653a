"""Small tags for lessons."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from courses.practice import Question, Shown, shown

register = template.Library()

INLINE = MarkdownIt("zero", {"html": False}).enable(["emphasis", "backticks", "escape", "balance_pairs", "text_join"])


@register.filter
def emphasis(text: str) -> SafeString:
    """**bold**, *italic* and `code`; everything else, HTML above all, stays text."""
    return mark_safe(INLINE.renderInline(text or ""))


@register.simple_tag(takes_context=True)
def question_of(context: Context, value: Any) -> Shown:
    """The question as this learner sees it; in a preview, as nobody has answered it yet."""
    known = context.get("practice") or {}
    return known.get(value["key"]) or shown(Question.from_block(value))


@register.filter
def steps_of(value: Any) -> Any:
    """The steps of a step list: `value.items` in a template would call the dictionary's own method."""
    return value["items"]
