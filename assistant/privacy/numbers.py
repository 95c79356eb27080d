"""Finds identity, telephone, account and card numbers, however they are grouped.

A run of digits is cut into its groups; dates, codes and amounts in it are set aside; and what is
left is parted so that the likeliest personal numbers come out: ``0912 345 678 0987 654 321`` are
two telephone numbers, not one account.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias
from unicodedata import digit

from assistant.privacy.cues import Cue, cue_before
from assistant.privacy.keep import KEPT, is_date, is_round, is_year
from assistant.privacy.kinds import Note, PersonalData

_RUN: Final = re.compile(r"\d(?:(?:[\s.\-–_()/*·•]{0,3}|,)\d){5,}")
_GROUP: Final = re.compile(r"\d+")
_PLUS: Final = re.compile(r"\(?\s?\+\s?\(?$")
_LETTER_ZERO: Final = re.compile(r"(?<!\w)[oO][\s.\-]?$")
_PASSPORT: Final = re.compile(
    r"(?<!\w)(?:[A-Z]\d{7,8}|(?P<lower>[A-Za-z]\s?\d{7,8}))(?![\w/]|\.\d)"
)
_HEALTH_CARD: Final = re.compile(r"(?<!\w)[A-Z]{2}[\s.\-]?[1-5](?:[\s.\-]?\d){12}(?!\d)")
_DIGIT_WORD: Final = (
    r"(?:không|khong|hong|một|mốt|mot|hai|ba|bốn|bon|tư|tu|năm|nam|lăm|lam|nhăm|sáu|sau|bảy|bẩy|bay"
    r"|tám|tam|chín|chin)"
)
_SPOKEN: Final = re.compile(
    rf"(?<!\w){_DIGIT_WORD}(?:[\s,.\-]{{1,3}}{_DIGIT_WORD}){{7,}}(?!\w)", re.I
)

_MOBILE: Final = re.compile(r"(?:0084|084|84|0|840)(?:[35789]\d{8}|2\d{9})")
_OLD_MOBILE: Final = re.compile(r"(?:84|0)1[2689]\d{8}")
_CITIZEN: Final = re.compile(r"0(?:0[1-9]|[1-8]\d|9[0-6])\d{9}")
_LONGEST: Final = 19
_MOST_GROUPS: Final = 120
"""More groups in a row than this are a list of numbers, each of which is looked at alone."""
_SAID: Final[Mapping[Cue, PersonalData]] = {
    Cue.IDENTITY: PersonalData.IDENTITY_NUMBER,
    Cue.BANK: PersonalData.BANK_NUMBER,
    Cue.ACCOUNT: PersonalData.BANK_NUMBER,
}
_Judged: TypeAlias = tuple[PersonalData, float] | None
_SURE, _LIKELY, _HINTED, _POSSIBLE = 3.0, 2.0, 1.2, 1.0
"""Weight of each digit of a number, by how sure it is."""
_UNEVEN: Final = 0.6
"""What the weight falls to where the groups are not parted in the same way."""
_EACH: Final = 0.5
"""What every number costs, so that one number is preferred to two."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Digits without anything between: where they stand, and themselves in ASCII."""

    start: int
    end: int
    digits: str


def mask_numbers(text: str, note: Note) -> str:
    """Replaces every personal number."""
    text = _SPOKEN.sub(lambda m: note(_spoken(text, m)), text)
    if sum(map(str.isdigit, text)) < 6:
        return text
    text = _HEALTH_CARD.sub(lambda _: note(PersonalData.IDENTITY_NUMBER), text)
    text = _PASSPORT.sub(lambda m: _passport(text, m, note), text)
    kept: list[tuple[int, int]] | None = None
    parts: list[str] = []
    done = 0
    for run in _RUN.finditer(text):
        if kept is None:
            kept = [match.span() for match in KEPT.finditer(text)]
        cue = cue_before(text, run.start(), done)
        for start, end, kind in _personal(text, run.span(), kept, cue):
            parts += [text[done:start], note(kind)]
            done = end
    return "".join(parts) + text[done:] if parts else text


