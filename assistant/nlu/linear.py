"""A small linear classifier over named features, read back without pickle."""

from __future__ import annotations

import json
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

Vector = npt.NDArray[np.float32]

_STEPS = 80
_BATCH = 256
_FIRST_SQUARES = 0.01
"""What the sums of squared gradients start with: it bounds the first steps."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Logistic regression with a vocabulary of its own.

    Attributes:
        labels: Names of the classes, in column order.
        vocabulary: Feature name to row.
        idf: Weight of each feature, shape ``(features,)``.
        weights: Shape ``(features, labels)``.
        bias: Shape ``(labels,)``.
        exclusive: Whether exactly one label holds (softmax) or any number (sigmoid).
        normalised: Whether the features of an example are scaled to length one. Without it each
            feature counts the same in a short text and in a long one.
    """

    labels: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: Vector
    weights: Vector
    bias: Vector
    exclusive: bool
    normalised: bool = True

    @classmethod
    def fit_exclusive(
        cls,
        rows: Sequence[Sequence[str]],
        targets: Sequence[str],
        *,
        strength: float = 12.0,
        minimum_count: int = 1,
        favoured: Mapping[str, float] | None = None,
    ) -> LinearModel:
        """Trains a classifier in which exactly one label holds.

        All labels weigh the same, however many examples they have, unless some are favoured.

        Args:
            rows: Feature names of each example.
            targets: The label of each example, as many as rows.
            strength: Inverse of the regularisation.
            minimum_count: Features seen in fewer examples are dropped.
            favoured: Labels that weigh more, with how many times as much.
        """
        vocabulary, idf = _vocabulary(rows, minimum_count)
        counts = Counter(targets)
        extra = favoured or {}
        share = len(targets) / len(counts)
        weight = {label: share / count * extra.get(label, 1.0) for label, count in counts.items()}
        model = LogisticRegression(C=strength, max_iter=_STEPS, tol=1e-3, class_weight=weight)
        with warnings.catch_warnings():  # to stop early is one more regularisation
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(_matrix(rows, vocabulary, idf), list(targets))
        weights, bias = model.coef_, model.intercept_
        if len(model.classes_) == 2:  # scikit-learn keeps one row for two classes
            weights, bias = np.vstack([-weights, weights]), np.hstack([-bias, bias])
        return cls(
            tuple(map(str, model.classes_)),
            vocabulary,
            idf,
            np.ascontiguousarray(weights.T, dtype=np.float32),
            bias.astype(np.float32),
            exclusive=True,
        )

    @classmethod
    def fit_independent(
        cls,
        rows: Sequence[Sequence[str]],
        targets: Sequence[frozenset[str]],
        *,
        passes: int = 5,
        rate: float = 0.1,
        decay: float = 1e-5,
        minimum_count: int = 2,
        negligible: float = 0.0,
    ) -> LinearModel:
        """Trains one yes-or-no classifier a label; an example may bear any number of them.

        Features count as present or absent, however many an example has.

        Args:
            rows: Feature names of each example.
            targets: The labels of each example, as many as rows.
            passes: How often every example is seen.
            rate: Size of the first steps of learning.
            decay: Pull of the weights towards zero.
            minimum_count: Features seen in fewer examples are dropped.
            negligible: Features whose weights are all smaller than this are dropped.
        """
        vocabulary, _ = _vocabulary(rows, minimum_count)
        matrix = _presence(rows, vocabulary)
        labels = tuple(sorted(set().union(*targets)))
        held = np.array([[label in t for label in labels] for t in targets], dtype=np.float32)
        weights, bias = _regress(matrix, held, passes=passes, rate=rate, decay=decay)
        kept = np.flatnonzero(np.abs(weights).max(axis=1) >= negligible)
        names = list(vocabulary)
        vocabulary = {names[row]: place for place, row in enumerate(kept)}
        ones = np.ones(len(kept), dtype=np.float32)
        weights = np.ascontiguousarray(weights[kept])
        return cls(labels, vocabulary, ones, weights, bias, exclusive=False, normalised=False)

    def predict(self, features: Sequence[str]) -> list[tuple[str, float]]:
        """Scores one example.

        Returns:
            Every label with its probability in [0, 1], best first.
        """
        ids = [i for i in map(self.vocabulary.get, features) if i is not None]
        logits = self.bias.astype(np.float64)
        if ids:
            if self.normalised:
                values = self.idf[ids]
                logits = logits + (values / np.linalg.norm(values)) @ self.weights[ids]
            else:
                logits = logits + self.weights[ids].sum(axis=0)
        if self.exclusive:
            scaled = np.exp(logits - logits.max())
            scores = scaled / scaled.sum()
        else:
            scores = 1.0 / (1.0 + np.exp(-logits))
        order = np.argsort(-scores, kind="stable")
        return [(self.labels[i], float(scores[i])) for i in order]

    def save(self, folder: Path) -> None:
        """Writes the model as JSON and NumPy arrays, which hold no code."""
        folder.mkdir(parents=True, exist_ok=True)
        names = sorted(self.vocabulary, key=self.vocabulary.__getitem__)
        header = {
            "labels": self.labels,
            "exclusive": self.exclusive,
            "normalised": self.normalised,
            "features": names,
        }
        (folder / "model.json").write_text(json.dumps(header, ensure_ascii=False), "utf-8")
        np.savez(
            folder / "weights.npz",
            idf=self.idf,
            weights=self.weights.astype(np.float16),
            bias=self.bias,
        )

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """Reads a model that :meth:`save` wrote."""
        header = json.loads((folder / "model.json").read_text("utf-8"))
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            return cls(
                tuple(header["labels"]),
                {name: row for row, name in enumerate(header["features"])},
                arrays["idf"],
                arrays["weights"].astype(np.float32),
                arrays["bias"],
                bool(header["exclusive"]),
                bool(header["normalised"]),
            )


