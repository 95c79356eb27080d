"""Whether probabilities mean what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about the same confidence.

    Attributes:
        count: How many.
        confidence: Their mean confidence in [0, 1].
        accuracy: The share of them that is right.
    """

    count: int
    confidence: float
    accuracy: float


def reliability(chances: Sequence[float], outcomes: Sequence[bool], bins: int = 10) -> list[Bin]:
    """Groups predictions into bins of equal width; empty bins are left out.

    Args:
        chances: Probabilities in [0, 1].
        outcomes: What came true, one for each.
        bins: How many.

    Raises:
        ValueError: When the two differ in length.
    """
    groups: dict[int, list[tuple[float, bool]]] = {}
    for chance, outcome in zip(chances, outcomes, strict=True):
        groups.setdefault(min(int(chance * bins), bins - 1), []).append((chance, outcome))
    return [
        Bin(
            len(group),
            sum(chance for chance, _ in group) / len(group),
            sum(outcome for _, outcome in group) / len(group),
        )
        for _, group in sorted(groups.items())
    ]


def expected_error(chances: Sequence[float], outcomes: Sequence[bool], bins: int = 10) -> float:
    """Computes the expected calibration error: the mean gap, weighted by the size of the bins.

    Raises:
        ValueError: When there is nothing to measure or the two differ in length.
    """
    if not chances:
        raise ValueError("no predictions")
    groups = reliability(chances, outcomes, bins)
    gaps = sum(group.count * abs(group.confidence - group.accuracy) for group in groups)
    return gaps / len(chances)


def brier(chances: Sequence[float], outcomes: Sequence[bool]) -> float:
    """Computes the mean squared distance between probability and outcome.

    Raises:
        ValueError: When there is nothing to measure or the two differ in length.
    """
    if not chances:
        raise ValueError("no predictions")
    pairs = zip(chances, outcomes, strict=True)
    return sum((chance - outcome) ** 2 for chance, outcome in pairs) / len(chances)
