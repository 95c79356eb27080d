"""Remnants of typing methods: Telex (``ddawng kys``) and VNI (``d9a8ng ky1``) left undone."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from vietnamese.syllable import compose, parse, take_tone

_TELEX_TONES: Final = {"f": 1, "s": 2, "r": 3, "x": 4, "j": 5}
_VNI_TONES: Final = {"2": 1, "1": 2, "3": 3, "4": 4, "5": 5}
_HATS: Final = {"a": "â", "e": "ê", "o": "ô"}
_HORNS: Final = {"a": "ă", "o": "ơ", "u": "ư"}
_BREVE: Final = {"a": "ă"}
_VOWELS: Final = frozenset("aeiouyăâêôơư")
_VNI_SHAPE = re.compile(r"[a-zđ]+(?:\d[a-z]*)+")


@lru_cache(maxsize=16384)
def from_telex(word: str) -> str | None:
    """Reads a word as Telex keystrokes that were not turned into letters.

    Args:
        word: A lower-case word; some of its letters may have been turned already.

    Returns:
        The syllable the keys spell, or None when they spell none or nothing is left over.
    """
    if not 2 <= len(word) <= 10 or not word.isalpha():
        return None
    word, typed_tone = take_tone(word)
    letters: list[str] = []
    tone = 0
    used = False
    for key in word:
        has_vowel = any(letter in _VOWELS for letter in letters)
        if key in _TELEX_TONES and has_vowel:
            tone = _TELEX_TONES[key]
            used = True
        elif key == "d" and letters[:1] == ["d"]:
            letters[0] = "đ"
            used = True
        elif key in _HATS and _turn(letters, {key: _HATS[key]}):
            used = True
        elif key == "w":
            if not _horn(letters):
                letters.append("ư")
            used = True
        else:
            letters.append(key)
    return _spell("".join(letters), tone or typed_tone) if used else None


@lru_cache(maxsize=16384)
def from_vni(word: str) -> str | None:
    """Reads a word as VNI keystrokes that were not turned into letters.

    Args:
        word: A lower-case word of letters and digits.

    Returns:
        The syllable the keys spell, or None when they spell none.
    """
    if not 2 <= len(word) <= 12 or _VNI_SHAPE.fullmatch(word) is None:
        return None
    letters: list[str] = []
    tone = 0
    for key in word:
        if not key.isdigit():
            letters.append(key)
        elif key in _VNI_TONES and any(letter in _VOWELS for letter in letters):
            tone = _VNI_TONES[key]
        elif key == "9" and letters[:1] == ["d"]:
            letters[0] = "đ"
        elif not (key in _VNI_SHAPES and _VNI_SHAPES[key](letters)):
            return None
    return _spell("".join(letters), tone)


def _turn(letters: list[str], change: dict[str, str]) -> bool:
    """Changes the last letter that can be changed; tells whether there was one."""
    for place in range(len(letters) - 1, -1, -1):
        if letters[place] in change:
            letters[place] = change[letters[place]]
            return True
    return False


def _horn(letters: list[str], *, breve: bool = True) -> bool:
    """Gives a horn to ``o``, ``u`` or both, or a breve to ``a``."""
    for place in range(len(letters) - 1, -1, -1):
        letter = letters[place]
        pair = place > 0 and letters[place - 1] == "u" and letters[:2] != ["q", "u"]
        if letter == "o" and pair:
            letters[place - 1 : place + 1] = ["ư", "ơ"]
            return True
        if letter == "a" and pair and place == len(letters) - 1:
            letters[place - 1] = "ư"
            return True
        if letter in _HORNS and (breve or letter != "a"):
            letters[place] = _HORNS[letter]
            return True
    return False


_VNI_SHAPES: Final[dict[str, Callable[[list[str]], bool]]] = {
    "6": lambda letters: _turn(letters, _HATS),
    "7": lambda letters: _horn(letters, breve=False),
    "8": lambda letters: _turn(letters, _BREVE),
}


def _spell(bare: str, tone: int) -> str | None:
    """Writes the syllable, repairing ``uơ`` before a final consonant to ``ươ``."""
    parts = parse(bare)
    if parts is None and "uơ" in bare:
        parts = parse(bare.replace("uơ", "ươ"))
    if parts is None and "ưo" in bare:
        parts = parse(bare.replace("ưo", "ươ"))
    if parts is None:
        return None
    word = compose(parts.onset, parts.rime, tone)
    return word if parse(word) is not None else None


_TO_TELEX: Final = {
    "â": "aa", "ê": "ee", "ô": "oo", "ă": "aw", "ơ": "ow", "ư": "uw", "đ": "dd",
}  # fmt: skip
_TO_VNI: Final = {
    "â": "a6", "ê": "e6", "ô": "o6", "ă": "a8", "ơ": "o7", "ư": "u7", "đ": "d9",
}  # fmt: skip


def to_telex(word: str) -> str:
    """Writes a lower-case word as its Telex keys, the tone last."""
    return _keys(word, _TO_TELEX, _TELEX_TONES)


def to_vni(word: str) -> str:
    """Writes a lower-case word as its VNI keys, the tone last."""
    return _keys(word, _TO_VNI, _VNI_TONES)


def _keys(word: str, shapes: dict[str, str], tones: dict[str, int]) -> str:
    bare, tone = take_tone(word)
    key = next((key for key, number in tones.items() if number == tone), "")
    return "".join(shapes.get(letter, letter) for letter in bare) + key
