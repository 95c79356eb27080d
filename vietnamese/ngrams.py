"""A compact trigram model of Vietnamese syllables: estimated, stored, and looked up in bulk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vietnamese.fold import fold_syllable

BOUNDARY: Final = 0
"""Id of the mark between two sentences."""
UNKNOWN: Final = 1
"""Id of every word outside the vocabulary."""
NUMBER: Final = 2
"""Id of every number and code."""
SPECIAL: Final = ("<s>", "<unk>", "<num>")

PAIR_POWER: Final = 0.75
TRIPLE_POWER: Final = 0.85
_CUT: Final = 0.75
_MOST_CUT: Final = 0.9
_BITS: Final = 14
_STEP: Final = 16.0 / 255.0
_SENTINEL: Final = np.uint64(0xFFFFFFFFFFFFFFFF)

Ids = NDArray[np.int64]
Floats = NDArray[np.float32]


def _planes(values: NDArray[np.uint64], width: int) -> NDArray[np.uint8]:
    """Splits integers into byte planes, which compress far better than whole integers."""
    planes = np.empty((width, len(values)), dtype=np.uint8)
    for index in range(width):
        planes[index] = (values >> np.uint64(8 * index)) & np.uint64(255)
    return planes


def _joined(planes: NDArray[np.uint8]) -> NDArray[np.uint64]:
    out = np.zeros(planes.shape[1], dtype=np.uint64)
    for index, plane in enumerate(planes):
        out |= plane.astype(np.uint64) << np.uint64(8 * index)
    return out


def _pack_keys(keys: NDArray[np.uint64]) -> NDArray[np.uint8]:
    gaps = np.diff(keys, prepend=np.uint64(0))
    width = max(1, (int(gaps.max(initial=0)).bit_length() + 7) // 8)
    return _planes(gaps, width)


def _unpack_keys(planes: NDArray[np.uint8]) -> NDArray[np.uint64]:
    return np.cumsum(_joined(planes), dtype=np.uint64)


def _quantise(log_probabilities: NDArray[np.float64]) -> NDArray[np.uint8]:
    steps: NDArray[np.uint8] = np.clip(np.rint(-log_probabilities / _STEP), 0, 255).astype(np.uint8)
    return steps


_LEVELS: Final = (-np.arange(256) * _STEP).astype(np.float32)


@dataclass(frozen=True)
class NgramModel:
    """Log probabilities (natural) of syllables given the two before them.

    Attributes:
        words: The vocabulary; entries with the same letters stand together.
        groups: Letters without diacritics to the range of ids that are written so.
        unigram: Log probability of each word, shape ``(V,)``.
        backoff: Back-off weight (log) of each word as a context, shape ``(V,)``.
    """

    words: tuple[str, ...]
    groups: dict[str, range]
    index: dict[str, int]
    unigram: Floats
    backoff: Floats
    _pair_keys: NDArray[np.uint64]
    _pair_scores: NDArray[np.uint8]
    _pair_backoffs: NDArray[np.uint8]
    _triple_keys: NDArray[np.uint64]
    _triple_scores: NDArray[np.uint8]

    def pairs(self, first: Ids, second: Ids) -> tuple[Floats, Ids]:
        """Scores pairs of words.

        Args:
            first: Ids of the earlier words, any shape.
            second: Ids of the later words, the same shape.

        Returns:
            ``log P(second | first)`` and the place of the pair in the table (-1 when the
            pair was never seen), both in the shape given.
        """
        keys = (first.astype(np.uint64) << np.uint64(_BITS)) | second.astype(np.uint64)
        places = np.searchsorted(self._pair_keys, keys)
        found = self._pair_keys[places] == keys
        scores = np.where(
            found, _LEVELS[self._pair_scores[places]], self.backoff[first] + self.unigram[second]
        )
        return scores, np.where(found, places, -1)

    def triples(self, context: Ids, third: Ids, lower: Floats) -> Floats:
        """Scores words after a pair.

        Args:
            context: Places of the earlier pairs as ``pairs`` gave them (-1: unseen).
            third: Ids of the words that follow, the same shape.
            lower: ``log P(third | second)``, the same shape.

        Returns:
            ``log P(third | first, second)``, the same shape.
        """
        seen = context >= 0
        safe = np.where(seen, context, 0)
        keys = (safe.astype(np.uint64) << np.uint64(_BITS)) | third.astype(np.uint64)
        places = np.searchsorted(self._triple_keys, keys)
        found = (self._triple_keys[places] == keys) & seen
        backed = lower + np.where(seen, _LEVELS[self._pair_backoffs[safe]], 0.0)
        return np.where(found, _LEVELS[self._triple_scores[places]], backed).astype(np.float32)

    @classmethod
    def load(cls, path: Path) -> NgramModel:
        """Reads a model file written by ``save``."""
        with np.load(path, allow_pickle=False) as stored:
            words = tuple(stored["words"].tobytes().decode("utf-8").split("\n"))
            pair_keys = np.append(_unpack_keys(stored["pair_keys"]), _SENTINEL)
            triple_keys = np.append(_unpack_keys(stored["triple_keys"]), _SENTINEL)
            zero = np.zeros(1, dtype=np.uint8)
            return cls(
                words=words,
                groups=_group(words),
                index={word: place for place, word in enumerate(words)},
                unigram=_LEVELS[stored["unigram"]],
                backoff=_LEVELS[stored["backoff"]],
                _pair_keys=pair_keys,
                _pair_scores=np.append(stored["pair_scores"], zero),
                _pair_backoffs=np.append(stored["pair_backoffs"], zero),
                _triple_keys=triple_keys,
                _triple_scores=np.append(stored["triple_scores"], zero),
            )


def _group(words: tuple[str, ...]) -> dict[str, range]:
    """Finds the range of ids for each spelling without diacritics."""
    groups: dict[str, range] = {}
    start = len(SPECIAL)
    for place in range(start + 1, len(words) + 1):
        letters = fold_syllable(words[start])
        if place == len(words) or fold_syllable(words[place]) != letters:
            groups[letters] = range(start, place)
            start = place
    return groups


def order_vocabulary(words: list[str]) -> list[str]:
    """Orders words so that those with the same letters stand together, after the marks."""
    return [*SPECIAL, *sorted(words, key=lambda word: (fold_syllable(word), word))]


def _discount(counts: NDArray[np.int64], power: float) -> NDArray[np.float64]:
    """Gives what is taken off each count for what was never seen."""
    cut: NDArray[np.float64] = np.minimum(_CUT * counts**power, _MOST_CUT * counts)
    return cut


def estimate_and_save(
    ids: NDArray[np.int32],
    words: list[str],
    path: Path,
    *,
    least_pair: int = 2,
    least_triple: int = 2,
) -> None:
    """Estimates the model by interpolated discounting and writes it.

    What is taken off a count grows with a power of the count. Made-up questions repeat
    their frames thousands of times; a constant discount would believe them.

    Args:
        ids: The text as word ids with ``BOUNDARY`` between sentences, shape ``(N,)``.
        words: The vocabulary as ``order_vocabulary`` gives it, at most 16,384 entries.
        path: The ``.npz`` file to write.
        least_pair: Pairs seen less often are left out.
        least_triple: Triples seen less often are left out.
    """
    size = len(words)
    if size > 1 << _BITS:
        raise ValueError(f"vocabulary of {size} words; at most {1 << _BITS} fit the keys")
    wide = ids.astype(np.uint64)
    shift = np.uint64(_BITS)
    counts1 = np.bincount(ids, minlength=size).astype(np.float64)
    p1 = (counts1 + 0.5) / (counts1.sum() + 0.5 * size)

    both = (ids[:-1] != BOUNDARY) | (ids[1:] != BOUNDARY)
    keys2, counts2 = np.unique(((wide[:-1] << shift) | wide[1:])[both], return_counts=True)
    first = (keys2 >> shift).astype(np.int64)
    second = (keys2 & np.uint64((1 << _BITS) - 1)).astype(np.int64)
    total2 = np.bincount(first, weights=counts2, minlength=size)
    cut2 = _discount(counts2, PAIR_POWER)
    spare2 = np.bincount(first, weights=cut2, minlength=size) / np.maximum(total2, 1)
    p2 = (counts2 - cut2) / total2[first] + spare2[first] * p1[second]

    kept2 = counts2 >= least_pair
    mass = np.bincount(first[kept2], weights=p2[kept2], minlength=size)
    lower = np.bincount(first[kept2], weights=p1[second[kept2]], minlength=size)
    backoff1 = np.log(np.clip(1 - mass, 1e-4, 1) / np.clip(1 - lower, 1e-4, 1))

    middle = ids[1:-1] != BOUNDARY
    keys3, counts3 = np.unique(
        ((wide[:-2] << shift << shift) | (wide[1:-1] << shift) | wide[2:])[middle],
        return_counts=True,
    )
    context_key = keys3 >> shift
    third = (keys3 & np.uint64((1 << _BITS) - 1)).astype(np.int64)
    context = np.searchsorted(keys2, context_key)
    tail = np.searchsorted(keys2, keys3 & np.uint64((1 << 2 * _BITS) - 1))
    total3 = np.bincount(context, weights=counts3, minlength=len(keys2))
    cut3 = _discount(counts3, TRIPLE_POWER)
    spare3 = np.bincount(context, weights=cut3, minlength=len(keys2)) / np.maximum(total3, 1)
    p3 = (counts3 - cut3) / total3[context] + spare3[context] * p2[tail]

    kept3 = (counts3 >= least_triple) & kept2[context]
    mass3 = np.bincount(context[kept3], weights=p3[kept3], minlength=len(keys2))
    lower3 = np.bincount(context[kept3], weights=p2[tail[kept3]], minlength=len(keys2))
    backoff2 = np.log(np.clip(1 - mass3, 1e-4, 1) / np.clip(1 - lower3, 1e-4, 1))

    new_place = np.cumsum(kept2) - 1
    triple_keys = (new_place[context[kept3]].astype(np.uint64) << shift) | third[kept3].astype(
        np.uint64
    )
    order = np.argsort(triple_keys)
    np.savez_compressed(
        path,
        words=np.frombuffer("\n".join(words).encode("utf-8"), dtype=np.uint8),
        unigram=_quantise(np.log(p1)),
        backoff=_quantise(np.minimum(backoff1, 0)),
        pair_keys=_pack_keys(keys2[kept2]),
        pair_scores=_quantise(np.log(p2[kept2])),
        pair_backoffs=_quantise(np.minimum(backoff2[kept2], 0)),
        triple_keys=_pack_keys(triple_keys[order]),
        triple_scores=_quantise(np.log(p3[kept3])[order]),
    )
