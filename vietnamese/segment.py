"""Splits Vietnamese text into words of one or more syllables."""

from __future__ import annotations

from functools import lru_cache

MAX_CHARACTERS = 2000
"""Longer texts are split at blanks beyond this length: nobody asks a question of that size."""


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """Segments a text by underthesea.

    Args:
        text: Text with diacritics; without them the segmentation is poor.

    Returns:
        The words in order; a word of several syllables has blanks inside.
    """
    if not text.strip():
        return ()
    from underthesea import word_tokenize

    head, tail = text[:MAX_CHARACTERS], text[MAX_CHARACTERS:]
    return (*word_tokenize(head), *tail.split())
