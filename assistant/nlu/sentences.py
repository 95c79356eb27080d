"""Cuts a message into sentences and lists what tells which of them asks for what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from assistant.settings import PROJECT_ROOT
from vietnamese.fold import fold_syllable, syllables

WORDS = PROJECT_ROOT / "training_data" / "asking" / "words.yml"

MAX_SENTENCES: Final = 8
"""So many sentences are looked at, from the last; a letter asks at its end."""

MAX_SYLLABLES: Final = 90
"""Of a longer sentence the first third and the last two thirds of so many syllables count."""

HEAD: Final = 4
TAIL: Final = 6
NEAR: Final = 2

_END = re.compile(r"([?;\n!]+|(?<!\d)\.(?!\d))")
_LEAD = re.compile(
    r"^.*\b(?:cho (?:tôi|em|mình|cháu|bác|chúng tôi|tui|con|ad)? ?(?:xin )?(?:được )?"
    r"(?:hỏi|biết)(?: rõ)?|xin (?:được )?hỏi|muốn (?:hỏi|biết)|giải đáp|thắc mắc là|không biết"
    r"|băn khoăn là)\b[\s,:]*(?=\S)"
)
"""Everything up to the words that introduce a question."""

_CLOSING = frozenset(
    [
        *("ạ", "vậy", "thế", "hả", "ad", "nhỉ", "ta", "hở", "cháu", "cán", "bộ", "hè", "rứa", "dạ"),
        *("em", "bạn", "nha", "nhé", "với", "á", "v", "z", "dị", "hen", "nghen", "hông", "ơi"),
        *("luôn", "đây", "zậy"),
    ]
)
"""Words after the question proper."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a message.

    Attributes:
        text: Its words, without the mark that ends it.
        asks: Whether a question mark ends it.
        last: Whether it is the last one of those that are not mere thanks.
        alone: Whether the message has no other sentence.
        rival: Whether another sentence of the message ends in a question mark.
    """

    text: str
    asks: bool
    last: bool
    alone: bool
    rival: bool


def sentences(text: str) -> list[Sentence]:
    """Cuts a message into sentences.

    Args:
        text: Restored text.

    Returns:
        At most :data:`MAX_SENTENCES`, the last ones, in the order of the text.
    """
    pieces = _END.split(text)
    found = [
        (body.strip(), mark)
        for body, mark in zip(pieces[::2], [*pieces[1::2], ""], strict=True)
        if body.strip()
    ][-MAX_SENTENCES:]
    for place in range(len(found) - 2, -1, -1):
        if found[place][1] == ";":  # what a semicolon joins is one question
            found[place] = (found[place][0], found[place + 1][1])
    asking = sum("?" in mark for _, mark in found)
    return [
        Sentence(
            text=body,
            asks="?" in mark,
            last=place == len(found) - 1,
            alone=len(found) == 1,
            rival=asking > ("?" in mark),
        )
        for place, (body, mark) in enumerate(found)
    ]


def features(sentence: Sentence) -> list[str]:
    """Lists the features of one sentence.

    Word sequences count wherever they stand, with diacritics and without; those near the beginning
    and the end of the question proper count once more as such, since there is where Vietnamese
    puts what is asked ("hồ sơ … gồm những gì").

    Returns:
        Feature names without repetitions.
    """
    marked = _shortened(syllables(sentence.text))
    folded = [fold_syllable(s) for s in marked]
    names: dict[str, None] = {}
    for size in (1, 2, 3):
        names.update(dict.fromkeys(_joined("m", marked, size)))
        names.update(dict.fromkeys(_joined("f", folded, size)))
    body = [fold_syllable(s) for s in syllables(_LEAD.sub("", sentence.text))]
    while len(body) > 1 and body[-1] in _CLOSING_FOLDED:
        body.pop()
    head, tail = body[:HEAD], body[-TAIL:]
    for size in (1, 2, 3):
        names.update(dict.fromkeys(_joined("h", head, size)))
        names.update(dict.fromkeys(_joined("t", tail, size)))
    opening, closing = " ".join(body[:NEAR]), " ".join(body[-NEAR:])
    names[f"x:{opening}|{closing}"] = None
    names[f"e:{' '.join(body[-3:])}"] = None
    if len(body) <= 8:
        names[f"short:{len(body)}"] = None
        names.update(dict.fromkeys(_joined("s", body, 1)))
        names.update(dict.fromkeys(_joined("s", body, 2)))
    plain = skeleton(marked)
    for size in (1, 2, 3):
        names.update(dict.fromkeys(_joined("k", plain, size)))
    names[f"y:{' '.join(plain[:2])}|{' '.join(plain[-2:])}"] = None
    names["asks" if sentence.asks else "states"] = None
    if sentence.last:
        names["last"] = None
    if sentence.alone:
        names["alone"] = None
    if sentence.rival and not sentence.asks:
        names["another asks"] = None
    return list(names)


def skeleton(parts: Sequence[str], path: Path = WORDS) -> list[str]:
    """Writes a sentence with one word for all that say the same, and without small words.

    Args:
        parts: Syllables, lower-case, with diacritics.
        path: The rows of words that say the same.
    """
    same, dropped, longest = _words(path)
    found: list[str] = []
    at = 0
    while at < len(parts):
        for length in range(min(longest, len(parts) - at), 0, -1):
            word = same.get(" ".join(parts[at : at + length]))
            if word is not None:
                found.append(word)
                at += length
                break
        else:
            if parts[at] not in dropped:
                found.append(fold_syllable(parts[at]))
            at += 1
    return found


@lru_cache(maxsize=2)
def _words(path: Path) -> tuple[dict[str, str], frozenset[str], int]:
    data = yaml.safe_load(path.read_text("utf-8"))
    same = {word: row[0].upper() for row in data["same"] for word in row}
    return same, frozenset(data["dropped"]), max(len(word.split()) for word in same)


_CLOSING_FOLDED: Final = frozenset(map(fold_syllable, _CLOSING))


def _shortened(parts: list[str]) -> list[str]:
    if len(parts) <= MAX_SYLLABLES:
        return parts
    return parts[: MAX_SYLLABLES // 3] + parts[-(MAX_SYLLABLES * 2 // 3) :]


def _joined(prefix: str, parts: Sequence[str], size: int) -> Iterator[str]:
    for start in range(len(parts) - size + 1):
        yield f"{prefix}{size}:{' '.join(parts[start : start + size])}"
