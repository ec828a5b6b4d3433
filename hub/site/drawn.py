"""Small parts of pages that stand in them many times, drawn without a template: icons, avatars.

A node of a template costs some ten microseconds each time it is drawn, and a row of a list has forty of them.
"""

from __future__ import annotations

from functools import cache, lru_cache
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from hub.base import formats

TINTS = 6


@cache
def icon(name: str, size: str = "") -> SafeString:
    """A drawing of templates/icons/."""
    return render_to_string(f"icons/{name}.svg", {"size": size})


def initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or name[:1].upper()


@lru_cache(maxsize=4096)
def avatar(name: str, person_id: int, *, staff: bool = False, size: str = "") -> SafeString:
    """Round is in front of the counter, a rounded square behind it."""
    classes = " ".join(filter(None, ("av", "staff" if staff else "", size, f"t{int(person_id) % TINTS + 1}")))
    return mark_safe(  # noqa: S308 - each part is ours or escaped
        f'<span class="{escape(classes)}" aria-hidden="true">{escape(initials(name))}</span>'
    )


def amount(amount_millicredits: int | None) -> SafeString | str:
    """A change of a wallet with its sign, which stays in front of it in text from right to left too."""
    if amount_millicredits is None:
        return ""
    said = escape(formats.signed_credits(amount_millicredits))
    return mark_safe(f'<bdi class="num" dir="ltr">{said}</bdi>')  # noqa: S308 - escaped
