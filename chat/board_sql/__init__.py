"""SQL of the board's triggers, one file per version; a change is a new file and a new migration, never an edit."""

from __future__ import annotations

from pathlib import Path


def read(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")
