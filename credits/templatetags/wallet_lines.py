"""What a wallet's page has many of, drawn without a template."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from credits.statement import Part
from hub.base import formats
from hub.site.public import amount

register = template.Library()


@register.simple_tag
def block_rows(parts: Iterable[Part]) -> SafeString:
    """What was charged, block by block: when, and how much."""
    drawn = (
        f'<tr><th scope="row"><time datetime="{part.at.isoformat()}">{escape(formats.moment(part.at))}</time></th>'
        f'<td class="n">{amount(part.amount_m)}</td></tr>'
        for part in parts
    )
    return mark_safe("".join(drawn))  # noqa: S308 - each part is ours or escaped
