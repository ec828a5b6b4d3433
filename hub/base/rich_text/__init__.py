"""What people write with more than letters: one cleaner for all of it (X3; docs/how/rich-text.md)."""

from hub.base.rich_text.cleaning import CHARACTERS_MAX, RichText, clean, of_text
from hub.base.rich_text.plain import from_text, to_line, to_text
from hub.base.rich_text.typed import pictures, typed

__all__ = ["CHARACTERS_MAX", "RichText", "clean", "from_text", "of_text", "pictures", "to_line", "to_text", "typed"]