def _spoken(text: str, match: re.Match[str]) -> PersonalData:
    return _SAID.get(cue_before(text, match.start()), PersonalData.PHONE)


def _passport(text: str, match: re.Match[str], note: Note) -> str:
    if match["lower"] and cue_before(text, match.start()) is not Cue.IDENTITY:
        return match.group()
    return note(PersonalData.IDENTITY_NUMBER)


def _personal(
    text: str, span: tuple[int, int], kept: Sequence[tuple[int, int]], cue: Cue
) -> list[tuple[int, int, PersonalData]]:
    """The personal numbers in a run of digits, from left to right."""
    groups = [
        _Group(match.start(), match.end(), _ascii(match.group()))
        for match in _GROUP.finditer(text, *span)
    ]
    found: list[tuple[int, int, PersonalData]] = []
    stretch: list[_Group] = []
    for group in groups:
        if any(start <= group.start < end for start, end in kept):
            found += _part(text, stretch, cue)
            stretch = []
        else:
            stretch.append(group)
    return found + _part(text, stretch, cue)


def _part(text: str, groups: Sequence[_Group], cue: Cue) -> list[tuple[int, int, PersonalData]]:
    """Parts groups into personal numbers so that the sum of their weights is greatest."""
    best: list[tuple[float, int, PersonalData | None]] = [(0.0, 0, None)] * (len(groups) + 1)
    together_at_most = _LONGEST if len(groups) <= _MOST_GROUPS else 1
    for first in range(len(groups) - 1, -1, -1):
        best[first] = (best[first + 1][0], first + 1, None)
        zero = _letter_for_zero(text, groups[first].start)
        length = 0
        for last in range(first, min(first + together_at_most, len(groups))):
            length += len(groups[last].digits)
            if length > _LONGEST and last > first:
                break
            together = [group.digits for group in groups[first : last + 1]]
            if zero:
                together[0] = "0" + together[0]
            judged = _judge(together, cue, _even(text, groups[first : last + 1]))
            if judged is not None:
                kind, weight = judged
                total = weight * length - _EACH + best[last + 1][0]
                if total >= best[first][0]:
                    best[first] = (total, last + 1, kind)
    found: list[tuple[int, int, PersonalData]] = []
    at = 0
    while at < len(groups):
        _, following, taken = best[at]
        if taken is not None:
            found.append((*_edges(text, groups[at].start, groups[following - 1].end), taken))
        at = following
    return found


def _even(text: str, groups: Sequence[_Group]) -> bool:
    """Whether the same stands between all groups."""
    gaps = {text[a.end : b.start] for a, b in pairwise(groups)}
    return len(gaps) < 2


def _judge(groups: Sequence[str], cue: Cue, even: bool) -> _Judged:
    """Says what groups of digits are together, and how sure that is; None: nothing personal."""
    digits = "".join(groups)
    several = len(groups) > 1
    if len(digits) < 6 or (several and (_counts_up(groups) or all(map(is_year, groups)))):
        return None
    if _MOBILE.fullmatch(digits):
        return PersonalData.PHONE, _SURE
    if even and _CITIZEN.fullmatch(digits) and max(map(len, groups)) != 10:
        return PersonalData.IDENTITY_NUMBER, _SURE
    if _OLD_MOBILE.fullmatch(digits):
        return PersonalData.PHONE, _LIKELY
    if even and _is_card(groups, digits):
        return PersonalData.BANK_NUMBER, _SURE
    judged = (_hinted(groups, digits, cue) if even else None) or _unhinted(groups, digits, cue)
    return judged if judged is None or even else (judged[0], judged[1] * _UNEVEN)


