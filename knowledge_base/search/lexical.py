"""The lexical half of the search: whole records, their names, and what people call them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge_base.schema import Procedure
from knowledge_base.search.filler import content_weights, without_expressions
from knowledge_base.search.phrases import Phrase
from knowledge_base.search.postings import Floats, Ints, Matched, Postings, bm25, cosine
from knowledge_base.search.text import (
    MAX_WORDS,
    Terms,
    folded_words,
    gram_terms,
    pair_terms,
    split_words,
    word_terms,
)
from vietnamese.fold import fold_syllable

FIELD_WEIGHTS = {"name": 1.0, "said": 0.3, "field": 0.2, "agency": 0.05, "long": 0.03}
"""How much a word counts in each part of a record, as measured on formal and everyday questions."""

_LENGTH_NORM = {"name": 0.5, "said": 0.75, "field": 0.5, "agency": 0.75, "long": 0.75}
_LONG_WORDS = 250


@dataclass(frozen=True, slots=True)
class QueryTerms:
    """A question cut into terms.

    Attributes:
        words: Its stripped words.
        content: How much each word counts, shape ``(W,)``.
        told: The question in which what only asks is left out, for finding qualifiers.
        terms: Words and pairs of neighbours, as the word indexes know them.
        weights: How much each of ``terms`` counts.
        grams: Its character n-grams.
    """

    words: list[str]
    content: Floats
    told: str
    terms: Terms
    weights: Floats
    grams: Terms


def query_terms(text: str) -> QueryTerms:
    """Cuts a question into terms; looks at its first words only when it is very long."""
    marked = split_words(text, MAX_WORDS)
    words = [fold_syllable(word) for word in marked]
    content = np.asarray(content_weights(marked), dtype=np.float32)
    kept = [word for word, weight in zip(words, content, strict=True) if weight >= 1]
    pairs = np.maximum(content[:-1], content[1:])
    return QueryTerms(
        words=words,
        content=content,
        told=without_expressions(marked),
        terms=np.concatenate([word_terms(words), pair_terms(words)]),
        weights=np.concatenate([content, pairs]),
        grams=gram_terms(kept or words),
    )


def record_postings(procedures: Sequence[Procedure], phrases: Sequence[Phrase]) -> Postings:
    """Indexes whole records by BM25F over stripped words and their pairs.

    Args:
        procedures: The catalogue, one row each.
        phrases: Its phrases, as :func:`knowledge_base.search.phrases.phrases_of` returns them.

    Returns:
        An index with ``len(procedures)`` rows.
    """
    texts: dict[str, list[list[str]]] = {p: [[] for _ in procedures] for p in FIELD_WEIGHTS}
    for phrase in phrases:
        texts["name" if phrase.official else "said"][phrase.owner].append(phrase.text)
    for row, procedure in enumerate(procedures):
        texts["field"][row].append(procedure.field)
        texts["agency"][row] += [procedure.executing_agency, procedure.competent_agency]
        documents = (d.name for group in procedure.documents for d in group.documents)
        texts["long"][row] += [*procedure.result, procedure.purpose, *documents]
    rows: list[Ints] = []
    terms: list[Terms] = []
    counts: list[Floats] = []
    for part, weight in FIELD_WEIGHTS.items():
        limit = _LONG_WORDS if part == "long" else None
        part_rows, part_terms, lengths = _occurrences(texts[part], _words_and_pairs, limit)
        average = max(1.0, float(lengths.mean())) if len(lengths) else 1.0
        norm = 1 - _LENGTH_NORM[part] + _LENGTH_NORM[part] * lengths / average
        rows.append(part_rows)
        terms.append(part_terms)
        counts.append((weight / np.maximum(norm, 1e-6))[part_rows].astype(np.float32))
    return bm25(
        np.concatenate(rows), np.concatenate(terms), np.concatenate(counts), len(procedures)
    )


def phrase_postings(phrases: Sequence[Phrase]) -> Postings:
    """Indexes each phrase by the cosine over its stripped words and their pairs."""
    owners = np.asarray([phrase.owner for phrase in phrases], dtype=np.int32)
    rows, terms, _ = _occurrences([[phrase.text] for phrase in phrases], _words_and_pairs, None)
    return cosine(rows, terms, len(phrases), owners)


def gram_postings(phrases: Sequence[Phrase]) -> Postings:
    """Indexes each phrase by the cosine over its character n-grams."""
    owners = np.asarray([phrase.owner for phrase in phrases], dtype=np.int32)
    rows, terms, _ = _occurrences([[phrase.text] for phrase in phrases], gram_terms, None)
    return cosine(rows, terms, len(phrases), owners)


@dataclass(frozen=True, slots=True)
class Asked:
    """Some terms of a question as one index knows them.

    Attributes:
        columns: Which of the terms that the index matched they are, shape ``(Q,)``.
        rarity: How much each counts: the rarer and the less of a filler, the more, shape ``(Q,)``.
        unknown: Rarity of each of the terms that no row of the index has, shape ``(U,)``.
    """

    columns: npt.NDArray[np.int64]
    rarity: Floats
    unknown: Floats

    @property
    def total(self) -> float:
        """What all of them count."""
        return max(1e-6, float(self.rarity.sum()) + float(self.unknown.sum()))

    def unknown_share(self) -> float:
        """The share of the question's weight that no row of the index has; 1 without any term."""
        if not len(self.rarity) and not len(self.unknown):
            return 1.0
        return float(self.unknown.sum()) / self.total

    def covered(self, held: npt.NDArray[np.bool_]) -> Floats:
        """The share of the question's weight that each candidate has.

        Args:
            held: Which candidate has which matched term, shape ``(C, M)``.
        """
        share: Floats = np.einsum(
            "ij,j->i", held[:, self.columns], self.rarity / np.float32(self.total)
        )
        return share


