"""The structure of a Vietnamese syllable: onset, rime, tone, and where the tone mark stands."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from vietnamese.fold import fold

TONES: Final = {"\u0300": 1, "\u0301": 2, "\u0309": 3, "\u0303": 4, "\u0323": 5}
"""Combining marks of the tones: huyền 1, sắc 2, hỏi 3, ngã 4, nặng 5. Level (ngang) is 0."""

TONE_MARKS: Final = {number: mark for mark, number in TONES.items()}

ONSETS: Final = (
    "ngh", "ng", "nh", "gh", "gi", "kh", "ph", "qu", "th", "tr", "ch",
    "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x",
)  # fmt: skip
"""Every onset, longest first."""

_PLAIN_RIMES = (
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây "
    "e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ich im in inh ip it iu "
    "ia iêc iêm iên iêng iêp iêt iêu o oc oi om on ong op ot ooc oong "
    "ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u uc ui um un ung up ut "
    "ua uôc uôi uôm uôn uông uôt ư ưc ưi ưm ưn ưng ưt ưu ưa ươc ươi ươm ươn ương ươp ươt ươu "
    "y yêm yên yêng yêt yêu ym yt"
)
_GLIDE_RIMES = (
    "oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet "
    "uân uâng uât uây uê uêch uên uênh uêt uêu uơ uy uya uych uyên uyêt uyn uynh uyp uyt uyu"
)
RIMES: Final = frozenset(_PLAIN_RIMES.split()) | frozenset(_GLIDE_RIMES.split())
"""Every rime with its vowel marks and without tone."""

_QU_LIST = (
    "a ac ach ai an ang anh ao at au ay ăc ăm ăn ăng ăp ăt âc ân âng ât âu ây e en eng eo et "
    "ê êch ên ênh êt êu i ich in inh it iu iêt iên ơ y ych yên yêt ynh yt yp yu ôc"
)
_NOT_AFTER_GI = "i ich im in inh ip it iu ia iêc iêm iên iêp iêt y yêm yên yêng yêt yêu ym yt"
_QU_RIMES = frozenset(_QU_LIST.split())
_GI_RIMES = frozenset(_PLAIN_RIMES.split()) - frozenset(_NOT_AFTER_GI.split())
_PLAIN_ONSETS = tuple(onset for onset in ONSETS if onset != "đ")
_LETTER_RIMES = frozenset(fold(rime) for rime in RIMES | _QU_RIMES)
_FRONT = tuple("eêiy")
_STOPS = ("c", "ch", "p", "t")
_MARKED_VOWELS = frozenset("ăâêôơư")
_VOWELS = frozenset("aăâeêioôơuưy")


class Syllable(NamedTuple):
    """A syllable taken apart.

    Attributes:
        onset: Initial consonants; empty when it begins with a vowel.
        rime: The rest with its vowel marks (``ươ``), without the tone.
        tone: 0 to 5, see ``TONES``.
    """

    onset: str
    rime: str
    tone: int


def take_tone(text: str) -> tuple[str, int]:
    """Takes the tone marks off a lower-case word.

    Args:
        text: A word in normal form C.

    Returns:
        The word with its vowel marks but no tone, and the last tone found (0 when none).
    """
    if text.isascii():
        return text, 0
    decomposed = unicodedata.normalize("NFD", text)
    tone = 0
    kept = []
    for character in decomposed:
        found = TONES.get(character)
        if found is None:
            kept.append(character)
        else:
            tone = found
    return unicodedata.normalize("NFC", "".join(kept)), tone


@lru_cache(maxsize=65536)
def parse(word: str) -> Syllable | None:
    """Parses a lower-case word as one Vietnamese syllable.

    Args:
        word: A word in normal form C; the tone mark may stand on any vowel.

    Returns:
        The parts, or None when no syllable of the language is written so. Words typed
        without diacritics are parsed by their letters: ``duoc`` has no rime of the
        language and gives None (see ``possible_when_marked``).
    """
    bare, tone = take_tone(word)
    for onset in ONSETS:
        if not bare.startswith(onset):
            continue
        rime = bare[len(onset) :]
        if _fits(onset, rime):
            break
    else:
        onset, rime = "", bare
        if rime not in RIMES:
            return None
    if tone not in (0, 2, 5) and rime.endswith(_STOPS):
        return None
    return Syllable(onset, rime, tone)


def _fits(onset: str, rime: str) -> bool:
    if onset == "qu":
        return rime in _QU_RIMES
    if onset == "gi":
        return rime in _GI_RIMES
    if rime not in RIMES or rime.startswith("yê"):
        return False
    if onset in ("k", "gh", "ngh"):
        return rime.startswith(_FRONT)
    if onset in ("c", "ng"):
        return not rime.startswith(("e", "ê", "i", "y"))
    if onset == "g":
        return not rime.startswith(("e", "ê", "y"))
    return True


@lru_cache(maxsize=65536)
def parse_letters(letters: str) -> Syllable | None:
    """Parses plain letters as a syllable whose diacritics are missing (``duoc``).

    Returns:
        The parts in plain letters, or None when no syllable has these letters.
    """
    for onset in _PLAIN_ONSETS:
        if letters.startswith(onset) and letters[len(onset) :] in _LETTER_RIMES:
            return Syllable(onset, letters[len(onset) :], 0)
    return Syllable("", letters, 0) if letters in _LETTER_RIMES else None


def is_syllable(word: str) -> bool:
    """Tells whether a lower-case word is a fully marked, possible syllable.

    A closed syllable with a stop (``-c -ch -p -t``) must carry sắc or nặng.
    """
    parts = parse(word)
    return parts is not None and not (parts.tone == 0 and parts.rime.endswith(_STOPS))


def _tone_index(onset_length: int, bare: str) -> int:
    """Finds the letter that carries the tone in a toneless word."""
    vowels = [i for i in range(onset_length, len(bare)) if bare[i] in _VOWELS]
    if not vowels:
        return -1
    marked = [i for i in vowels if bare[i] in _MARKED_VOWELS]
    if marked:
        return marked[-1]
    last = vowels[-1]
    if last + 1 < len(bare) or len(vowels) == 1:
        return last
    return vowels[0] if len(vowels) == 2 else vowels[1]


def compose(onset: str, rime: str, tone: int) -> str:
    """Writes a syllable with its tone mark in the standard place (``hòa``, ``thủy``)."""
    bare = onset + rime
    if not tone:
        return bare
    index = _tone_index(len(onset), bare)
    if index < 0:
        return bare
    marked = unicodedata.normalize("NFC", bare[index] + TONE_MARKS[tone])
    return bare[:index] + marked + bare[index + 1 :]


@lru_cache(maxsize=65536)
def place_tone(word: str) -> str:
    """Moves the tone mark of a lower-case word to the standard place.

    ``hoà`` becomes ``hòa`` and ``thuỷ`` becomes ``thủy``, as most official procedure
    names are written. A word that is no syllable is returned unchanged.
    """
    if word.isascii():
        return word
    parts = parse(word)
    if parts is None or not parts.tone:
        return word
    return compose(*parts)
