"""Who else has a ticket open, as a sentence (T7)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def looking_text(others: list[dict[str, object]]) -> str:
    """One sentence for a person who reads; '' while nobody else is there."""
    writing = [str(one["name"]) for one in others if one["writing"]]
    reading = [str(one["name"]) for one in others if not one["writing"]]
    if writing:
        return _("%(names)s is writing on this ticket now.") % {"names": ", ".join(writing)}
    if reading:
        said = ngettext("%(names)s has this ticket open.", "%(names)s have this ticket open.", len(reading))
        return said % {"names": ", ".join(reading)}
    return ""
