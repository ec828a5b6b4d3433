"""Rich text in a form of the admin: what the editor sends, and what comes back of a browser without a script."""

from __future__ import annotations

from collections.abc import Mapping

from hub.base.rich_text import RichText, clean, typed


def rich_text_in(data: Mapping[str, str], name: str, *, before: str = "") -> RichText:
    """What was written. Who has no script sees letters alone; left as they were they keep their form.

    Raises TooLarge.
    """
    if f"{name}_html" not in data and before:
        kept = clean(before)
        if _plain(data.get(name, "")) == _plain(kept.text):
            return kept
    return typed(data, name)


def _plain(text: str) -> str:
    return " ".join(text.split())
