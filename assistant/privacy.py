"""Masks personal numbers before anything is stored or logged."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class PersonalData(StrEnum):
    """What was masked."""

    EMAIL = "email"
    PHONE = "phone"
    IDENTITY_NUMBER = "identity_number"
    BANK_NUMBER = "bank_number"
    NAME = "name"


MASKS: Final = {
    PersonalData.EMAIL: "[email]",
    PersonalData.PHONE: "[số điện thoại]",
    PersonalData.IDENTITY_NUMBER: "[số định danh]",
    PersonalData.BANK_NUMBER: "[số tài khoản]",
    PersonalData.NAME: "[họ tên]",
}


@dataclass(frozen=True, slots=True)
class Masked:
    """A text without personal numbers, and the kinds that were taken out."""

    text: str
    found: tuple[PersonalData, ...]


_EMAIL = re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")
_NUMBER = re.compile(r"(?<![\w./])(?:\+|\()?\d(?:[\s.\-()]{0,2}\d){7,18}(?!\w|/\d|/[A-ZĐ])")
_CODE = re.compile(r"^\d\.\d{6}(?:\.\d+)*$")
_AMOUNT = re.compile(r"^\d{1,3}(?:[.\s]000){1,4}$|^\d{1,3}(?:\.\d{3}){2,4}$")
_MONEY_AFTER = re.compile(r"^\s*(?:đồng|dong|đ\b|vnđ|vnd|triệu|nghìn|ngàn|usd)", re.IGNORECASE)
_DATES = re.compile(r"^\d{1,2}[\s.\-]\d{1,2}[\s.\-]\d{4}$|^\d{4}\s?-\s?\d{4}$")
_BANK_BEFORE = re.compile(
    r"(?:stk|tài khoản|tai khoan|số thẻ|so the|ngân hàng|ngan hang)\W*(?:\w+\W+){0,3}$",
    re.IGNORECASE,
)
_CAPITALISED = r"[A-ZĐÀ-ỸÂÊÔĂƠƯ][a-zđà-ỹâêôăơư]*"
_TITLED_NAME = re.compile(
    r"(?P<title>(?i:(?:tôi|mình|em|cháu|con) tên(?: là)?|tên tôi là|tên là|họ(?: và)? tên(?: là)?"
    r"|ông|bà|anh|chị|cô|chú|bác|cụ|đồng chí|cán bộ))"
    rf"(?P<gap>\s*:?\s+)(?P<name>{_CAPITALISED}(?:\s+{_CAPITALISED}){{1,4}})"
)


def mask(text: str) -> Masked:
    """Replaces personal numbers, e-mail addresses and names after a title.

    Procedure codes such as ``1.001193``, legal numbers, dates and amounts of money stay.

    Args:
        text: Anything a citizen typed.

    Returns:
        The masked text; masking it again changes nothing.
    """
    found: list[PersonalData] = []

    def note(kind: PersonalData) -> str:
        found.append(kind)
        return MASKS[kind]

    text = _EMAIL.sub(lambda _: note(PersonalData.EMAIL), text)
    text = _NUMBER.sub(lambda match: _number(match, text, note), text)
    text = _TITLED_NAME.sub(
        lambda m: f"{m.group('title')}{m.group('gap')}{note(PersonalData.NAME)}", text
    )
    return Masked(text, tuple(dict.fromkeys(found)))


def _number(match: re.Match[str], text: str, note: Callable[[PersonalData], str]) -> str:
    """Decides what a run of digits is by its length, its beginning and its surroundings."""
    run = match.group()
    digits = re.sub(r"\D", "", run)
    if _CODE.match(run) or _DATES.match(run):
        return run
    if _AMOUNT.match(run) or _MONEY_AFTER.match(text[match.end() : match.end() + 10]):
        return run
    if _BANK_BEFORE.search(text[max(0, match.start() - 40) : match.start()]):
        return note(PersonalData.BANK_NUMBER)
    if digits.startswith("84") and len(digits) == 11:
        return note(PersonalData.PHONE)
    if digits.startswith("0") and len(digits) in {10, 11}:
        return note(PersonalData.PHONE)
    if len(digits) <= 10 or len(digits) == 12:
        return note(PersonalData.IDENTITY_NUMBER)
    return note(PersonalData.BANK_NUMBER)
