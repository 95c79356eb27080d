"""An inverted index of weighted terms, as flat arrays that can be memory-mapped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from knowledge_base.search.text import Terms

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Offsets = npt.NDArray[np.int32 | np.int64]

BM25_K1 = 1.2


@dataclass(frozen=True, slots=True)
class Matched:
    """The terms of one question that an index knows.

    Attributes:
        positions: Their positions in :attr:`Postings.terms`, rising, shape ``(Q,)``.
        weights: Their weights in the question, shape ``(Q,)``.
    """

    positions: Longs
    weights: Floats


@dataclass(frozen=True)
class Postings:
    """Weights of terms in rows, in term order (to score all rows) and in row order (some rows).

    Attributes:
        terms: Sorted term numbers, shape ``(T,)``.
        idf: Inverse document frequency of each term, shape ``(T,)``.
        term_start: Where each term's entries begin, shape ``(T + 1,)``.
        rows: Row of each entry in term order, shape ``(E,)``.
        weights: Weight of each entry in term order, shape ``(E,)``.
        row_start: Where each row's entries begin in row order, shape ``(R + 1,)``.
        columns: Term position of each entry in row order, shape ``(E,)``.
        row_weights: Weight of each entry in row order, shape ``(E,)``.
    """

    terms: Terms
    idf: Floats
    term_start: Offsets
    rows: Ints
    weights: Floats
    row_start: Offsets
    columns: Ints
    row_weights: Floats

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(self.row_start) - 1

    @cached_property
    def _by_row(self) -> sparse.csr_matrix:
        shape = (self.size, len(self.terms))
        data = (self.row_weights, self.columns, self.row_start)
        return sparse.csr_matrix(data, shape, copy=False)

    @cached_property
    def idf_max(self) -> float:
        """Rarity of the rarest term; 0 for an index without any."""
        return float(self.idf.max(initial=0.0))

    @classmethod
    def from_matrix(cls, terms: Terms, idf: Floats, matrix: sparse.csr_matrix) -> Postings:
        """Lays a weighted matrix of shape ``(rows, terms)`` out in both orders."""
        by_row = matrix.tocsr().astype(np.float32)
        by_row.sort_indices()
        by_term = by_row.tocsc()
        return cls(
            terms=terms,
            idf=idf.astype(np.float32),
            term_start=by_term.indptr,
            rows=by_term.indices.astype(np.int32),
            weights=by_term.data,
            row_start=by_row.indptr,
            columns=by_row.indices.astype(np.int32),
            row_weights=by_row.data,
        )

    def match(self, terms: Terms, weights: Floats | None = None) -> Matched:
        """Looks the terms of a question up.

        Args:
            terms: Terms in any order; a repeated one counts once, at its largest weight.
            weights: How much each counts, shape as ``terms``; None: all the same.

        Returns:
            The known terms, each weighted by its rarity.
        """
        if not len(terms) or not len(self.terms):
            return Matched(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))
        places = np.minimum(np.searchsorted(self.terms, terms), len(self.terms) - 1)
        known = self.terms[places] == terms
        places = places[known].astype(np.int64)
        if weights is None:
            unique = np.unique(places)
            return Matched(unique, self.idf[unique])
        unique, inverse = np.unique(places, return_inverse=True)
        largest = np.zeros(len(unique), dtype=np.float32)
        np.maximum.at(largest, inverse, weights[known])
        return Matched(unique, self.idf[unique] * largest)

    def visit(self, matched: Matched, budget: int) -> Visited:
        """Scores every row against a question.

        Args:
            matched: The question.
            budget: Largest number of entries to visit; the rarest terms come first.
        """
        starts = self.term_start[matched.positions]
        lengths = (self.term_start[matched.positions + 1] - starts).astype(np.int64)
        complete = int(lengths.sum()) <= budget
        kept = np.arange(len(lengths))
        if not complete:
            order = np.argsort(lengths, kind="stable")
            kept = order[np.cumsum(lengths[order]) <= budget]
        spans = [slice(s, s + n) for s, n in zip(starts[kept], lengths[kept], strict=True)]
        rows = np.concatenate([self.rows[span] for span in spans] or [self.rows[:0]])
        weights = np.concatenate([self.weights[span] for span in spans] or [self.weights[:0]])
        which = np.repeat(np.arange(len(spans), dtype=np.int32), lengths[kept])
        scores = np.bincount(rows, weights * matched.weights[kept][which], minlength=self.size)
        return Visited(self, matched, scores.astype(np.float32), complete, rows, which, weights)

    def score_rows(self, matched: Matched, chosen: Longs) -> Floats:
        """Scores some rows against a question, all terms counted.

        Args:
            matched: The question.
            chosen: Rows, shape ``(C,)``.

        Returns:
            Scores of shape ``(C,)``.
        """
        looked_up = np.zeros(len(self.terms), dtype=np.float32)
        looked_up[matched.positions] = matched.weights
        scores: Floats = self._by_row[chosen] @ looked_up
        return scores

    def row_sums(self, chosen: Longs) -> Floats:
        """Sums the weights of some rows; takes and returns shape ``(C,)``."""
        found, row = _spans(self.row_start, chosen)
        return np.bincount(row, self.row_weights[found], minlength=len(chosen)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Visited:
    """An index as one question saw it.

    Attributes:
        postings: The index.
        matched: The question.
        scores: Score of each row by the entries that were visited, shape ``(R,)``.
        complete: Whether all terms were visited.
        rows: Row of each visited entry, shape ``(E,)``.
        which: Which of the visited terms it belongs to, shape ``(E,)``.
        weights: Its weight, shape ``(E,)``.
    """

    postings: Postings
    matched: Matched
    scores: Floats
    complete: bool
    rows: Ints
    which: Ints
    weights: Floats

    def at(self, chosen: Longs) -> Floats:
        """Scores of some rows, all terms counted; takes and returns shape ``(C,)``."""
        if self.complete:
            return self.scores[chosen]
        return self.postings.score_rows(self.matched, chosen)

    def holds(self, chosen: Longs) -> tuple[npt.NDArray[np.bool_], Floats]:
        """Tells which rows hold which terms of the question.

        Args:
            chosen: Rows, each once, shape ``(C,)``.

        Returns:
            Whether each row holds each term, shape ``(C, Q)``, and what the terms that it holds
            weigh in it, shape ``(C,)``.
        """
        held = np.zeros((len(chosen), len(self.matched.positions)), dtype=np.bool_)
        if self.complete:
            place = np.full(self.postings.size, -1, dtype=np.int32)
            place[chosen] = np.arange(len(chosen))
            row, weights = place[self.rows], self.weights
            column = self.which
            hit = np.flatnonzero(row >= 0)
        else:
            found, owner = _spans(self.postings.row_start, chosen)
            row = owner.astype(np.int32)
            place = np.full(len(self.postings.terms), -1, dtype=np.int32)
            place[self.matched.positions] = np.arange(len(self.matched.positions))
            column, weights = place[self.postings.columns[found]], self.postings.row_weights[found]
            hit = np.flatnonzero(column >= 0)
        held[row[hit], column[hit]] = True
        known = np.bincount(row[hit], weights[hit], minlength=len(chosen))
        return held, known.astype(np.float32)


def _spans(starts: Offsets, chosen: Longs) -> tuple[Longs, Longs]:
    """Lists the places of some spans, and which span each place belongs to.

    Args:
        starts: Where each span begins; the next one's beginning is its end.
        chosen: Which spans, shape ``(C,)``.
    """
    first = starts[chosen].astype(np.int64)
    lengths = starts[chosen + 1] - first
    which = np.repeat(np.arange(len(chosen)), lengths)
    before = np.cumsum(lengths) - lengths
    return np.arange(len(which)) + (first - before)[which], which


def cosine(rows: Ints, terms: Terms, size: int, owners: Ints) -> Postings:
    """Builds a TF-IDF index whose rows have unit length.

    Args:
        rows: Row of each occurrence, shape ``(E,)``.
        terms: Term of each occurrence, shape ``(E,)``.
        size: Number of rows.
        owners: What each row belongs to; rarity is counted over owners, shape ``(size,)``.

    Returns:
        The index; a row's score against a question is the cosine times the question's length.
    """
    known, columns = np.unique(terms, return_inverse=True)
    shape = (size, len(known))
    counts = sparse.coo_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape).tocsr()
    idf = _idf(owners[rows], columns, len(known), int(owners.max()) + 1 if len(owners) else 0)
    counts.data = 1 + np.log(counts.data)
    weighted = counts @ sparse.diags(idf)
    norms = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    scale = sparse.diags(1 / np.maximum(norms, 1e-9))
    return Postings.from_matrix(known, idf, (scale @ weighted).tocsr())


def bm25(rows: Ints, terms: Terms, counts: Floats, size: int) -> Postings:
    """Builds a BM25F index.

    Args:
        rows: Row of each occurrence, shape ``(E,)``.
        terms: Term of each occurrence, shape ``(E,)``.
        counts: Occurrences already weighted by field and field length, shape ``(E,)``.
        size: Number of rows.

    Returns:
        The index; a row's score is the sum over the question's terms.
    """
    known, columns = np.unique(terms, return_inverse=True)
    matrix = sparse.coo_matrix((counts, (rows, columns)), (size, len(known))).tocsr()
    matrix.sum_duplicates()
    idf = _idf(rows, columns, len(known), size)
    matrix.data = matrix.data * (BM25_K1 + 1) / (matrix.data + BM25_K1)
    return Postings.from_matrix(known, idf, matrix)


def _idf(owners: Ints, columns: Longs, width: int, size: int) -> Floats:
    pairs = np.unique(owners.astype(np.int64) * max(1, width) + columns)
    frequency = np.bincount(pairs % max(1, width), minlength=width)
    return np.log1p((size - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
