"""Searches a lattice of candidate words for the likeliest reading."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vietnamese.ngrams import UNKNOWN, Floats, Ids, NgramModel

_KEPT: Final = 4
"""Candidates of a place that the trigram search looks at."""
_MARGIN: Final = 9.0
"""How much worse than the best (natural log) a candidate may be to be looked at."""
_NEVER: Final = np.float32(-1e6)


@dataclass(slots=True)
class Cell:
    """Candidates of one place.

    Attributes:
        ids: Ids in the model, shape ``(n,)``.
        costs: Negative log probability of typing what was typed for each, shape ``(n,)``.
        texts: What is written for each.
    """

    ids: Ids
    costs: Floats
    texts: tuple[str, ...]


class Lattice:
    """All pairs of neighbouring candidates, scored.

    Args:
        model: The syllable model.
        cells: The places in order, the first and last being sentence boundaries.
    """

    def __init__(self, model: NgramModel, cells: list[Cell]) -> None:
        self._model = model
        self._cells = cells
        sizes = np.array([len(cell.texts) for cell in cells])
        ids = np.concatenate([cell.ids for cell in cells])
        costs = np.concatenate([cell.costs for cell in cells])
        starts = np.cumsum(sizes) - sizes
        width = np.repeat(sizes[1:], sizes[:-1])
        ends = np.cumsum(width)
        first = np.repeat(np.arange(len(width)), width)
        second = np.arange(ends[-1]) + np.repeat(
            np.repeat(starts[1:], sizes[:-1]) - (ends - width), width
        )
        scores, places = model.pairs(ids[first], ids[second])
        self._scores = scores - costs[second]
        self._places = places
        self._sizes = sizes
        self._blocks = np.concatenate([[0], ends])[starts]
        self._blocks_ends = ends[starts[1:] - 1]

    def block(self, t: int) -> tuple[Floats, Ids]:
        """Gives scores and table places of the pairs between places ``t`` and ``t + 1``.

        Returns:
            Two arrays of shape ``(n_t, n_t+1)``; the scores include the later one's cost.
        """
        here = slice(self._blocks[t], self._blocks_ends[t])
        shape = (self._sizes[t], self._sizes[t + 1])
        return self._scores[here].reshape(shape), self._places[here].reshape(shape)

    def tie(self, t: int, path: list[int]) -> float:
        """Tells how much likelier the pair after place ``t`` is together than by chance.

        Returns:
            A natural logarithm; minus infinity for a pair that was never seen.
        """
        scores, places = self.block(t)
        if places[path[t], path[t + 1]] < 0:
            return -math.inf
        later = self._cells[t + 1]
        chosen = path[t + 1]
        together = float(scores[path[t], chosen] + later.costs[chosen])
        return together - float(self._model.unigram[later.ids[chosen]])

    def marginals(self) -> list[Floats]:
        """Gives, for every candidate, the score of the best path of pairs through it."""
        blocks = [self.block(t)[0] for t in range(len(self._cells) - 1)]
        forward = [np.zeros(1, dtype=np.float32)]
        for scores in blocks:
            forward.append((forward[-1][:, None] + scores).max(axis=0))
        backward = [np.zeros(1, dtype=np.float32)]
        for scores in reversed(blocks):
            backward.append((scores + backward[-1]).max(axis=1))
        backward.reverse()
        return [f + b for f, b in zip(forward, backward, strict=True)]

    def best_path(self, marginals: list[Floats]) -> tuple[list[int], float]:
        """Finds the best path by triples among the most promising candidates.

        Args:
            marginals: As ``marginals`` gives them.

        Returns:
            The candidate chosen at each place, and the log probability of the path.
        """
        kept, allowed = self._promising(marginals)
        size = kept.shape[1]
        blocks = self._blocks[: len(kept) - 1, None, None]
        flat = blocks + kept[:-1, :, None] * self._sizes[1:, None, None] + kept[1:, None, :]
        barred = np.where(allowed, np.float32(0), _NEVER)
        pairs = self._scores[flat] + barred[1:, None, :]
        if size == 1:
            return [int(place) for place in kept[:, 0]], float(pairs.sum())
        ids = np.full((len(kept), size), UNKNOWN)
        costs = np.zeros((len(kept), size), dtype=np.float32)
        for t, cell in enumerate(self._cells):
            ids[t] = cell.ids[kept[t]]
            costs[t] = cell.costs[kept[t]]
        shape = (len(kept) - 2, size, size, size)
        context = np.broadcast_to(self._places[flat][:-1, :, :, None], shape)
        third = np.broadcast_to(ids[2:, None, None, :], shape)
        later = costs[2:, None, None, :]
        lower = np.broadcast_to(pairs[1:, None, :, :], shape) + later
        triples = self._model.triples(context, third, lower) - later
        triples += barred[2:, None, None, :]
        state = pairs[0] + barred[0][:, None]
        back: list[NDArray[np.int64]] = []
        for scores in triples:
            through = state[:, :, None] + scores
            back.append(through.argmax(axis=0))
            state = through.max(axis=0)
        b, c = divmod(int(state.argmax()), size)
        path = [c, b]
        for best in reversed(back):
            path.append(int(best[path[-1], path[-2]]))
        path.reverse()
        return [int(kept[t, k]) for t, k in enumerate(path)], float(state.max())

    def _promising(self, marginals: list[Floats]) -> tuple[Ids, NDArray[np.bool_]]:
        """Chooses the candidates worth a look at each place, best first.

        Returns:
            Their numbers and whether each may be used, both of shape ``(T, k)``.
        """
        widest = int(self._sizes.max())
        table = np.full((len(marginals), widest), _NEVER, dtype=np.float32)
        rows = np.repeat(np.arange(len(marginals)), self._sizes)
        columns = np.arange(len(rows)) - np.repeat(
            np.cumsum(self._sizes) - self._sizes, self._sizes
        )
        table[rows, columns] = np.concatenate(marginals)
        order = np.argsort(-table, axis=1)[:, :_KEPT]
        values = np.take_along_axis(table, order, axis=1)
        allowed = values >= values[:, :1] - _MARGIN
        used = int(allowed.sum(axis=1).max())
        return np.where(allowed, order, 0)[:, :used], allowed[:, :used]
