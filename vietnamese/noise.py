"""Writes clean Vietnamese the way people type it; the same seed gives the same text."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from vietnamese.confusions import NEAR_KEYS
from vietnamese.fold import fold
from vietnamese.keyboard import to_telex, to_vni
from vietnamese.syllable import compose, is_syllable, parse

Manner = Callable[[str, int], str]
"""Takes a clean text and a seed, gives the text in a manner of writing."""

_LETTERS = re.compile(r"[^\W\d_]+")
SOUND_ONSETS: Final = (("tr", "ch"), ("s", "x"), ("d", "gi", "r"), ("l", "n"), ("v", "d"))
"""Onsets that are taken for each other in some region."""
SOUND_RIMES: Final = (("c", "t"), ("n", "ng"), ("i", "y"), ("iêu", "iu"), ("ươu", "ưu"))
"""Endings of rimes that are taken for each other in some region."""
_SHORT: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "không": ("ko", "k", "hok", "hông", "khg", "kh"),
        "được": ("đc", "dc", "dcd"),
        "gì": ("j", "gj"),
        "bao nhiêu": ("bn", "bnhiu", "bao nhiu"),
        "thế nào": ("tn", "tnao"),
        "như thế nào": ("ntn",),
        "vậy": ("v", "z", "zậy", "dzậy"),
        "rồi": ("r", "rùi", "òi"),
        "làm": ("lm",),
        "biết": ("bik", "bít"),
        "mình": ("mik", "mk"),
        "người": ("ng", "ngừi"),
        "em": ("e",),
        "anh": ("a",),
        "cũng": ("cx", "cg"),
        "với": ("vs",),
        "trước": ("trc",),
        "mới": ("ms",),
        "giờ": ("h",),
        "nhưng": ("nhg", "nhưg"),
        "chưa": ("chx",),
        "giấy khai sinh": ("gks",),
        "đăng ký": ("đk", "dki", "đki"),
        "giấy tờ": ("gt", "gtờ"),
        "hồ sơ": ("hs",),
        "căn cước công dân": ("cccd",),
        "bảo hiểm y tế": ("bhyt",),
        "bảo hiểm xã hội": ("bhxh",),
        "hộ kinh doanh": ("hkd",),
        "hộ khẩu": ("hk",),
        "ủy ban nhân dân": ("ubnd",),
        "công ty": ("cty",),
        "vợ chồng": ("vk ck", "vc"),
        "thủ tục": ("tt",),
    }
)


def strip_marks(text: str, seed: int = 0) -> str:
    """Removes every diacritic and keeps case and punctuation. The seed changes nothing."""
    return "".join(_like(fold(c), c) for c in text)


def half_mark(text: str, seed: int) -> str:
    """Keeps the diacritics of about half the words."""
    chooser = random.Random(seed)
    return _each_word(text, lambda word: word if chooser.random() < 0.5 else strip_marks(word))


def drop_tones(text: str, seed: int = 0) -> str:
    """Keeps the vowel marks and ``đ`` but no tone, as some typists do. No use of the seed."""

    def toneless(word: str) -> str:
        parts = parse(word.lower())
        if parts is None:
            return word
        return "".join(
            _like(new, old)
            for new, old in zip(compose(parts.onset, parts.rime, 0), word, strict=True)
        )

    return _each_word(text, toneless)


def one_typo(text: str, seed: int) -> str:
    """Puts one slip of the fingers into one word of two letters or more."""
    return _one_word(text, seed, _slip)


def one_misspelling(text: str, seed: int) -> str:
    """Writes one word as it sounds somewhere in the country (``sinh`` as ``xinh``)."""
    return _one_word(text, seed, _misspell)


def one_key_slip(text: str, seed: int) -> str:
    """Leaves the Telex or VNI keys of one marked word in the text."""

    def keys(word: str, chooser: random.Random) -> str:
        return chooser.choice((to_telex, to_vni))(word.lower())

    return _one_word(text, seed, keys)


def telex(text: str, seed: int = 0) -> str:
    """Leaves all Telex keys in the text. The seed changes nothing."""
    return _each_word(text, lambda word: to_telex(word.lower()))


def vni(text: str, seed: int = 0) -> str:
    """Leaves all VNI keys in the text. The seed changes nothing."""
    return _each_word(text, lambda word: to_vni(word.lower()))


def teencode(text: str, seed: int) -> str:
    """Shortens words as in chat, about four in five of those that have a short form."""
    chooser = random.Random(seed)
    out = text.lower()
    for words in sorted(_SHORT, key=len, reverse=True):

        def shorten(match: re.Match[str], words: str = words) -> str:
            return chooser.choice(_SHORT[words]) if chooser.random() < 0.8 else match.group()

        out = re.sub(rf"(?<!\w){words}(?!\w)", shorten, out)
    return out


def joined(text: str, seed: int) -> str:
    """Leaves out one space between two words."""
    chooser = random.Random(seed)
    gaps = [m.start() for m in re.finditer(r"(?<=[^\W\d_]) (?=[^\W\d_])", text)]
    if not gaps:
        return text
    gap = chooser.choice(gaps)
    return text[:gap] + text[gap + 1 :]


MANNERS: Final[Mapping[str, Manner]] = MappingProxyType(
    {
        "stripped": strip_marks,
        "half marked": half_mark,
        "no tones": drop_tones,
        "one typing error": one_typo,
        "stripped, one typing error": lambda text, seed: strip_marks(one_typo(text, seed)),
        "one misspelling": one_misspelling,
        "one Telex or VNI slip": one_key_slip,
        "all Telex": telex,
        "all VNI": vni,
        "two words joined": joined,
        "teencode": teencode,
    }
)
"""Manners of writing by name, for training and evaluation."""


def _like(new: str, old: str) -> str:
    return new.upper() if old.isupper() else new


def _each_word(text: str, change: Callable[[str], str]) -> str:
    return _LETTERS.sub(lambda match: change(match.group()), text)


def _one_word(text: str, seed: int, change: Callable[[str, random.Random], str]) -> str:
    """Changes one word; tries others when a word has nothing to change."""
    chooser = random.Random(seed)
    places = [m for m in _LETTERS.finditer(text) if len(m.group()) > 1]
    chooser.shuffle(places)
    for place in places:
        new = change(place.group(), chooser)
        if new != place.group():
            return text[: place.start()] + new + text[place.end() :]
    return text


def _slip(word: str, chooser: random.Random) -> str:
    """Makes one slip: a near key, two keys swapped, one left out, doubled or hit as well."""
    kind = chooser.choice(("near", "near", "swap", "drop", "double", "extra"))
    place = chooser.randrange(len(word))
    letter = word[place]
    near = sorted(NEAR_KEYS.get(fold(letter), ()))
    if kind == "swap" and place + 1 < len(word):
        return word[:place] + word[place + 1] + letter + word[place + 2 :]
    if kind == "drop" and len(word) > 2:
        return word[:place] + word[place + 1 :]
    if kind == "double":
        return word[:place] + letter + word[place:]
    if not near:
        return word
    other = chooser.choice(near)
    return word[:place] + other + word[place + (kind != "extra") :]


def _misspell(word: str, chooser: random.Random) -> str:
    """Writes a syllable as it sounds elsewhere: its onset, its ending, or hỏi for ngã."""
    parts = parse(word.lower())
    if parts is None:
        return word
    onset, rime, tone = parts
    spellings = [(onset, rime, 7 - tone)] if tone in (3, 4) else []
    for family in SOUND_ONSETS:
        if onset in family:
            spellings.extend((other, rime, tone) for other in family if other != onset)
    for pair in SOUND_RIMES:
        for one, other in (pair, pair[::-1]):
            if rime.endswith(one) and len(rime) > 1:
                spellings.append((onset, rime[: -len(one)] + other, tone))
    found = [
        compose(*spelling)
        for spelling in spellings
        if spelling != (onset, rime, tone) and is_syllable(compose(*spelling))
    ]
    return chooser.choice(found) if found else word
