"""Measures how well questions that mean the same come into one group, by threshold.

Run ``python -m evaluation.benchmarks.grouping``. The questions come in a shuffled order, as they
would in an office, and are put together one after the other. A pair is right when both or neither
of "the same group" and "about the same thing" hold.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Final

import click
import yaml

from assistant.feedback.grouping import THRESHOLD, Cluster, Encoder, nearest
from knowledge_base.search.encoder import PACKAGED, load_encoder
from vietnamese.reader import Reader

ORDERS: Final = 10
THRESHOLDS: Final = tuple(round(0.4 + 0.05 * step, 2) for step in range(10))


@dataclass(frozen=True, slots=True)
class Agreement:
    """How groups agree with the labels, over all pairs of questions.

    Attributes:
        precision: Share of the pairs in one group that are about the same thing.
        recall: Share of the pairs about the same thing that are in one group.
        groups: How many groups there are, on average.
    """

    precision: float
    recall: float
    groups: float

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def questions() -> list[tuple[str, int]]:
    """The questions as the assistant reads them, each with the number of its list."""
    data = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text("utf-8"))
    reader = Reader.load()
    return [
        (reader.read(text).restored.lower(), number)
        for number, texts in enumerate(data["groups"])
        for text in texts
    ]


def measure(labelled: Sequence[tuple[str, int]], encoder: Encoder, threshold: float) -> Agreement:
    """Groups the questions in several orders and compares with the labels."""
    joined = right = same = clusters_made = 0
    for seed in range(ORDERS):
        ordered = list(labelled)
        random.Random(seed).shuffle(ordered)
        vectors = encoder.encode([text for text, _ in ordered])
        clusters: list[Cluster] = []
        placed: list[tuple[int, int]] = []
        for (_, label), vector in zip(ordered, vectors, strict=True):
            cluster = nearest(vector, clusters, threshold)
            if cluster is None:
                cluster = Cluster(vector.copy(), 1, len(clusters))
                clusters.append(cluster)
            else:
                cluster.total = cluster.total + vector
                cluster.size += 1
            placed.append((cluster.number, label))
        for (one, first), (other, second) in combinations(placed, 2):
            joined += one == other
            same += first == second
            right += one == other and first == second
        clusters_made += len(clusters)
    return Agreement(
        right / joined if joined else 1.0, right / same if same else 1.0, clusters_made / ORDERS
    )


@click.command()
def main() -> None:
    """Print precision, recall and F1 of pairs for several thresholds."""
    labelled = questions()
    encoder = load_encoder(PACKAGED / "encoder")
    if encoder is None:
        raise click.ClickException("There is no encoder.")
    click.echo(f"{len(labelled)} questions about {len({n for _, n in labelled})} things")
    for threshold in sorted({*THRESHOLDS, THRESHOLD}):
        found = measure(labelled, encoder, threshold)
        click.echo(
            f"{threshold:.2f}  precision {found.precision:.3f}  recall {found.recall:.3f}"
            f"  F1 {found.f1:.3f}  groups {found.groups:.1f}"
        )


if __name__ == "__main__":
    main()
