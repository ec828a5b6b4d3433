"""The catalogs (docs/how/languages.md): `.po` is what people write and git keeps, `.mo` is what gettext reads."""

import sys
from pathlib import Path

from django.conf.locale import LANG_INFO

ROOT = Path(__file__).resolve().parents[2]
SOURCE_LANGUAGE = "en"


def shipped_languages(folder: Path) -> list[tuple[str, str]]:
    """Code and own name of English, in which Balie is written, and of every language that has a folder, by name."""
    codes = {SOURCE_LANGUAGE, *(path.parts[-3] for path in folder.glob("*/LC_MESSAGES/django.po"))}
    names = {code: LANG_INFO.get(code, {}).get("name_local", code) for code in codes}
    return sorted(((code, name[:1].upper() + name[1:]) for code, name in names.items()), key=lambda one: one[1])


def compile_catalogs(folder: Path) -> int:
    """Write the .mo beside every .po that is newer; answers how many were written. Fuzzy translations are left out."""
    written = 0
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            _compile(source, target)
            written += 1
    return written


def _compile(source: Path, target: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as file:
        catalog = read_po(file, locale=source.parts[-3], abort_invalid=True)
    partial = target.with_suffix(".mo.new")
    with partial.open("wb") as file:
        write_mo(file, catalog)
    partial.replace(target)


if __name__ == "__main__":
    sys.stdout.write(f"{compile_catalogs(ROOT / 'frontend' / 'locale')} catalogs compiled\n")
