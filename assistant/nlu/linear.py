"""A small linear classifier over named features, read back without pickle."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

Vector = npt.NDArray[np.float32]


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
    """

    labels: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: Vector
    weights: Vector
    bias: Vector
    exclusive: bool

    @classmethod
    def fit_exclusive(
        cls,
        rows: Sequence[Sequence[str]],
        targets: Sequence[str],
        *,
        strength: float = 12.0,
        minimum_count: int = 1,
    ) -> LinearModel:
        """Trains a classifier in which exactly one label holds.

        Args:
            rows: Feature names of each example.
            targets: The label of each example, as many as rows.
            strength: Inverse of the regularisation.
            minimum_count: Features seen in fewer examples are dropped.
        """
        vocabulary, idf = _vocabulary(rows, minimum_count)
        model = LogisticRegression(C=strength, max_iter=300, class_weight="balanced")
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
        strength: float = 8.0,
        minimum_count: int = 2,
    ) -> LinearModel:
        """Trains one yes-or-no classifier a label; an example may bear any number of them."""
        vocabulary, idf = _vocabulary(rows, minimum_count)
        matrix = _matrix(rows, vocabulary, idf)
        labels = tuple(sorted(set().union(*targets)))
        weights = np.zeros((len(vocabulary), len(labels)), dtype=np.float32)
        bias = np.zeros(len(labels), dtype=np.float32)
        for column, label in enumerate(labels):
            model = LogisticRegression(C=strength, max_iter=300, solver="liblinear")
            model.fit(matrix, [label in held for held in targets])
            weights[:, column] = model.coef_[0]
            bias[column] = model.intercept_[0]
        return cls(labels, vocabulary, idf, weights, bias, exclusive=False)

    def predict(self, features: Sequence[str]) -> list[tuple[str, float]]:
        """Scores one example.

        Returns:
            Every label with its probability in [0, 1], best first.
        """
        ids = [i for i in map(self.vocabulary.get, features) if i is not None]
        logits = self.bias.astype(np.float64)
        if ids:
            values = self.idf[ids]
            logits = logits + (values / np.linalg.norm(values)) @ self.weights[ids]
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
        header = {"labels": self.labels, "exclusive": self.exclusive, "features": names}
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
