"""What a mistyped or misspelt syllable may have been meant to be, and how likely the slip is.

Costs are negative natural logarithms of how often a writer makes that very slip.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from vietnamese.syllable import TONES, take_tone

COST_SOUND: Final = 5.0
"""Letters that sound alike somewhere in the country: tr/ch, s/x, d/gi/r, l/n, finals."""
COST_SAME_SOUND: Final = 1.5
"""Two spellings of one sound everywhere: i/y."""
COST_HOI_NGA: Final = 4.0
"""Hỏi and ngã taken for each other."""
COST_TRANSPOSED: Final = 5.5
COST_DOUBLED: Final = 5.0
COST_NEAR_KEY: Final = 6.0
COST_DROPPED: Final = 6.5
COST_OTHER: Final = 8.0
COST_TONE: Final = 7.0
COST_QUALITY: Final = 5.0

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def _near_keys() -> dict[str, frozenset[str]]:
    places = {key: (row, col) for row, keys in enumerate(_ROWS) for col, key in enumerate(keys)}
    near: dict[str, set[str]] = defaultdict(set)
    for one, (row, col) in places.items():
        for other, (row2, col2) in places.items():
            shift = col2 - col + 0.5 * (row2 - row)
            if one != other and abs(row - row2) <= 1 and abs(shift) <= 1:
                near[one].add(other)
    return {key: frozenset(others) for key, others in near.items()}


NEAR_KEYS: Final = _near_keys()
"""Keys that touch each key of a Latin keyboard."""

_ONSET_SETS: Final = (
    ("tr", "ch"),
    ("s", "x"),
    ("d", "gi", "r", "v"),
    ("l", "n"),
    ("g", "gh"),
    ("ng", "ngh"),
    ("c", "k", "q"),
)
_ENDINGS: Final = (
    ("c", "t"), ("n", "ng"), ("ch", "t"), ("nh", "n"), ("ieu", "iu"), ("uou", "uu"),
    ("uou", "ieu"), ("uu", "iu"), ("ay", "ai"), ("au", "ao"), ("iem", "im"), ("iep", "ip"),
    ("uoi", "ui"), ("uom", "om"), ("oai", "ai"), ("uy", "i"), ("oang", "ang"), ("uoc", "uot"),
)  # fmt: skip
_SAME_SOUND: Final = (("i", "y"),)
_SOUND_ONSETS: Final = (
    "ngh", "ng", "nh", "gh", "gi", "kh", "ph", "qu", "th", "tr", "ch",
    "b", "c", "d", "g", "h", "k", "l", "m", "n", "p", "q", "r", "s", "t", "v", "x", "",
)  # fmt: skip


def sound_alikes(letters: str) -> dict[str, float]:
    """Lists spellings that some speakers pronounce alike.

    Args:
        letters: A syllable without diacritics.

    Returns:
        Other spellings (not all of them syllables) with their costs.
    """
    found: dict[str, float] = {}
    for onset in _SOUND_ONSETS:
        if not letters.startswith(onset):
            continue
        rest = letters[len(onset) :]
        for family in _ONSET_SETS:
            if onset in family:
                for other in family:
                    if other != onset:
                        found.setdefault(other + rest, COST_SOUND)
        if onset:
            break
    for pair in _ENDINGS:
        for one, other in (pair, pair[::-1]):
            if letters.endswith(one) and len(letters) > len(one):
                found.setdefault(letters[: -len(one)] + other, COST_SOUND)
    for pair in _SAME_SOUND:
        for one, other in (pair, pair[::-1]):
            if letters.endswith(one) and len(letters) > 1:
                found[letters[:-1] + other] = COST_SAME_SOUND
    found.pop(letters, None)
    return found


class Neighbours:
    """Finds the known spellings one slip away from what was typed.

    Args:
        known: Every spelling without diacritics that the vocabulary has.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._shortened: dict[str, list[str]] = defaultdict(list)
        for letters in self._known:
            for cut in {letters[:i] + letters[i + 1 :] for i in range(len(letters))}:
                self._shortened[cut].append(letters)
        self.of = lru_cache(maxsize=16384)(self._of)

    def _of(self, letters: str) -> dict[str, float]:
        """Gives the known spellings one slip away, with the cost of each slip."""
        if len(letters) > 16:
            return {}
        found: dict[str, float] = {}

        def put(other: str, cost: float) -> None:
            if other != letters and cost < found.get(other, 99.0):
                found[other] = cost

        for other in self._shortened.get(letters, ()):
            put(other, COST_DROPPED)
        for i in range(len(letters)):
            cut = letters[:i] + letters[i + 1 :]
            if cut in self._known:
                repeated = i > 0 and letters[i] == letters[i - 1]
                near = any(
                    letters[j] in NEAR_KEYS.get(letters[i], ())
                    for j in (i - 1, i + 1)
                    if 0 <= j < len(letters)
                )
                put(cut, COST_DOUBLED if repeated else COST_NEAR_KEY if near else COST_OTHER)
            for other in self._shortened.get(cut, ()):
                if len(other) == len(letters):
                    put(other, _replacement_cost(letters, other))
        for other, cost in sound_alikes(letters).items():
            if other in self._known:
                put(other, cost)
        return found


def _replacement_cost(typed: str, meant: str) -> float:
    """Costs two spellings of equal length that share all letters but one, in order."""
    differing = [i for i in range(len(typed)) if typed[i] != meant[i]]
    if len(differing) == 1:
        i = differing[0]
        return COST_NEAR_KEY if meant[i] in NEAR_KEYS.get(typed[i], ()) else COST_OTHER
    if (
        len(differing) == 2
        and differing[1] == differing[0] + 1
        and typed[differing[0]] == meant[differing[1]]
        and typed[differing[1]] == meant[differing[0]]
    ):
        return COST_TRANSPOSED
    return 99.0


@lru_cache(maxsize=65536)
def marks(word: str) -> tuple[int, tuple[str, ...]]:
    """Gives the tone of a word and its other diacritics in order (``đ`` counts as one)."""
    bare, tone = take_tone(word)
    if bare.isascii():
        return tone, ()
    found = []
    for character in unicodedata.normalize("NFD", bare):
        if character == "đ" or (unicodedata.combining(character) and character not in TONES):
            found.append(character)
    return tone, tuple(found)


@lru_cache(maxsize=65536)
def mark_difference(typed: str, meant: str) -> tuple[float, bool]:
    """Compares the diacritics typed with those of a candidate.

    Args:
        typed: The word as typed.
        meant: A candidate, which may differ in letters too.

    Returns:
        The cost of diacritics that contradict each other, and whether the candidate has
        some that were left out.
    """
    tone, qualities = marks(typed)
    tone2, qualities2 = marks(meant)
    cost = 0.0
    added = False
    if tone != tone2:
        if tone == 0:
            added = True
        elif {tone, tone2} == {3, 4}:
            cost += COST_HOI_NGA
        else:
            cost += COST_TONE
    missing = list(qualities2)
    for quality in qualities:
        if quality in missing:
            missing.remove(quality)
        else:
            cost += COST_QUALITY
    return cost, added or bool(missing)
