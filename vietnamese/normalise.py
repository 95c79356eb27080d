"""Brings what was typed into plain Vietnamese, before any diacritics are restored."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from vietnamese.fold import fold_syllable
from vietnamese.keyboard import from_telex, from_vni
from vietnamese.lexicon import Lexicon
from vietnamese.syllable import is_syllable, parse, place_tone
from vietnamese.text import CODE, WORD, Token, squeeze

_NUMBER_UNIT = re.compile(r"(\d+)([^\W\d_]+)")
_UNIT_NUMBER = re.compile(r"([^\W\d_]{2,})(\d{1,2})")
_UNITS: Final = {
    "tr": "triệu", "k": "nghìn", "ng": "nghìn", "đ": "đồng", "d": "đồng", "h": "giờ",
    "tỷ": "tỷ", "ty": "tỷ", "p": "phút", "t": "tuổi", "kg": "kg", "m": "m", "cm": "cm", "km": "km",
}  # fmt: skip
_PLACES: Final = frozenset(
    ("quan", "phuong", "lop", "to", "thon", "ap", "khu", "doi", "so", "muc", "dieu", "mau", "nhom",
     "quận", "phường", "lớp", "tổ", "thôn", "ấp", "mức", "điều", "mẫu", "nhóm", "số", "đội")
)  # fmt: skip
_STRONG_VNI = re.compile(r"[a-zđ]*[6789]|[a-zđ]+\d[a-zđ]+|[a-zđ]+\d{2}")
_LEGAL_KIND = re.compile(r"(?<=/)(?:nd|qd|hd)(?=-|nd-)")
_DOUBLE = re.compile(r"([^\W\d_])\1")


def _legal_kind(match: re.Match[str]) -> str:
    return match.group().replace("d", "đ")


class Change(NamedTuple):
    """One change of wording.

    Attributes:
        before: What stood there.
        after: What it was read as.
        why: The kind of change, a short English key such as ``abbreviation``.
    """

    before: str
    after: str
    why: str


class Normaliser:
    """Undoes what typing and chat do to words.

    Args:
        shorthand: Lexicons by the name of their kind, in order of precedence.
        foreign: Words that stay as they are.
        knows: Tells whether a word of the vocabulary is written with given plain letters.
        has: Tells whether the vocabulary has exactly this word.
    """

    def __init__(
        self,
        shorthand: dict[str, Lexicon],
        foreign: frozenset[str],
        knows: Callable[[str], bool],
        has: Callable[[str], bool],
    ) -> None:
        self._shorthand = shorthand
        self._foreign = foreign
        self._knows = knows
        self._has = has

    def normalise(self, tokens: list[Token]) -> tuple[list[Token], list[Change]]:
        """Normalises a message.

        Args:
            tokens: As ``tokenise`` gives them; they are changed in place.

        Returns:
            The tokens (more or fewer than before) and what was changed.
        """
        changes: list[Change] = []
        vni = self._types_vni(tokens)
        tokens = [part for token in tokens for part in self._part_numbers(token, vni, changes)]
        for token in tokens:
            if token.kind == CODE:
                self._change(token, _LEGAL_KIND.sub(_legal_kind, token.text), "diacritics", changes)
            elif token.kind == WORD:
                if not self._is_short_form(token.text):
                    self._change(token, squeeze(token.text), "repeated letters", changes)
                if token.text in self._foreign and not self._knows(token.text):
                    token.fixed = True
        for why, lexicon in self._shorthand.items():
            tokens = replace(tokens, lexicon, why, changes)
        for token in tokens:
            if token.kind == WORD and not token.fixed:
                self._repair(token, vni, changes)
        return tokens, changes

    def _is_short_form(self, text: str) -> bool:
        return any((text,) in lexicon for lexicon in self._shorthand.values())

    def _change(self, token: Token, text: str, why: str, changes: list[Change]) -> None:
        if text != token.text:
            changes.append(Change(token.text, text, why))
            token.text = text

    def _part_numbers(self, token: Token, vni: bool, changes: list[Change]) -> list[Token]:
        """Parts ``18tuổi``, ``3tr`` and ``quận1``; form and licence names stay whole."""
        if token.kind != WORD or token.text.isalpha():
            return [token]
        match = _NUMBER_UNIT.fullmatch(token.text)
        if match is not None:
            number, unit = match.groups()
            word = _UNITS.get(unit)
            if word is None and len(unit) > 1 and self._knows(fold_syllable(unit)):
                word = unit
            if word is not None:
                changes.append(Change(token.text, f"{number} {word}", "number"))
                return [
                    Token(number, number, CODE, first=token.first),
                    Token(unit, word, WORD, fixed=unit in _UNITS),
                ]
        match = _UNIT_NUMBER.fullmatch(token.text)
        if match is not None and not vni and match.group(1) in _PLACES:
            word, number = match.groups()
            changes.append(Change(token.text, f"{word} {number}", "number"))
            return [
                Token(word, word, WORD, token.capital, token.first),
                Token(number, number, CODE),
            ]
        return [token]

    def _types_vni(self, tokens: list[Token]) -> bool:
        """Tells whether the message shows VNI keystrokes beyond doubt."""
        readable = [
            token.text
            for token in tokens
            if token.kind == WORD and not token.text.isalpha() and self._vni(token.text)
        ]
        strong = [text for text in readable if _STRONG_VNI.match(text)]
        weak = [text for text in readable if text.rstrip("12345") not in _PLACES]
        return bool(strong) or len(weak) > 1

    def _vni(self, text: str) -> str | None:
        word = from_vni(text)
        return word if word is not None and self._has(word) else None

    def _repair(self, token: Token, vni: bool, changes: list[Change]) -> None:
        text = token.text
        if not text.isalpha():
            word = self._vni(text) if vni or len(text) > 2 else None
            if word is not None and (vni or text[-1].isdigit()):
                self._change(token, word, "VNI", changes)
            else:
                token.fixed = True
            return
        placed = place_tone(text)
        if placed != text:
            self._change(token, placed, "tone mark", changes)
            return
        if self._knows(fold_syllable(text)) and (text.isascii() or parse(text) is not None):
            return
        word = from_telex(text)
        if word is not None and self._has(word):
            self._change(token, word, "Telex", changes)
            return
        single = _DOUBLE.sub(r"\1", text)
        if single != text and (is_syllable(single) or self._knows(fold_syllable(single))):
            self._change(token, place_tone(single), "repeated letters", changes)


def replace(tokens: list[Token], lexicon: Lexicon, why: str, changes: list[Change]) -> list[Token]:
    """Replaces the short forms of a lexicon; the new words are decided.

    A single capital letter inside a sentence (a licence class, a name) is left alone.
    """
    texts = [token.text for token in tokens]
    matches = lexicon.matches(texts)
    if not matches:
        return tokens
    capitals = sum(token.capital for token in tokens)
    shouting = 2 * capitals > len(tokens)
    out: list[Token] = []
    at = 0
    for match in matches:
        out.extend(tokens[at : match.start])
        at = match.stop
        part = tokens[match.start : match.stop]
        lone = len(part) == 1 and len(part[0].text) == 1
        listed = lone and match.stop < len(tokens) and tokens[match.stop].text in ").-"
        named = lone and part[0].capital and not part[0].first and not shouting
        if part[0].kind != WORD or listed or named:
            out.extend(part)
            continue
        before = " ".join(token.text for token in part)
        after = " ".join(match.reading)
        if before == after:
            for token in part:
                token.fixed = True
            out.extend(part)
            continue
        changes.append(Change(before, after, why))
        first = part[0].first
        for word in match.reading:
            out.append(Token(part[0].typed, word, WORD, first=first, fixed=True))
            first = False
    out.extend(tokens[at:])
    return out
