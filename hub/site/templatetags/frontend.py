"""What templates need of the built front end; icons, and parts that are drawn once."""

from __future__ import annotations

import re

from django import template
from django.template import Context, NodeList
from django.template.base import FilterExpression, Parser, Token
from django.utils.safestring import SafeString, mark_safe
from django_vite.core.asset_loader import DjangoViteAssetLoader
from django_vite.core.exceptions import DjangoViteAssetNotFoundError

from hub.site.drawn import icon

register = template.Library()

STYLE_SHEET = re.compile(r'<link\s[^>]*rel="stylesheet"[^>]*>')


@register.simple_tag
def built(entry: str, app: str = "default") -> SafeString:
    """The script and style tags of an entry of one of DJANGO_VITE's builds; nothing where it was not built (tests)."""
    try:
        tags: str = DjangoViteAssetLoader.instance().generate_vite_asset(entry, app)
    except DjangoViteAssetNotFoundError:
        return mark_safe("")
    return mark_safe(_own_styles_last(tags))  # noqa: S308 - made by django-vite from our own manifest


def _own_styles_last(tags: str) -> str:
    """The manifest names an entry's own sheet first, then what it builds upon: the cascade needs the reverse."""
    sheets = STYLE_SHEET.findall(tags)
    return "".join(reversed(sheets)) + STYLE_SHEET.sub("", tags).strip()


register.simple_tag(icon)  # where there are many: an `include` costs ten times as much


@register.tag
def drawn_once(parser: Parser, token: Token) -> DrawnOnce:
    """`{% drawn_once row.status row.age %}…{% enddrawn_once %}` in a loop: drawn anew only for values that are new.

    Nothing inside may depend on anything else that differs from round to round.
    """
    values = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodes = parser.parse(("enddrawn_once",))
    parser.delete_first_token()
    return DrawnOnce(values, nodes)


class DrawnOnce(template.Node):
    def __init__(self, values: list[FilterExpression], nodelist: NodeList) -> None:
        self._values = values
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        drawn: dict[tuple[object, ...], SafeString] | None = context.render_context.get(self)
        if drawn is None:
            context.render_context[self] = drawn = {}
        values = tuple(value.resolve(context) for value in self._values)
        if values not in drawn:
            drawn[values] = self.nodelist.render(context)
        return drawn[values]
