"""Groups syllables into words with underthesea, which is loaded at first use."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

_REMEMBERED: Final = 4096


@lru_cache(maxsize=_REMEMBERED)
def segment(text: str) -> tuple[str, ...]:
    """Splits a text with full diacritics into words.

    Args:
        text: What ``Reading.restored`` holds; segmenting before restoring does not work.

    Returns:
        The words in order, syllables of one word joined by ``_`` (``giấy_khai_sinh`` may
        come out as ``giấy khai_sinh``: the segmenter decides).
    """
    if not text.strip():
        return ()
    from underthesea import word_tokenize

    return tuple(word.replace(" ", "_") for word in word_tokenize(text))
