"""Finds the procedures that a question may be about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge_base.schema import Level, Procedure
from knowledge_base.search.everyday import load_everyday
from knowledge_base.search.lexical import (
    coverage,
    gram_postings,
    phrase_postings,
    query_terms,
    record_postings,
)
from knowledge_base.search.phrases import phrases_of
from knowledge_base.search.postings import Floats
from knowledge_base.search.types import Candidate, Query, SearchResult

BUDGET = 600_000
"""Index entries that one question may visit while candidates are collected."""

POOL = 40
"""Rows that each index proposes."""


class Searcher:
    """Searches one catalogue. Safe to use from several threads at once.

    Use :meth:`build`.
    """

    def __init__(self, procedures: Sequence[Procedure]) -> None:
        self._codes = [p.code for p in procedures]
        self._commune = np.asarray(
            [Level.COMMUNE in p.levels for p in procedures], dtype=np.float32
        )
        self._levels = [frozenset(p.levels) for p in procedures]
        phrases = phrases_of(procedures, load_everyday())
        self._owners = np.asarray([p.owner for p in phrases], dtype=np.int64)
        self._records = record_postings(procedures, phrases)
        self._phrases = phrase_postings(phrases)
        self._grams = gram_postings(phrases)

    @classmethod
    def build(
        cls,
        procedures: Sequence[Procedure],
        model_dir: Path | None = None,
        index_dir: Path | None = None,
    ) -> Searcher:
        """Builds the search over a catalogue.

        Args:
            procedures: The catalogue, each code once.
            model_dir: Where the trained models stand; None: those of this distribution.
            index_dir: Where the index is kept between starts; None: nowhere.

        Returns:
            A searcher.
        """
        return cls(procedures)

    def search(self, query: Query, top: int = 10) -> SearchResult:
        """Finds the procedures a question may be about.

        Args:
            query: The question.
            top: Largest number of candidates.

        Returns:
            The candidates, best first.
        """
        cut = query_terms(query.text)
        if not self._codes or not cut.words:
            return SearchResult()
        count = len(self._codes)
        record, _ = self._records.score_all(self._records.match(cut.terms, cut.weights), BUDGET)
        phrase, _ = self._phrases.score_all(self._phrases.match(cut.terms, cut.weights), BUDGET)
        gram, _ = self._grams.score_all(self._grams.match(cut.grams), BUDGET)
        signals = {
            "record": record,
            "name": phrase[:count],
            "name_grams": gram[:count],
            "said": self._best(phrase[count:]),
            "said_grams": self._best(gram[count:]),
        }
        pool = np.unique(
            np.concatenate([np.argsort(-s, kind="stable")[:POOL] for s in signals.values()])
        )
        chosen = {name: (s / max(1e-6, float(s.max())))[pool] for name, s in signals.items()}
        covered, unknown = coverage(self._records, cut, pool)
        preferred = np.asarray(
            [float(bool(self._levels[row] & set(query.prefer))) for row in pool], dtype=np.float32
        )
        score = (
            chosen["record"]
            + 0.5 * chosen["name"]
            + 0.5 * chosen["name_grams"]
            + 0.8 * chosen["said"]
            + 0.4 * chosen["said_grams"]
            + 0.5 * covered
            + 0.15 * preferred
        )
        order = np.argsort(-score, kind="stable")[:top]
        spread = np.exp(6 * (score[order] - score[order[0]]))
        known = float(covered.max()) if len(covered) else 0.0
        in_catalogue = float(np.clip(known * (1 - unknown), 0, 1))
        chance = spread / spread.sum() * in_catalogue
        return SearchResult(
            tuple(
                Candidate(
                    self._codes[pool[i]],
                    float(score[i]),
                    float(p),
                    {name: float(values[i]) for name, values in chosen.items()}
                    | {"covered": float(covered[i])},
                )
                for i, p in zip(order, chance, strict=True)
            ),
            in_catalogue,
        )

    def _best(self, scores: Floats) -> Floats:
        best = np.zeros(len(self._codes), dtype=np.float32)
        np.maximum.at(best, self._owners[len(self._codes) :], scores)
        return best