def _vocabulary(rows: Sequence[Sequence[str]], minimum_count: int) -> tuple[dict[str, int], Vector]:
    counts = Counter(feature for row in rows for feature in set(row))
    kept = sorted(name for name, count in counts.items() if count >= minimum_count)
    idf = np.log((1 + len(rows)) / (1 + np.array([counts[name] for name in kept]))) + 1.0
    return {name: i for i, name in enumerate(kept)}, idf.astype(np.float32)


def _matrix(rows: Sequence[Sequence[str]], vocabulary: dict[str, int], idf: Vector) -> csr_matrix:
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for row in rows:
        ids = sorted({i for i in map(vocabulary.get, row) if i is not None})
        weights = idf[ids]
        norm = float(np.linalg.norm(weights)) or 1.0
        columns.extend(ids)
        values.extend((weights / norm).tolist())
        ends.append(len(columns))
    return csr_matrix(
        (np.array(values, dtype=np.float32), columns, ends), shape=(len(rows), len(vocabulary))
    )


def _presence(rows: Sequence[Sequence[str]], vocabulary: dict[str, int]) -> csr_matrix:
    columns: list[int] = []
    ends = [0]
    for row in rows:
        columns.extend(sorted({i for i in map(vocabulary.get, row) if i is not None}))
        ends.append(len(columns))
    ones = np.ones(len(columns), dtype=np.float32)
    return csr_matrix((ones, columns, ends), shape=(len(rows), len(vocabulary)))


def _regress(
    matrix: csr_matrix, held: Vector, *, passes: int, rate: float, decay: float
) -> tuple[Vector, Vector]:
    """Fits one logistic regression a column by Adagrad in small batches.

    A batch touches only the weights of the features it holds, which makes this some ten times
    faster than fitting the columns one by one; few passes keep rare features small.

    Args:
        matrix: Features of the examples, shape ``(examples, features)``.
        held: 1 where a label holds, shape ``(examples, labels)``.
        passes: How often every example is seen.
        rate: Size of the first steps.
        decay: Pull of the weights towards zero.

    Returns:
        Weights, shape ``(features, labels)``, and biases, shape ``(labels,)``.
    """
    weights = np.zeros((matrix.shape[1], held.shape[1]), dtype=np.float32)
    seen = np.full_like(weights, _FIRST_SQUARES)
    bias = np.zeros(held.shape[1], dtype=np.float32)
    seen_bias = np.full_like(bias, _FIRST_SQUARES)
    shuffle = np.random.default_rng(0)
    for _ in range(passes):
        order = shuffle.permutation(matrix.shape[0])
        examples, wanted = matrix[order], held[order]
        for start in range(0, matrix.shape[0], _BATCH):
            batch = examples[start : start + _BATCH]
            rows, places = np.unique(batch.indices, return_inverse=True)
            shape = (batch.shape[0], len(rows))
            local = csr_matrix((batch.data, places, batch.indptr), shape=shape)
            logits = local @ weights[rows] + bias
            error = 1.0 / (1.0 + np.exp(-logits)) - wanted[start : start + _BATCH]
            gradient = (local.T @ error) / len(error) + decay * weights[rows]
            seen[rows] += gradient**2
            weights[rows] -= rate * gradient / np.sqrt(seen[rows])
            slope = error.mean(axis=0)
            seen_bias += slope**2
            bias -= rate * slope / np.sqrt(seen_bias)
    return weights, bias
