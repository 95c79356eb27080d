"""Cutting a text into messages: at paragraphs, lines and sentences, never inside a grapheme."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from math import ceil

import regex

from connectors.styled import Styled

Measure = Callable[[Styled], int]
"""How long a text is in the unit in which a channel counts."""

_GRAPHEMES = regex.compile(r"\X")
_BREAKS = (
    regex.compile(r"\n[^\S\n]*\n\s*"),
    regex.compile(r"\n\s*"),
    regex.compile(r"(?<=[^\d\s][.!?…;][\"”')\]]?)\s+"),
)
_WORDS = regex.compile(r"\s+")
_LEAST = 0.3
"""A part is filled to at least this share before a sentence is cut at a word."""


def utf16_length(text: str) -> int:
    """Counts the UTF-16 units of a text: what most chat platforms count."""
    return len(text.encode("utf-16-le")) // 2


def plain_length(text: Styled) -> int:
    """The length of the words alone, in UTF-16 units."""
    return utf16_length(text.text)


def html_length(text: Styled) -> int:
    """The length of the markup in UTF-16 units; never less than that of the words."""
    return utf16_length(text.html())


def split(text: Styled, limit: int, measure: Measure = plain_length) -> list[Styled]:
    """Cuts a text into parts that fit.

    As few parts as possible; among the cuts that keep them few, a paragraph's end is better than
    a line's, and a line's better than a sentence's. A sentence is cut between words, and a word
    between graphemes, only where it does not fit otherwise.

    Args:
        text: The text, with its styles.
        limit: The most that a part may measure, at least 1.
        measure: How a part is measured.

    Returns:
        Parts in order, each neither empty nor longer than the limit; space around cuts is gone.
    """
    parts: list[Styled] = []
    rest = _trim(text)
    while rest.text:
        if measure(rest) <= limit:
            parts.append(rest)
            break
        end = _cut_at(rest, limit, measure)
        part = _trim(rest.cut(0, end))
        if part.text:
            parts.append(part)
        rest = _trim(rest.cut(end, len(rest.text)))
    return parts


def _trim(text: Styled) -> Styled:
    """Takes away the white space at both ends; a space that carries a mark stays."""
    start, end = 0, len(text.text)
    for grapheme in _GRAPHEMES.findall(text.text):
        if grapheme.strip():
            break
        start += len(grapheme)
    else:
        return Styled("")
    for grapheme in reversed(_GRAPHEMES.findall(text.text, start)):
        if grapheme.strip():
            break
        end -= len(grapheme)
    return text.cut(start, end)


def _cut_at(text: Styled, limit: int, measure: Measure) -> int:
    """Where the first part ends, as an offset in code points."""
    ends = list(accumulate(len(g) for g in _GRAPHEMES.findall(text.text)))
    low, high = 0, len(ends) - 1
    while low < high:  # the last grapheme that still fits
        middle = (low + high + 1) // 2
        if measure(text.cut(0, ends[middle])) <= limit:
            low = middle
        else:
            high = middle - 1
    furthest = ends[low]
    total = measure(text)
    spare = ceil(total / limit) * limit - total
    fewest = int(furthest * max(_LEAST, 1 - spare / limit))
    allowed = set(ends)
    for earliest in (fewest, int(furthest * _LEAST)):
        for pattern in _BREAKS:
            found = _last(pattern, text.text, earliest, furthest, allowed)
            if found is not None:
                return found
    return _last(_WORDS, text.text, 1, furthest, allowed) or furthest


def _last(
    pattern: regex.Pattern[str], text: str, earliest: int, furthest: int, allowed: set[int]
) -> int | None:
    """The last match that begins between two offsets and between two graphemes."""
    found = None
    for match in pattern.finditer(text, max(earliest, 1)):
        if match.start() > furthest:
            break
        if match.start() in allowed:
            found = match.start()
    return found
