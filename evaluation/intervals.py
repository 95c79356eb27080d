"""Proportions with the uncertainty that a small sample leaves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

Z95: Final = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Proportion:
    """A share of a sample.

    Attributes:
        hits: How many of the sample.
        total: Size of the sample; 0 gives a share of nan.
    """

    hits: int
    total: int

    @classmethod
    def of(cls, outcomes: Sequence[bool]) -> Proportion:
        """Counts outcomes."""
        return cls(sum(outcomes), len(outcomes))

    @property
    def value(self) -> float:
        """The share in [0, 1], nan for an empty sample."""
        return self.hits / self.total if self.total else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval in [0, 1]."""
        return wilson(self.hits, self.total)

    def __str__(self) -> str:
        if not self.total:
            return "–"
        low, high = self.interval
        return f"{self.value:.1%} ({low:.0%}–{high:.0%})"


def wilson(hits: int, total: int, z: float = Z95) -> tuple[float, float]:
    """Computes Wilson's score interval of a proportion.

    Args:
        hits: Successes, 0 to ``total``.
        total: Trials.
        z: Quantile of the normal distribution; the default gives 95 %.

    Returns:
        Lower and upper end in [0, 1]; the whole range for no trials.
    """
    if total == 0:
        return 0.0, 1.0
    share = hits / total
    spread = z * z / total
    middle = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / total + spread / (4 * total)) / (1 + spread)
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))
