"""What a message says: templates under mail/ and sms/, in the reader's language.

`mail/<name>.txt` has the blocks `subject` and `body`, `mail/<name>.html` the block `body`; they extend mail/base.txt
and mail/base.html. Besides the context they see `brand`, `hub_url` (put it before a path), `language` and `direction`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils import translation
from django.utils.safestring import SafeString

from hub.base.brand import Brand
from hub.base.outbox.senders import hub_url

SUBJECT_CHARACTERS_MAX = 250
FONTS = SafeString("-apple-system,'Segoe UI',Tahoma,Roboto,Arial,sans-serif")  # Tahoma has Persian


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    html: str


def render_mail(template: str, language: str, context: Mapping[str, object], brand: Brand) -> Letter:
    with translation.override(language):
        values = _values(language, context, brand)
        subject = one_line(_render(f"mail/{template}.txt", {**values, "part": "subject"}, escape=False))
        values["subject"] = subject[:SUBJECT_CHARACTERS_MAX]
        text = _render(f"mail/{template}.txt", {**values, "part": "body"}, escape=False)
        html = _render(f"mail/{template}.html", values, escape=True)
    return Letter(subject[:SUBJECT_CHARACTERS_MAX], text.strip() + "\n", html.strip() + "\n")


def render_sms(template: str, language: str, context: Mapping[str, object], brand: Brand) -> str:
    with translation.override(language):
        return one_line(_render(f"sms/{template}.txt", _values(language, context, brand), escape=False))


def _values(language: str, context: Mapping[str, object], brand: Brand) -> dict[str, object]:
    direction = "rtl" if language.split("-", maxsplit=1)[0] in settings.LANGUAGES_BIDI else "ltr"
    own = {
        "brand": brand,
        "hub_url": hub_url(brand),
        "language": language,
        "direction": direction,
        "start": "right" if direction == "rtl" else "left",  # mail programs know no logical sides
        "ink_on_brand": ink_on(brand.colour),
        "fonts": FONTS,
    }
    return {**context, **own}


def ink_on(colour: str) -> str:
    """White or nearly black, whichever is read better on `#rrggbb` (WCAG's contrast)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#ffffff" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.06 else "#1c2330"


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _render(name: str, values: Mapping[str, object], *, escape: bool) -> str:
    template = get_template(name).template  # type: ignore[attr-defined]  # Django's own engine, for its Context
    text: str = template.render(Context(dict(values), autoescape=escape))
    return text.replace("\0", "")  # PostgreSQL keeps none


def one_line(text: str) -> str:
    """No line breaks and no control characters: nothing in here can begin another header."""
    clean = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text)
    return " ".join(clean.split())
