"""Draws the pictures of the report as SVG; the same figures give the same file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluation.calibration import reliability
from evaluation.intervals import Proportion
from evaluation.scoring import Decision

if TYPE_CHECKING:
    from collections.abc import Iterator

_COLOURS = ("#1d4e89", "#f0803c", "#3f8f6b", "#8c5e99", "#b23a48")


def plot_bars(
    groups: Sequence[str], series: Mapping[str, Sequence[Proportion]], title: str, path: Path
) -> None:
    """Draws groups of bars with 95 % intervals.

    Args:
        groups: Names along the axis.
        series: For each name of the legend one share a group.
        title: What the shares are.
        path: The SVG to write.
    """
    width = 0.8 / len(series)
    with _figure(path, (max(6.0, 1.1 * len(groups) * max(1, len(series) / 2)), 3.8)) as axis:
        for number, (name, shares) in enumerate(series.items()):
            places = [place + number * width for place in range(len(groups))]
            values = [100 * share.value if share.total else 0.0 for share in shares]
            spans = [share.interval for share in shares]
            low = [max(0.0, v - 100 * span[0]) for v, span in zip(values, spans, strict=True)]
            high = [max(0.0, 100 * span[1] - v) for v, span in zip(values, spans, strict=True)]
            axis.bar(
                places,
                values,
                width,
                yerr=[low, high],
                label=name,
                color=_COLOURS[number % len(_COLOURS)],
                error_kw={"elinewidth": 0.8, "ecolor": "#444444"},
            )
        middle = 0.4 - width / 2
        axis.set_xticks([place + middle for place in range(len(groups))])
        axis.set_xticklabels(groups, rotation=30, ha="right", fontsize=8)
        axis.set_ylim(0, 100)
        axis.set_ylabel("%")
        axis.set_title(title, fontsize=10)
        axis.grid(axis="y", alpha=0.3)
        if len(series) > 1:
            axis.legend(fontsize=8, loc="lower left")


def plot_confusion(table: Mapping[Decision, Mapping[Decision, int]], path: Path) -> None:
    """Draws wanted against actual decisions, shaded by the share of the row."""
    wanted, actual = list(table), list(Decision)
    shares = [
        [table[row][column] / max(1, sum(table[row].values())) for column in actual]
        for row in wanted
    ]
    with _figure(path, (6.0, 0.7 * len(wanted) + 1.4)) as axis:
        axis.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
        for y, row in enumerate(wanted):
            for x, column in enumerate(actual):
                shade = "white" if shares[y][x] > 0.5 else "black"
                axis.text(x, y, str(table[row][column]), ha="center", va="center", color=shade)
        axis.set_xticks(range(len(actual)), [column.value for column in actual], fontsize=8)
        axis.set_yticks(range(len(wanted)), [row.value for row in wanted], fontsize=8)
        axis.set_xlabel("what the assistant did")
        axis.set_ylabel("what was wanted")


def plot_reliability(
    series: Mapping[str, tuple[Sequence[float], Sequence[bool]]], path: Path
) -> None:
    """Draws how often predictions of each confidence come true; the diagonal is perfect."""
    with _figure(path, (4.6, 4.2)) as axis:
        axis.plot([0, 1], [0, 1], color="#999999", linestyle="--", linewidth=1)
        for number, (name, (chances, outcomes)) in enumerate(series.items()):
            bins = reliability(chances, outcomes)
            colour = _COLOURS[number % len(_COLOURS)]
            axis.plot(
                [b.confidence for b in bins],
                [b.accuracy for b in bins],
                label=name,
                color=colour,
                linewidth=1.2,
            )
            axis.scatter(
                [b.confidence for b in bins],
                [b.accuracy for b in bins],
                s=[12 + 2 * b.count**0.75 for b in bins],
                color=colour,
            )
        axis.set_xlim(0, 1.02)
        axis.set_ylim(0, 1.02)
        axis.set_xlabel("stated probability")
        axis.set_ylabel("share that is right")
        axis.grid(alpha=0.3)
        axis.legend(fontsize=8, loc="upper left")


@contextmanager
def _figure(path: Path, size: tuple[float, float]) -> Iterator[Any]:
    """Gives axes, and writes what was drawn on them."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    path.parent.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context({"svg.hashsalt": "motcua", "svg.fonttype": "none"}):
        figure, axis = pyplot.subplots(figsize=size, layout="constrained")
        try:
            yield axis
            figure.savefig(path, metadata={"Date": None})
        finally:
            pyplot.close(figure)
