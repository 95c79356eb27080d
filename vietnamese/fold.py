"""Strips Vietnamese text to what survives without diacritics."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:[./][^\W_]+)*")


_LETTERS = (
    ("a", "àáảãạăằắẳẵặâầấẩẫậ"),
    ("d", "đ"),
    ("e", "èéẻẽẹêềếểễệ"),
    ("i", "ìíỉĩị"),
    ("o", "òóỏõọôồốổỗộơờớởỡợ"),
    ("u", "ùúủũụưừứửữự"),
    ("y", "ỳýỷỹỵ"),
)
_PLAIN = {ord(marked): plain for plain, family in _LETTERS for marked in family}


def fold(text: str) -> str:
    """Lower-cases a text and removes every diacritic, ``đ`` included.

    Args:
        text: Any text, in any Unicode normal form.

    Returns:
        The text with the same words in plain letters.
    """
    lowered = text.lower().translate(_PLAIN)
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFD", lowered)
    kept = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFC", kept)


@lru_cache(maxsize=65536)
def fold_syllable(syllable: str) -> str:
    """Folds one syllable; remembered, because the same few thousand recur."""
    return fold(syllable)


def syllables(text: str) -> list[str]:
    """Splits a text into its words as typed, without punctuation.

    Codes and legal numbers such as ``1.001193`` or ``04/2020`` stay whole.
    """
    return _WORD.findall(text)
