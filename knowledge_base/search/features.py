"""Measures how well each candidate fits a question: the numbers that the ranker weighs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge_base.schema import Level
from knowledge_base.search.index import Index
from knowledge_base.search.lexical import QueryTerms, asked_terms
from knowledge_base.search.postings import Floats, Longs, Postings, Visited
from knowledge_base.search.qualifiers import KEYS, asked_flags, speaker_flags
from knowledge_base.search.vectors import nearest

BUDGET = 30_000
"""Index entries that one question may visit in each index while candidates are collected, and half
a one more for each row. The rarest terms come first; the candidates are then scored on all terms.
"""

POOL = 24
"""Rows that each index proposes."""

_SCORES = ("record", "name", "said", "name_grams", "said_grams", "name_vector", "said_vector")
_CUTS = (0.6, 0.4, 0.2, 0.0)
_LEVELS = tuple(Level)
_LEVEL_COLUMNS = {
    Level.COMMUNE: KEYS.index("commune"),
    Level.PROVINCE: KEYS.index("province"),
    Level.MINISTRY: KEYS.index("central"),
}

SIGNALS: tuple[str, ...] = (
    *_SCORES,
    *(f"{score}_share" for score in _SCORES),
    "vector",
    "vector_share",
    "words",
    "words_share",
    "covered",
    "covered_share",
    "name_covered",
    "said_covered",
    "name_used",
    "length",
    "preferred",
    "level_asked",
    "level_missed",
    "for_people",
    "for_organisations",
    "popular",
    "has_said",
    *(f"extra_{key}" for key in KEYS),
    *(f"lacks_{key}" for key in KEYS),
    *(f"both_{key}" for key in KEYS),
)
"""Names of the columns of :attr:`Measured.candidates`."""

SHOWN = len(SIGNALS) - 3 * len(KEYS)
"""How many of them, the first, are worth showing; the others say which qualifiers fit."""

CONTEXT: tuple[str, ...] = (
    *(f"top_{score}" for score in _SCORES),
    "top_vector",
    "top_words",
    "top_covered",
    "second_vector",
    "third_vector",
    "vector_gap",
    "unknown",
    "content_words",
    "words",
    "unknown_pairs",
    "speaks_people",
    "speaks_organisation",
    "asked_qualifiers",
    "outside",
    "outside_gap",
)
"""Names of the columns of :attr:`Measured.context`."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A question and its candidates in numbers.

    Attributes:
        rows: Candidate procedures, rising, shape ``(C,)``.
        candidates: One row a candidate, columns :data:`SIGNALS`, shape ``(C, S)``.
        context: What is known of the question as a whole, columns :data:`CONTEXT`, shape ``(K,)``.
    """

    rows: Longs
    candidates: Floats
    context: Floats


@dataclass(frozen=True, slots=True)
class _Scored:
    """Scores of one inverted index against a question."""

    visited: Visited
    length: float

    def at(self, rows: Longs) -> Floats:
        scaled: Floats = self.visited.at(rows) / np.float32(self.length)
        return scaled


def measure(
    index: Index,
    cut: QueryTerms,
    vectors: npt.NDArray[np.float32],
    prefer: Sequence[Level],
    without: Longs | None = None,
) -> Measured:
    """Collects candidates for a question and measures them.

    Args:
        index: The catalogue.
        cut: The question.
        vectors: Vectors of the question, shape ``(1, dimensions)``, or no rows without an encoder.
        prefer: Preferred levels of government.
        without: Procedures to leave out, as if the catalogue lacked them.

    Returns:
        At most a few hundred candidates.
    """
    record = _score(index.records, cut, cosine=False)
    phrase = _score(index.phrases, cut, cosine=True)
    gram = _score(index.grams, cut, cosine=True, grams=True)
    vector = vectors[0] if len(vectors) else None
    rows = _pool(index, (record, phrase, gram), vector, without)
    scores = np.zeros((len(_SCORES), len(rows)), dtype=np.float32)
    said_rows, said_from, has_said = _said(index, rows)
    scores[0] = record.at(rows)
    scores[1] = phrase.at(rows)
    scores[2] = _most(phrase.at(said_rows), said_from, has_said)
    scores[3] = gram.at(rows)
    scores[4] = _most(gram.at(said_rows), said_from, has_said)
    if vector is not None and index.nearest is not None:
        scores[5] = _close(index, rows, vector)
        scores[6] = _most(_close(index, said_rows, vector), said_from, has_said)
    words, pairs = cut.terms[: len(cut.words)], cut.terms[len(cut.words) :]
    seen = phrase.visited
    of_record = asked_terms(index.records, record.visited.matched, words, cut.content)
    of_phrase = asked_terms(index.phrases, seen.matched, words, cut.content)
    in_record, _ = record.visited.holds(rows)
    in_each, known = seen.holds(np.concatenate([rows, said_rows]))
    in_name, in_said = in_each[: len(rows)], in_each[len(rows) :]
    covered, name_covered = of_record.covered(in_record), of_phrase.covered(in_name)
    best_vector = np.maximum(scores[5], scores[6])
    best_words = np.maximum(scores[1], scores[2])
    asked, speaks = asked_flags(cut.told), speaker_flags(cut.told)
    columns = [
        *scores,
        *(_share(row) for row in scores),
        best_vector,
        _share(best_vector),
        best_words,
        _share(best_words),
        covered,
        _share(covered),
        name_covered,
        _most(of_phrase.covered(in_said), said_from, has_said),
        known[: len(rows)] / np.maximum(index.phrases.row_sums(rows), 1e-6),
        np.log1p(index.lengths[rows]),
        *_fit(index, asked, speaks, prefer, rows),
        index.popular[rows],
        has_said.astype(np.float32),
    ]
    named = index.qualifiers[rows]
    flags = (named * (1 - asked), (1 - named) * asked, named * asked)
    candidates = np.concatenate([np.stack(columns, axis=1), *flags], axis=1).astype(np.float32)
    ordered = np.sort(best_vector)[::-1]
    ordered = np.concatenate([ordered, np.zeros(3, dtype=np.float32)])
    met = np.isin(pairs, index.phrases.terms[seen.matched.positions])
    outside = 0.0
    if vector is not None and len(index.outside):
        outside = float(np.einsum("ij,j->i", index.outside, vector).max())
    context = np.asarray(
        [
            *(row.max(initial=0.0) for row in scores),
            ordered[0],
            best_words.max(initial=0.0),
            covered.max(initial=0.0),
            ordered[1],
            ordered[2],
            ordered[0] - ordered[1],
            (of_record.unknown_share() + of_phrase.unknown_share()) / 2,
            np.log1p(float((cut.content >= 1).sum())),
            np.log1p(float(len(cut.words))),
            1 - met.mean() if len(pairs) else 1.0,
            *speaks,
            asked.sum(),
            outside,
            ordered[0] - outside,
        ],
        dtype=np.float32,
    )
    return Measured(rows, candidates, context)


def _score(postings: Postings, cut: QueryTerms, *, cosine: bool, grams: bool = False) -> _Scored:
    matched = postings.match(cut.grams) if grams else postings.match(cut.terms, cut.weights)
    visited = postings.visit(matched, BUDGET + postings.size // 2)
    norm = np.sqrt(np.square(matched.weights).sum()) if cosine else matched.weights.sum()
    return _Scored(visited, max(1e-6, float(norm)))


def _pool(
    index: Index,
    scored: tuple[_Scored, _Scored, _Scored],
    vector: npt.NDArray[np.float32] | None,
    without: Longs | None,
) -> Longs:
    count = len(index.codes)
    record, phrase, gram = scored
    found = [_highest(record.visited.scores, POOL)]
    for scores in (phrase.visited.scores, gram.visited.scores):
        found.append(_highest(scores[:count], POOL))
        found.append(index.owners[count + _highest(scores[count:], POOL)])
    if vector is not None and index.nearest is not None:
        found.append(index.owners[nearest(index.nearest, vector, 3 * POOL)])
    rows = np.unique(np.concatenate(found)).astype(np.int64)
    return rows if without is None else np.setdiff1d(rows, without)


def _highest(scores: Floats, count: int) -> Longs:
    """Returns the rows with the highest scores above 0, at most ``count``, in no order."""
    top = float(scores.max(initial=0.0))
    rows: Longs = np.empty(0, dtype=np.int64)
    for share in _CUTS if top > 0 else ():
        rows = np.flatnonzero(scores > np.float32(share * top))
        if len(rows) >= count:
            break
    if len(rows) > count:
        best = np.argpartition(scores[rows], len(rows) - count)[len(rows) - count :]
        rows = rows[best]
    return rows


def _said(index: Index, rows: Longs) -> tuple[Longs, Longs, npt.NDArray[np.bool_]]:
    """Returns the everyday phrases of some procedures, where each one's begin, and who has any."""
    starts, ends = index.said_start[rows], index.said_start[rows + 1]
    lengths = ends - starts
    offsets = np.cumsum(lengths) - lengths
    total = int(lengths.sum())
    said = np.arange(total) + np.repeat(starts - offsets, lengths) + len(index.codes)
    return said, offsets[lengths > 0], lengths > 0


