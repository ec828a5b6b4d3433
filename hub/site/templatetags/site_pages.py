"""What the owner's pages of settings need in templates."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

from hub.base.forms import Filled

register = template.Library()


@register.simple_tag
def setting_checked(form: Filled, name: str) -> SafeString:
    """Whether a box is ticked: by the value, or by what was sent."""
    return mark_safe(" checked") if form.values.get(name) in (True, "on") else mark_safe("")


@register.filter
def wordlist(text: str) -> list[str]:
    """For loops over a few fixed words."""
    return text.split()
