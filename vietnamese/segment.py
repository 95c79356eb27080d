"""Groups syllables into words with underthesea, which is loaded at first use."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Final

_REMEMBERED: Final = 4096
_TRAINING_LIBRARIES: Final = ("torch", "transformers")


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
    return tuple(word.replace(" ", "_") for word in _segmenter()(text))


@lru_cache(maxsize=1)
def _segmenter() -> Callable[[str], list[str]]:
    """Imports underthesea without the training libraries.

    Where they are installed its other functions would import them, which takes seconds and
    hundreds of megabytes that segmenting does not need.
    """
    hidden = [name for name in _TRAINING_LIBRARIES if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        from underthesea import word_tokenize
    finally:
        for name in hidden:
            del sys.modules[name]
    segmenter: Callable[[str], list[str]] = word_tokenize
    return segmenter