def asked_terms(postings: Postings, matched: Matched, terms: Terms, weights: Floats) -> Asked:
    """Looks some terms of a question up among those that an index matched.

    Args:
        postings: The index.
        matched: What it knows of the whole question.
        terms: Terms in any order, shape ``(N,)``.
        weights: How much each counts, shape ``(N,)``.
    """
    unique, first = np.unique(terms, return_index=True)
    counts = weights[first]
    if not len(matched.positions):
        nowhere = np.empty(0, dtype=np.int64)
        return Asked(nowhere, np.empty(0, dtype=np.float32), counts.astype(np.float32))
    have = postings.terms[matched.positions]
    places = np.minimum(np.searchsorted(have, unique), len(have) - 1)
    known = have[places] == unique
    columns = places[known].astype(np.int64)
    rarity = postings.idf[matched.positions[columns]] * counts[known]
    unknown = postings.idf_max * counts[~known]
    return Asked(columns, rarity.astype(np.float32), unknown.astype(np.float32))


def _words_and_pairs(words: list[str]) -> Terms:
    return np.concatenate([word_terms(words), pair_terms(words)])


def _occurrences(
    texts: Sequence[Sequence[str]], cut: Callable[[list[str]], Terms], limit: int | None
) -> tuple[Ints, Terms, Floats]:
    """Cuts the texts of each row; returns row and term of each occurrence, and words a row."""
    terms: list[Terms] = []
    counts = np.zeros(len(texts), dtype=np.int64)
    lengths = np.zeros(len(texts), dtype=np.float32)
    for row, parts in enumerate(texts):
        for part in parts:
            words = folded_words(part, limit)
            found = cut(words)
            terms.append(found)
            counts[row] += len(found)
            lengths[row] += len(words)
    rows = np.repeat(np.arange(len(texts), dtype=np.int32), counts)
    return rows, np.concatenate(terms) if terms else np.empty(0, dtype=np.uint64), lengths
