"""The SQL of the hot path, one file per version: a change is a new file and migration. See docs/how/live-core.md."""

from pathlib import Path


def read(name: str) -> str:
    """The text of a file in this folder."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