def _most(values: Floats, starts: Longs, has: npt.NDArray[np.bool_]) -> Floats:
    """Returns the largest value of each group; 0 for a group without members."""
    most = np.zeros(len(has), dtype=np.float32)
    if len(values):
        most[has] = np.maximum.reduceat(values, starts)
    return most


def _close(index: Index, rows: Longs, vector: npt.NDArray[np.float32]) -> Floats:
    """Returns the cosines of some phrases with a question, shape ``(C,)``."""
    # Not "@": BLAS would wake a second thread for a product that takes microseconds.
    cosines: Floats = np.einsum(
        "ij,j->i", index.vectors[rows].astype(np.float32, copy=False), vector
    )
    return cosines


def _share(values: Floats) -> Floats:
    """Divides scores by their maximum; nothing falls below -1."""
    share: Floats = np.clip(values / max(1e-3, float(values.max(initial=0.0))), -1, 1)
    return share


def _fit(
    index: Index, asked: Floats, speaks: Floats, prefer: Sequence[Level], rows: Longs
) -> list[Floats]:
    """Measures how level and audience fit."""
    levels = index.levels[rows]
    wanted = np.asarray([float(level in prefer) for level in _LEVELS], dtype=np.float32)
    named = np.zeros(len(_LEVELS), dtype=np.float32)
    for level, column in _LEVEL_COLUMNS.items():
        named[_LEVELS.index(level)] = asked[column]
    audiences = index.audiences[rows]
    met = _any(levels, named)
    return [
        _any(levels, wanted),
        met,
        np.float32(named.any()) * (1 - met),
        speaks[0] * (1 - speaks[1]) * audiences[:, 0],
        speaks[1] * audiences[:, 1],
    ]


def _any(levels: Floats, chosen: Floats) -> Floats:
    """Tells which procedures are handled at one of the chosen levels, shape ``(C,)``, 0 or 1."""
    met: Floats = (levels[:, chosen > 0] > 0).any(axis=1).astype(np.float32)
    return met
