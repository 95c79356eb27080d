"""The regression gate: a small fixed set of questions whose figures may not fall."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from evaluation.dataset import ROOT

BASELINE: Final = ROOT / "baseline.json"

WATCHED: Final = (
    "acc@1",
    "acc@3",
    "procedure",
    "aspects_contained",
    "decision",
    "correct",
    "helped",
    "oos_declined",
)
"""Shares that may not fall by more than the tolerance."""

FORBIDDEN: Final = "facts_wrong"
"""Figures in replies that stand in no record: never any, whatever the baseline."""


class Baseline(BaseModel):
    """What the gate compares with.

    Attributes:
        tolerance: How far a share may fall, as a share: 0.04 is four points.
        figures: The shares when the baseline was taken.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    tolerance: float
    figures: dict[str, float]

    @classmethod
    def load(cls, path: Path = BASELINE) -> Baseline:
        """Reads the file.

        Raises:
            FileNotFoundError: When there is none.
            pydantic.ValidationError: When it is malformed.
        """
        return cls.model_validate_json(path.read_text(encoding="utf-8"))

    def save(self, path: Path = BASELINE) -> None:
        """Writes the file."""
        text = json.dumps(self.model_dump(), indent=2, sort_keys=True)
        path.write_text(text + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Check:
    """One figure against its baseline.

    Attributes:
        name: Name of the figure.
        now: What it is.
        before: What it was; None for figures that have a fixed limit.
        passed: Whether it may stay.
    """

    name: str
    now: float
    before: float | None
    passed: bool


def take(figures: Mapping[str, float], tolerance: float) -> Baseline:
    """Makes a baseline of a run's figures."""
    return Baseline(
        tolerance=tolerance,
        figures={name: round(figures[name], 4) for name in WATCHED if name in figures},
    )


def compare(figures: Mapping[str, float], baseline: Baseline) -> Sequence[Check]:
    """Compares figures with the baseline.

    A watched figure that is missing from the run counts as fallen to nothing.
    """
    checks = [Check(FORBIDDEN, figures[FORBIDDEN], None, figures[FORBIDDEN] == 0)]
    for name, before in baseline.figures.items():
        now = figures.get(name, 0.0)
        checks.append(Check(name, now, before, now >= before - baseline.tolerance - 1e-9))
    return checks
