"""Measures finding alone: our search against simple baselines, on the same questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from evaluation.calibration import brier, expected_error
from evaluation.dataset import Behavior, Question
from evaluation.generate import Tell, silent
from evaluation.intervals import Proportion
from knowledge_base.schema import Procedure
from knowledge_base.search import Query, Searcher
from vietnamese.fold import fold
from vietnamese.reader import Reader
from vietnamese.segment import segment

TOP = 10
_SYLLABLE = re.compile(r"[^\W_]+")


class Finder(Protocol):
    """Anything that ranks the procedures of a catalogue for a question."""

    def __call__(self, text: str) -> Sequence[str]:
        """Returns national codes, best first, at most ten."""
        ...


class OurFinder:
    """The search of the product, with the reading that comes before it."""

    def __init__(self, searcher: Searcher, reader: Reader) -> None:
        """Takes the search and the reader."""
        self._searcher = searcher
        self._reader = reader

    def __call__(self, text: str) -> Sequence[str]:
        """Reads the question and finds."""
        return [code for code, _ in self.candidates(text)[0]]

    def candidates(self, text: str) -> tuple[list[tuple[str, float]], float]:
        """Finds, and returns codes with probabilities, and the chance of being in scope."""
        reading = self._reader.read(text)
        result = self._searcher.search(Query(reading.restored, reading.normalised), top=TOP)
        found = [(candidate.code, candidate.probability) for candidate in result.candidates]
        return found, result.in_catalogue


class Bm25Finder:
    """BM25 (Okapi) over official name and field, cut by a tokenizer."""

    def __init__(
        self, procedures: Sequence[Procedure], tokenize: Callable[[str], Sequence[str]]
    ) -> None:
        """Indexes the catalogue."""
        from rank_bm25 import BM25Okapi  # type: ignore[import-untyped]

        self._codes = [procedure.code for procedure in procedures]
        self._tokenize = tokenize
        self._index = BM25Okapi([tokenize(_document(procedure)) for procedure in procedures])

    def __call__(self, text: str) -> Sequence[str]:
        """Ranks; a question without a known word finds nothing."""
        scores = np.asarray(self._index.get_scores(list(self._tokenize(text))))
        return _best(self._codes, scores)


class TfidfFinder:
    """TF-IDF of character n-grams (2 to 5) over folded official names, cosine."""

    def __init__(self, procedures: Sequence[Procedure]) -> None:
        """Indexes the catalogue."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._codes = [procedure.code for procedure in procedures]
        self._vectorizer = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), preprocessor=fold, sublinear_tf=True
        )
        self._matrix: Any = self._vectorizer.fit_transform([p.name for p in procedures])

    def __call__(self, text: str) -> Sequence[str]:
        """Ranks by cosine."""
        query = self._vectorizer.transform([text])
        return _best(self._codes, np.asarray((self._matrix @ query.T).todense()).ravel())


class TransformerFinder:
    """A sentence-transformers model over official names, cosine; nothing else."""

    def __init__(self, procedures: Sequence[Procedure], model: str) -> None:
        """Loads the model by hub name or folder and encodes the catalogue.

        Raises:
            ImportError: When the extra ``transformers`` is not installed.
            OSError: When there is no such model.
        """
        from sentence_transformers import SentenceTransformer

        self._codes = [procedure.code for procedure in procedures]
        self._model = SentenceTransformer(model, device="cpu")
        self._vectors = self._encode([procedure.name for procedure in procedures])

    def __call__(self, text: str) -> Sequence[str]:
        """Ranks by cosine."""
        return _best(self._codes, self._vectors @ self._encode([text])[0])

    def _encode(self, texts: Sequence[str]) -> Any:
        return self._model.encode(
            list(texts), normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )


def baselines(procedures: Sequence[Procedure], transformer: str = "") -> dict[str, Finder]:
    """Makes the baselines over a catalogue.

    Args:
        procedures: The catalogue.
        transformer: Hub name or folder of a sentence-transformers model; empty: without one.
    """
    finders: dict[str, Finder] = {
        "BM25, syllables": Bm25Finder(procedures, syllables),
        "BM25, underthesea words": Bm25Finder(procedures, words),
        "TF-IDF, character n-grams": TfidfFinder(procedures),
    }
    if transformer:
        finders["sentence-transformers"] = TransformerFinder(procedures, transformer)
    return finders


