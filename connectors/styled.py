"""Text with styles laid over it, cut before it is turned into markup.

Styles are ranges beside the text, so a cut never falls inside a tag: every part gets the styles
that fall into it, opened and closed anew.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    """What a range looks like; the values are the HTML tags that Telegram knows."""

    BOLD = "b"
    ITALIC = "i"
    LINK = "a"


@dataclass(frozen=True, slots=True)
class Mark:
    """A styled range: code points ``start`` to ``end`` (exclusive) of the text."""

    start: int
    end: int
    style: Style
    url: str = ""


@dataclass(frozen=True, slots=True)
class Styled:
    """A text and the styles laid over it; ranges are nested or apart, never crossed."""

    text: str
    marks: tuple[Mark, ...] = ()

    def __add__(self, other: Styled) -> Styled:
        """Puts another text behind this one."""
        shift = len(self.text)
        moved = (Mark(m.start + shift, m.end + shift, m.style, m.url) for m in other.marks)
        return Styled(self.text + other.text, (*self.marks, *moved))

    def cut(self, start: int, end: int) -> Styled:
        """The code points ``start`` to ``end`` (exclusive), with the styles that fall there."""
        kept = (
            Mark(max(m.start, start) - start, min(m.end, end) - start, m.style, m.url)
            for m in self.marks
            if m.start < end and m.end > start
        )
        return Styled(self.text[start:end], tuple(m for m in kept if m.end > m.start))

    def spelled_out(self) -> str:
        """The words, with the address of each link behind its words."""
        out, done = "", 0
        for mark in sorted(self.marks, key=lambda m: m.end):
            if mark.style is Style.LINK and self.text[mark.start : mark.end] != mark.url:
                out += f"{self.text[done : mark.end]}: {mark.url}"
                done = mark.end
        return out + self.text[done:]

    def html(self) -> str:
        """Renders the text as the HTML subset of Telegram.

        Returns:
            Escaped text with balanced tags.
        """
        opening: dict[int, list[Mark]] = {}
        for mark in self.marks:
            opening.setdefault(mark.start, []).append(mark)
        edges = {edge for mark in self.marks for edge in (mark.start, mark.end)}
        cuts = sorted({0, len(self.text), *edges})
        out: list[str] = []
        stack: list[Mark] = []
        for here, there in zip(cuts, [*cuts[1:], len(self.text)], strict=True):
            while stack and stack[-1].end <= here:
                out.append(f"</{stack.pop().style}>")
            for mark in sorted(opening.get(here, ()), key=lambda m: -m.end):
                out.append(_open(mark))
                stack.append(mark)
            out.append(html.escape(self.text[here:there], quote=False))
        while stack:
            out.append(f"</{stack.pop().style}>")
        return "".join(out)


def plain(text: str) -> Styled:
    """A text without styles."""
    return Styled(text)


def bold(text: str) -> Styled:
    """A text in bold."""
    return Styled(text, (Mark(0, len(text), Style.BOLD),)) if text else Styled("")


def italic(text: str) -> Styled:
    """A text in italics."""
    return Styled(text, (Mark(0, len(text), Style.ITALIC),)) if text else Styled("")


def link(text: str, url: str) -> Styled:
    """A text that leads to a web address."""
    return Styled(text, (Mark(0, len(text), Style.LINK, url),)) if text else Styled("")


def join(parts: Iterable[Styled], separator: str) -> Styled:
    """Puts texts behind each other with a separator between them."""
    whole = Styled("")
    for number, part in enumerate(parts):
        whole = whole + (plain(separator) + part if number else part)
    return whole


def _open(mark: Mark) -> str:
    if mark.style is Style.LINK:
        return f'<a href="{html.escape(mark.url, quote=True)}">'
    return f"<{mark.style}>"
