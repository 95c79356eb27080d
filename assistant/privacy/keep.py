"""What looks like a personal number and is none: codes, laws, dates, amounts, hotlines."""

from __future__ import annotations

import re
from typing import Final

_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH: Final = r"(?:0?[1-9]|1[0-2])"
_YEAR: Final = r"(?:19|20)\d{2}"
_ALONE_BEFORE: Final = r"(?<!\d)(?<!\d[\s.\-])"
_ALONE_AFTER: Final = r"(?![\s.\-]?\d)"
_LAW: Final = (
    r"(?:n[đd]|q[đd]|ttlt|tt|qh\d*|nq|ct|cv|tb|kh|pl|l|sl|h[đd]|bc|vbhn|ttr|lct|ubtvqh\d*|ubnd"
    r"|b[a-zđ]{1,4}|ttg|cp)"
)

KEPT: Final = re.compile(
    "|".join(
        (
            # a procedure's code, with or without the tail of the office
            r"(?<![\d.])[1-9]\.\d{6}(?!\d)(?:\.\d{3}(?:\.\d{2}){1,2}(?:\.[a-z]\d{2})?)?",
            # the code of a file that was handed in
            r"(?<!\w)(?:\d{3}\.\d{2}\.\d{2}\.)?[a-z]\d{2}(?:\.\d{1,3})*-\d{6}-\d{3,6}(?!\d)",
            # laws and decisions
            rf"(?<!\d)\d{{1,5}}\s?/\s?(?:{_YEAR}\s?/\s?)?{_LAW}(?![^\W\d_])",
            # dates; those written with spaces must stand alone
            rf"(?<!\d){_DAY}\s?[/.\-]\s?{_MONTH}\s?[/.\-]\s?{_YEAR}(?!\d)",
            rf"{_ALONE_BEFORE}{_DAY}\s{_MONTH}\s{_YEAR}{_ALONE_AFTER}",
            rf"{_ALONE_BEFORE}{_YEAR}[/.\-]{_MONTH}[/.\-]{_DAY}(?!\d)",
            rf"(?<!\d)\d{{1,4}}/{_YEAR}(?!\d)",
            # years in a row
            rf"{_ALONE_BEFORE}{_YEAR}(?:\s?[-–/,]?\s?{_YEAR})+{_ALONE_AFTER}",
            # amounts: with a unit that nothing else can be, or in round thousands
            r"(?<![\d.,])[1-9]\d*(?:[.,\s]\d{3})*(?:\s?(?:đồng|vnđ|vnd|usd|triệu|nghìn|ngàn|tỷ)"
            r"|đ)(?![\w/])",
            r"(?<![\d.,])[1-9]\d{0,2}(?:(?:\.\d{3}){0,4}\.000|(?:,\d{3}){0,4},000"
            r"|(?:\s\d{3}){0,3}\s000)(?![.,]?\d)",
            r"(?<![\d.,])[1-9]\d{0,2}(?:\.\d{3}){1,4}\s?(?:d|đ|dong|trieu|m2|m²)(?![\w/])",
            # hotlines
            r"(?<!\d)(?<!\d[\s.\-])1[89]00(?:[\s.\-]?\d){4}(?:(?:[\s.\-]?\d){2})?(?![\s.\-]?\d)",
        )
    ),
    re.IGNORECASE,
)
"""Spans of a text that are never masked, whatever stands around them."""

_COMPACT_DATE: Final = re.compile(
    r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d{2}"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
)


def is_date(digits: str) -> bool:
    """Whether eight digits are a date without anything between."""
    return _COMPACT_DATE.fullmatch(digits) is not None


def is_year(digits: str) -> bool:
    """Whether four digits are a year."""
    return len(digits) == 4 and digits[:2] in {"19", "20"}


def is_round(digits: str) -> bool:
    """Whether a number is most likely an amount: it ends in zeros and begins with another digit."""
    zeros = len(digits) - len(digits.rstrip("0"))
    return digits[0] != "0" and zeros >= (3 if len(digits) < 12 else 6)
