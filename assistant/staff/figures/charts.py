"""Charts as SVG, made on the server.

Each has a title and a description for those who do not see it, is drawn in the colour of the text
with patterns instead of colours, so that it can be read in grey, and is 340 units wide with text of
12 units, so that it can be read on a small phone. The table with the numbers stands beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

WIDTH: Final = 340
_BAR: Final = 12
_ROW: Final = 38
_LONGEST: Final = 44
_LEFT, _RIGHT, _TOP, _BOTTOM, _HEIGHT = 34, 8, 12, 22, 150
_MARKS: Final = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its length, and the number as it is written."""

    name: str
    value: float
    written: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a chart over days; a day without a value is None."""

    name: str
    values: Sequence[float | None]


def bars(name: str, title: str, description: str, rows: Sequence[Bar]) -> Markup:
    """Draws horizontal bars, the names above them.

    Args:
        name: Names the chart within its page: letters and dashes.
        title: What is shown.
        description: What is to be seen, in one sentence.
        rows: From top to bottom.
    """
    longest = max((row.value for row in rows), default=0) or 1
    parts = []
    for number, row in enumerate(rows):
        top = number * _ROW
        length = max(1.0 if row.value else 0.0, row.value / longest * WIDTH)
        parts.append(
            f'<text x="0" y="{top + 14}">{escape(_short(row.name))}</text>'
            f'<text x="{WIDTH}" y="{top + 14}" text-anchor="end" class="value">'
            f"{escape(row.written)}</text>"
            f'<rect x="0" y="{top + 19}" width="{WIDTH}" height="{_BAR}" class="track"/>'
            f'<rect x="0" y="{top + 19}" width="{length:.1f}" height="{_BAR}" class="bar"/>'
        )
    return _svg(name, title, description, max(1, len(rows)) * _ROW, parts)


def lines(
    name: str, title: str, description: str, labels: Sequence[str], series: Sequence[Line]
) -> Markup:
    """Draws up to three lines over the same days: whole, dashed and dotted, named in a legend.

    Args:
        name: Names the chart within its page: letters and dashes.
        title: What is shown.
        description: What is to be seen, in one sentence.
        labels: One for each day; the first, the last and some between are written.
        series: Lines with one value a day.
    """
    top = _nice(max((v for line in series for v in line.values if v is not None), default=0))
    wide, high = WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def across(index: int) -> float:
        return _LEFT + (wide * index / (len(labels) - 1) if len(labels) > 1 else wide / 2)

    def up(value: float) -> float:
        return _TOP + high * (1 - value / top)

    parts = []
    for step in range(3):
        value = top * step / 2
        parts.append(
            f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{up(value):.1f}" y2="{up(value):.1f}" '
            f'class="grid"/><text x="{_LEFT - 5}" y="{up(value) + 4:.1f}" text-anchor="end">'
            f"{_plain(value)}</text>"
        )
    for index in _spread(len(labels)):
        anchor = "start" if index == 0 else "end" if index == len(labels) - 1 else "middle"
        if len(labels) == 1:
            anchor = "middle"
        parts.append(
            f'<text x="{across(index):.1f}" y="{_HEIGHT - 5}" text-anchor="{anchor}">'
            f"{escape(labels[index])}</text>"
        )
    for number, line in enumerate(series[:3]):
        for stretch in _stretches(line.values):
            points = " ".join(f"{across(i):.1f},{up(v):.1f}" for i, v in stretch)
            parts.append(f'<polyline points="{points}" class="line line-{number + 1}"/>')
            if len(stretch) == 1 or len(labels) <= 31:
                parts += [
                    f'<circle cx="{across(i):.1f}" cy="{up(v):.1f}" r="2.2" class="dot"/>'
                    for i, v in stretch
                ]
        y = _HEIGHT + 10 + 17 * number
        parts.append(
            f'<line x1="{_LEFT}" x2="{_LEFT + 34}" y1="{y}" y2="{y}" '
            f'class="line line-{number + 1}"/>'
            f'<text x="{_LEFT + 42}" y="{y + 4}">{escape(line.name)}</text>'
        )
    return _svg(name, title, description, _HEIGHT + 17 * len(series[:3]) + 4, parts)


def _svg(name: str, title: str, description: str, height: float, parts: Sequence[str]) -> Markup:
    return Markup(  # noqa: S704 - every text in it is escaped
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height:g}" role="img" '
        f'aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(description)}</desc>{"".join(parts)}</svg>'
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


def _nice(value: float) -> float:
    """The next of 2, 4, 10, 20, 40, 100 … so that the half can be written too."""
    if value <= 2:
        return 2
    power = float(10 ** math.floor(math.log10(value)))
    return next(power * step for step in (1, 2, 4, 10) if value <= power * step)


def _plain(value: float) -> str:
    return f"{value:,.0f}".replace(",", ".")


def _spread(count: int) -> list[int]:
    """Up to five places, the first and the last among them."""
    if count <= _MARKS:
        return list(range(count))
    return sorted({round(i * (count - 1) / (_MARKS - 1)) for i in range(_MARKS)})


def _stretches(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """Values that follow each other without a gap."""
    found: list[list[tuple[int, float]]] = []
    open_ = False
    for index, value in enumerate(values):
        if value is None:
            open_ = False
        elif open_:
            found[-1].append((index, value))
        else:
            found.append([(index, value)])
            open_ = True
    return found
