"""What came from a `<textarea data-editor>`: HTML under `<name>_html`, or without script letters under its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

from hub.base.rich_text.cleaning import RichText, clean, of_text

_OWN_PICTURE = re.compile(r'src="/api/v1/files/([0-9a-f-]{36})/content/"')


def typed(data: Mapping[str, str], name: str) -> RichText:
    """Clean in both cases. Raises TooLarge."""
    html = data.get(f"{name}_html", "")
    return clean(html) if html.strip() else of_text(data.get(name, "").replace("\0", ""))


def pictures(clean_html: str) -> list[UUID]:
    """The uploads that stand in the text; whoever keeps the text claims them with it."""
    return list(dict.fromkeys(UUID(one) for one in _OWN_PICTURE.findall(clean_html)))
