"""Item HTML on its way out, through the same allow-list as on its way in."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from exams.rendering import public_source
from exams.wording import clean_html, with_sources

register = template.Library()


@register.filter
def item_text(html: str) -> SafeString:
    """Safe to show: whatever lies in the database, only what the allow-list names comes out."""
    return mark_safe(with_sources(clean_html(html or ""), lambda uuid: f'src="{public_source(uuid)}"'))
