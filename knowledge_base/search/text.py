"""Cuts text into the terms that the lexical index knows.

Terms are numbers: a word is a 64-bit hash of its stripped syllable, a pair of neighbours a hash of
both, a character n-gram the bytes themselves. Numbers sort, fit in memory maps, and need no
dictionary at run time.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from vietnamese.fold import fold_syllable, syllables

Terms = npt.NDArray[np.uint64]

MAX_WORDS = 120
"""Words of a question that are looked at; the rest of a very long one is left out."""

GRAM_SIZES = (3, 4, 5)
"""Lengths of the character n-grams."""

_SPLIT = re.compile(r"[./]")


@lru_cache(maxsize=131072)
def term(text: str) -> int:
    """Returns the number of a term."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def split_words(text: str, limit: int | None = None) -> list[str]:
    """Returns the words of a text in order, lower-case, with their diacritics.

    Args:
        text: Any text.
        limit: Largest number of words; None: all.

    Returns:
        Words; codes and legal numbers stay whole, alternatives such as "thuê/mượn" are split.
    """
    words: list[str] = []
    for word in syllables(unicodedata.normalize("NFC", text.lower())):
        if any(c.isdigit() for c in word):
            words.append(word)
        else:
            words.extend(part for part in _SPLIT.split(word) if part)
        if limit is not None and len(words) >= limit:
            return words[:limit]
    return words


def folded_words(text: str, limit: int | None = None) -> list[str]:
    """Returns the words of a text as :func:`split_words` does, stripped of diacritics."""
    return [fold_syllable(word) for word in split_words(text, limit)]


def word_terms(words: list[str]) -> Terms:
    """Returns one number for each word."""
    return np.fromiter((term(word) for word in words), dtype=np.uint64, count=len(words))


def pair_terms(words: list[str]) -> Terms:
    """Returns one number for each pair of neighbouring words."""
    pairs = (term(f"{left} {right}") for left, right in pairwise(words))
    return np.fromiter(pairs, dtype=np.uint64, count=max(0, len(words) - 1))


def gram_terms(words: list[str]) -> Terms:
    """Returns the character n-grams of the words written with single spaces, repeats included.

    An n-gram is packed into one number with its length in the top byte, so that no two collide.
    """
    data = np.frombuffer(f" {' '.join(words)} ".encode(), dtype=np.uint8).astype(np.uint64)
    parts: list[Terms] = []
    for size in GRAM_SIZES:
        count = len(data) - size + 1
        if count <= 0:
            continue
        packed = np.full(count, size, dtype=np.uint64)
        for offset in range(size):
            packed = (packed << np.uint64(8)) | data[offset : offset + count]
        parts.append(packed)
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.uint64)
