"""Codes of the procedures that hang on a commune's wall: what many people need."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("popular.txt")


@lru_cache(maxsize=1)
def popular_codes() -> frozenset[str]:
    """Returns the national codes on the list."""
    return frozenset(_FILE.read_text(encoding="utf-8").split())
