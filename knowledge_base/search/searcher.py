"""Finds the procedures that a question may be about."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge_base.schema import Level, Procedure
from knowledge_base.search.encoder import PACKAGED, Encoder, load_encoder
from knowledge_base.search.everyday import FOLDER as EVERYDAY
from knowledge_base.search.everyday import load_everyday
from knowledge_base.search.features import SHOWN, SIGNALS, Measured, measure
from knowledge_base.search.index import Index, index_key
from knowledge_base.search.lexical import query_terms
from knowledge_base.search.postings import Floats, Longs
from knowledge_base.search.ranker import FILE, Ranker
from knowledge_base.search.types import Candidate, Query, SearchResult

_MAX_CHARACTERS = 2_000
_KEPT_INDEXES = 3
_LEVEL_ASKED = [SIGNALS.index("level_asked"), SIGNALS.index("level_missed")]


class Searcher:
    """Searches one catalogue. Safe to use from several threads at once; use :meth:`build`."""

    def __init__(self, index: Index | None, encoder: Encoder | None, ranker: Ranker) -> None:
        """Joins an index with the models it was built for; no index: an empty catalogue."""
        self._index = index
        self._encoder = encoder
        self._ranker = ranker

    @classmethod
    def build(
        cls,
        procedures: Sequence[Procedure],
        model_dir: Path | None = None,
        index_dir: Path | None = None,
        encoder: str = "",
        everyday: Sequence[Path] = (),
    ) -> Searcher:
        """Builds the search over a catalogue.

        Args:
            procedures: The catalogue, each code once; may be empty.
            model_dir: Where ``encoder/`` and ``ranker.json`` stand; None: those of this
                distribution.
            index_dir: Where indexes are kept between starts; None: nowhere. An index is used again
                only for the very same catalogue, lexicon and encoder.
            encoder: Hub name or folder of another sentence-transformers model.
            everyday: Folders of everyday names beside those of this distribution.

        Returns:
            A searcher.

        Raises:
            EncoderError: The encoder cannot be loaded.
            OSError: The ranker is missing.
            ValueError: The ranker was trained for another version.
        """
        folder = model_dir or PACKAGED
        model = load_encoder(encoder or folder / "encoder")
        ranker = Ranker.load(folder / FILE)
        if not procedures:
            return cls(None, model, ranker)
        names = load_everyday(EVERYDAY, *everyday)
        if index_dir is None:
            return cls(Index.build(procedures, names, model), model, ranker)
        path = index_dir / f"search-{index_key(procedures, names, model)}"
        index = Index.load(path)
        if index is None:
            index = Index.build(procedures, names, model)
            index.save(path)
            _prune(index_dir)
            index = Index.load(path) or index  # mapped, so that the arrays it was made of can go
        return cls(index, model, ranker)

    @property
    def encoder(self) -> Encoder | None:
        """What turns texts into vectors; None: the search goes by words alone."""
        return self._encoder

    def search(self, query: Query, top: int = 10) -> SearchResult:
        """Finds the procedures a question may be about.

        Args:
            query: The question.
            top: Largest number of candidates.

        Returns:
            The candidates, best first, and the chance that the catalogue has the answer at all.
        """
        measured = self.measure(query)
        if measured is None or not len(measured.rows) or self._index is None:
            return SearchResult()
        ranked = self._ranker(measured)
        order = self._order(ranked.scores, measured, query.prefer)[:top]
        return SearchResult(
            tuple(
                Candidate(
                    self._index.codes[measured.rows[place]],
                    float(score),
                    float(chance),
                    dict(zip(SIGNALS, measured.candidates[place, :SHOWN].tolist(), strict=False)),
                )
                for place, score, chance in zip(
                    order,
                    np.sort(ranked.scores)[::-1],
                    np.sort(ranked.chances)[::-1],
                    strict=False,
                )
            ),
            ranked.in_catalogue,
        )

    def measure(self, query: Query, without: Longs | None = None) -> Measured | None:
        """Collects and measures the candidates of a question; None if it has no word.

        Args:
            query: The question.
            without: Positions of procedures to leave out, as if the catalogue lacked them.
        """
        text = (query.text or query.typed)[:_MAX_CHARACTERS]
        cut = query_terms(text)
        if self._index is None or not cut.words:
            return None
        vectors = np.empty((0, 0), dtype=np.float32)
        if self._encoder is not None:
            vectors = self._encoder.encode([text.lower()])
        return measure(self._index, cut, vectors, query.prefer, without)

    def _order(self, scores: Floats, measured: Measured, prefer: Sequence[Level]) -> Longs:
        """Sorts candidates; of those that differ in the level only, a preferred one comes first.

        A level that the question itself names is left to the ranker.
        """
        order = np.argsort(-scores, kind="stable")
        index = self._index
        asked = measured.candidates[:, _LEVEL_ASKED].any()
        if index is None or asked or not prefer:
            return order.astype(np.int64)
        wanted = {level: place for place, level in enumerate(prefer)}
        ranks = np.asarray([wanted.get(level, len(wanted)) for level in Level])
        twins = index.twins[measured.rows]
        best = np.where(index.levels[measured.rows] > 0, ranks, len(wanted)).min(axis=1)
        arranged = order.copy()
        shared, sizes = np.unique(twins[order], return_counts=True)
        for twin in shared[sizes > 1]:
            places = np.flatnonzero(twins[order] == twin)
            members = order[places]
            arranged[places] = members[np.argsort(best[members], kind="stable")]
        return arranged.astype(np.int64)


def _prune(folder: Path) -> None:
    """Removes all but the newest indexes; one that is in use stays readable while it is mapped."""
    kept = sorted(folder.glob("search-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[_KEPT_INDEXES:]:
        shutil.rmtree(path, ignore_errors=True)