@dataclass(frozen=True, slots=True)
class Ranked:
    """One question with the rank of the first right procedure, 1 for first; None: not in ten."""

    question: Question
    rank: int | None


def rank(
    finder: Finder,
    questions: Sequence[Question],
    tell: Tell = silent,
    what: str = "finding",
) -> list[Ranked]:
    """Asks a finder every question that finding can be measured on."""
    asked = [question for question in questions if question.findable]
    ranked = []
    for done, question in enumerate(asked, start=1):
        gold = set(question.gold)
        codes = finder(question.turns[-1])[:TOP]
        place = next((i for i, code in enumerate(codes, start=1) if code in gold), None)
        ranked.append(Ranked(question, place))
        tell(what, done, len(asked))
    return ranked


def evaluate_ranks(ranked: Sequence[Ranked]) -> dict[str, float]:
    """Measures ranks: Acc@1, @3, @10 and MRR@10, each a share in [0, 1]."""
    if not ranked:
        return {"n": 0.0}
    figures = {f"acc@{top}": within(ranked, top).value for top in (1, 3, 10)}
    mean = sum(1 / r.rank for r in ranked if r.rank is not None) / len(ranked)
    return {**figures, "mrr@10": mean, "n": float(len(ranked))}


def within(ranked: Sequence[Ranked], top: int) -> Proportion:
    """The share of questions whose right procedure is among the first ``top``."""
    return Proportion.of([r.rank is not None and r.rank <= top for r in ranked])


def ranks_by_manner(ranked: Sequence[Ranked]) -> dict[str, list[Ranked]]:
    """Splits by manner of writing, in the order of the names."""
    groups: dict[str, list[Ranked]] = {}
    for one in sorted(ranked, key=lambda one: one.question.manner):
        groups.setdefault(one.question.manner, []).append(one)
    return groups


@dataclass(frozen=True, slots=True)
class Chances:
    """Probabilities of the search with what came true, one for each question.

    Attributes:
        first: Probability of the first candidate.
        first_right: Whether it is a right one.
        inside: Probability that the catalogue holds the answer.
        inside_right: Whether it does.
    """

    first: tuple[float, ...]
    first_right: tuple[bool, ...]
    inside: tuple[float, ...]
    inside_right: tuple[bool, ...]


def chances(finder: OurFinder, questions: Sequence[Question]) -> Chances:
    """Collects the probabilities of single-turn questions, in scope or not."""
    first, first_right, inside, inside_right = [], [], [], []
    outside = {Behavior.REFUSE_OOS, Behavior.NOT_KNOWN}
    for question in questions:
        if not (question.findable or question.expected in outside) or len(question.turns) > 1:
            continue
        found, chance = finder.candidates(question.turns[-1])
        inside.append(chance)
        inside_right.append(question.findable)
        if found:
            first.append(found[0][1])
            first_right.append(found[0][0] in question.gold)
    return Chances(tuple(first), tuple(first_right), tuple(inside), tuple(inside_right))


def evaluate_chances(of: Chances) -> dict[str, float]:
    """Measures the calibration of both probabilities of the search."""
    figures: dict[str, float] = {}
    for name, given, came in (
        ("first", of.first, of.first_right),
        ("in_catalogue", of.inside, of.inside_right),
    ):
        if given:
            figures[f"{name}_ece"] = expected_error(given, came)
            figures[f"{name}_brier"] = brier(given, came)
            figures[f"{name}_n"] = float(len(given))
    return figures


def syllables(text: str) -> list[str]:
    """Cuts a text into lower-case syllables as typed."""
    return _SYLLABLE.findall(text.lower())


def words(text: str) -> list[str]:
    """Cuts a text into lower-case words with underthesea."""
    return [word for word in segment(text.lower()) if _SYLLABLE.search(word)]


def _document(procedure: Procedure) -> str:
    return f"{procedure.name} {procedure.field}"


def _best(codes: Sequence[str], scores: Any) -> list[str]:
    order = np.argsort(-scores, kind="stable")[:TOP]
    return [codes[place] for place in order if scores[place] > 0]
