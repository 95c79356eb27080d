"""Joins the signals into one score and into calibrated chances.

The model is small: a linear part and one hidden layer score each candidate, another small part
scores "none of them", and a softmax over all of these gives the chances, which a monotone map then
corrects. It is trained by :mod:`knowledge_base.search.training` and read here from one JSON file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge_base.search.features import CONTEXT, SIGNALS, Measured
from knowledge_base.search.postings import Floats

FILE = "ranker.json"


@dataclass(frozen=True, slots=True)
class Scaler:
    """Brings columns to comparable size: ``(values - mean) / spread``."""

    mean: Floats
    spread: Floats

    def __call__(self, values: Floats) -> Floats:
        """Scales values of shape ``(…, columns)``, cut at ±5."""
        scaled: Floats = np.clip((values - self.mean) / self.spread, -5, 5)
        return scaled


@dataclass(frozen=True, slots=True)
class Head:
    """A linear part plus one hidden layer: columns to one number."""

    linear: Floats
    hidden: Floats
    hidden_bias: Floats
    out: Floats
    bias: float

    def __call__(self, scaled: Floats) -> Floats:
        """Scores scaled values of shape ``(rows, columns)``; returns shape ``(rows,)``."""
        # Not "@": BLAS would wake a second thread for a product that takes microseconds.
        inner = np.einsum("ij,jk->ik", scaled, self.hidden) + self.hidden_bias
        result: Floats = np.einsum("ij,j->i", scaled, self.linear) + np.float32(self.bias)
        result += np.einsum("ij,j->i", np.maximum(inner, 0), self.out)
        return result


@dataclass(frozen=True, slots=True)
class Monotone:
    """A rising map of chances: ``sigmoid(slope · logit(p) + shift)`` with a positive slope."""

    slope: float
    shift: float

    def __call__(self, chances: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Maps chances of any shape into [0, 1]."""
        p = np.clip(np.asarray(chances, dtype=np.float64), 1e-9, 1 - 1e-9)
        logit = np.log(p) - np.log1p(-p)
        mapped: npt.NDArray[np.float64] = 1 / (1 + np.exp(-(self.slope * logit + self.shift)))
        return mapped


@dataclass(frozen=True, slots=True)
class Ranked:
    """Scores of one question's candidates.

    Attributes:
        scores: Ranking scores, shape ``(C,)``.
        chances: Calibrated chance of each, shape ``(C,)``.
        in_catalogue: Calibrated chance that any procedure of the catalogue is meant.
    """

    scores: Floats
    chances: npt.NDArray[np.float64]
    in_catalogue: float


@dataclass(frozen=True, slots=True)
class Ranker:
    """The trained weights."""

    signals: Scaler
    context: Scaler
    candidate: Head
    nothing: Head
    right: Monotone
    known: Monotone

    @classmethod
    def load(cls, path: Path) -> Ranker:
        """Reads the weights.

        Raises:
            OSError: The file cannot be read.
            ValueError: It was trained for other signals than this version measures.
        """
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if tuple(data["signals"]) != SIGNALS or tuple(data["context"]) != CONTEXT:
            raise ValueError(f"{path}: trained for other signals; run `motcua train-encoder`")
        return cls(
            signals=_scaler(data["signal_scaler"]),
            context=_scaler(data["context_scaler"]),
            candidate=_head(data["candidate"]),
            nothing=_head(data["nothing"]),
            right=Monotone(**data["right"]),
            known=Monotone(**data["known"]),
        )

    def save(self, path: Path) -> None:
        """Writes the weights, rounded to six digits."""
        data = {
            "signals": SIGNALS,
            "context": CONTEXT,
            "signal_scaler": _plain(self.signals),
            "context_scaler": _plain(self.context),
            "candidate": _plain(self.candidate),
            "nothing": _plain(self.nothing),
            "right": _plain(self.right),
            "known": _plain(self.known),
        }
        path.write_text(json.dumps(data, ensure_ascii=False) + "\n", encoding="utf-8")

    def raw(self, measured: Measured) -> tuple[Floats, npt.NDArray[np.float64], float]:
        """Returns scores, uncalibrated chances, and the uncalibrated chance of any at all."""
        scores = self.candidate(self.signals(measured.candidates))
        best = self.signals(measured.candidates[[int(np.argmax(scores))]])
        none_input = np.concatenate([self.context(measured.context)[None, :], best], axis=1)
        none = float(self.nothing(none_input)[0])
        top = max(float(scores.max()), none)
        mass = np.exp(scores.astype(np.float64) - top)
        total = float(mass.sum()) + float(np.exp(none - top))
        return scores, mass / total, float(mass.sum()) / total

    def __call__(self, measured: Measured) -> Ranked:
        """Ranks the candidates of one question, of which there is at least one."""
        scores, chances, known = self.raw(measured)
        return Ranked(scores, self.right(chances), float(self.known(np.asarray(known))))


def _scaler(data: dict[str, Any]) -> Scaler:
    return Scaler(*(np.asarray(data[key], dtype=np.float32) for key in ("mean", "spread")))


def _head(data: dict[str, Any]) -> Head:
    parts = {key: np.asarray(data[key], dtype=np.float32) for key in data if key != "bias"}
    return Head(bias=float(data["bias"]), **parts)


def _plain(part: Scaler | Head | Monotone) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name in part.__slots__:
        value = getattr(part, name)
        plain[name] = (
            np.round(value.astype(np.float64), 6).tolist()
            if isinstance(value, np.ndarray)
            else round(float(value), 6)
        )
    return plain