def _hinted(groups: Sequence[str], digits: str, cue: Cue) -> _Judged:
    """Judges by the word before, also what has an odd length."""
    size = len(digits)
    if len(groups) > 1 and (max(map(len, groups)) > 6 or size < 7):
        return None
    if cue is Cue.ACCOUNT or (cue is Cue.BANK and not is_round(digits)):
        return PersonalData.BANK_NUMBER, _SURE if size >= 9 else _LIKELY
    if cue is Cue.IDENTITY and size in {9, 10, 12, 13}:
        return PersonalData.IDENTITY_NUMBER, _LIKELY
    if is_round(digits) or is_date(digits):
        return None
    if cue is Cue.IDENTITY and 8 <= size <= 15:
        return PersonalData.IDENTITY_NUMBER, _HINTED
    if cue is Cue.PHONE and 7 <= size <= 13:
        return PersonalData.PHONE, _HINTED
    return None


def _unhinted(groups: Sequence[str], digits: str, cue: Cue) -> _Judged:
    """Judges by the digits alone."""
    size, shortest, longest = len(digits), min(map(len, groups)), max(map(len, groups))
    if size < 8 or is_round(digits):
        return None
    if len(groups) > 1 and (longest > 6 or any(map(is_year, groups))):
        return None
    if size == 8:
        whole = longest == 8 and not is_date(digits) and cue is not Cue.OTHER
        return (PersonalData.PHONE, _POSSIBLE) if whole or shortest == 4 else None
    if cue is Cue.OTHER and digits[0] != "0" and longest <= 3 and {*map(len, groups[1:])} == {3}:
        return None  # an amount that is not round
    if size == 16 and {*map(len, groups)} == {4} and digits[0] in "34569":
        return PersonalData.BANK_NUMBER, _LIKELY
    if size in {9, 12} and (shortest >= 2 or longest == 1):
        return PersonalData.IDENTITY_NUMBER, _LIKELY
    if len(groups) == 1 and size in {10, 11}:
        amount = cue is Cue.OTHER and digits[0] != "0"
        return None if amount else (PersonalData.IDENTITY_NUMBER, _POSSIBLE)
    if size >= 13 and shortest >= 2:
        return PersonalData.BANK_NUMBER, _POSSIBLE
    return None


def _is_card(groups: Sequence[str], digits: str) -> bool:
    """Whether digits are grouped like a bank card's and pass its check digit (Luhn)."""
    sizes = [len(group) for group in groups]
    grouped = len(sizes) == 1 or sizes == [4, 6, 5] or set(sizes[:-1]) == {4}
    if not 13 <= len(digits) <= _LONGEST or not grouped or digits[0] == "0":
        return False
    total = 0
    for position, one in enumerate(reversed(digits)):
        value = int(one) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _counts_up(groups: Sequence[str]) -> bool:
    """Whether groups are 1 2 3 … or 333 335 337: a list, not a number."""
    values = [int(group) for group in groups]
    steps = {b - a for a, b in pairwise(values)}
    return len(values) > 2 and steps in ({1}, {2})


def _letter_for_zero(text: str, start: int) -> bool:
    """Whether the letter O was typed for the zero that a telephone number begins with."""
    return _LETTER_ZERO.search(text, max(0, start - 3), start) is not None


def _edges(text: str, start: int, end: int) -> tuple[int, int]:
    """Takes in the plus sign, the letter for zero and the bracket that belong to a number."""
    inside = text[start:end]
    letter = _LETTER_ZERO.search(text, max(0, start - 3), start)
    if letter is not None:
        start = letter.start()
    plus = _PLUS.search(text, max(0, start - 4), start)
    if plus is not None:
        start = plus.start() if ")" in inside else text.index("+", plus.start())
    elif ")" in inside and "(" not in inside and text[start - 1 : start] == "(":
        start -= 1
    if inside.count("(") > inside.count(")") and text[end : end + 1] == ")":
        end += 1
    return start, end


def _ascii(digits: str) -> str:
    return digits if digits.isascii() else "".join(str(digit(character)) for character in digits)
