from __future__ import annotations

import numpy as np
import pytest

from knowledge_base.search.postings import Postings, bm25, cosine
from knowledge_base.search.text import pair_terms, word_terms

DOCUMENTS = ["dang ky khai sinh", "dang ky ket hon", "khai tu", "dang ky dang ky xe may cu"]


def occurrences() -> tuple[np.ndarray, np.ndarray]:
    terms = [word_terms(text.split()) for text in DOCUMENTS]
    rows = np.repeat(np.arange(len(terms), dtype=np.int32), [len(t) for t in terms])
    return rows, np.concatenate(terms)


@pytest.fixture(scope="module")
def index() -> Postings:
    rows, terms = occurrences()
    return cosine(rows, terms, len(DOCUMENTS), np.arange(len(DOCUMENTS), dtype=np.int32))


def test_a_row_against_itself_has_cosine_one(index: Postings) -> None:
    matched = index.match(word_terms(["dang", "ky", "ket", "hon"]))
    visited = index.visit(matched, 10_000)
    scores = visited.scores
    assert visited.complete
    assert scores[1] / np.linalg.norm(matched.weights) == pytest.approx(1, abs=1e-6)
    assert scores.argmax() == 1


def test_scoring_some_rows_is_scoring_all(index: Postings) -> None:
    matched = index.match(word_terms(["khai", "sinh", "xe", "dang", "ky"]))
    every = index.visit(matched, 10_000).scores
    rows = np.asarray([3, 0, 2], dtype=np.int64)
    np.testing.assert_allclose(index.score_rows(matched, rows), every[rows], rtol=1e-5)
    np.testing.assert_allclose(index.visit(matched, 1).at(rows), every[rows], rtol=1e-5)


@pytest.mark.parametrize("budget", [10_000, 1], ids=["all terms", "rarest terms"])
def test_which_row_holds_which_term(index: Postings, budget: int) -> None:
    words = ["khai", "sinh", "xe", "dang"]
    matched = index.match(word_terms(words))
    rows = np.asarray([3, 0, 2], dtype=np.int64)
    held, weight = index.visit(matched, budget).holds(rows)
    order = np.argsort(np.searchsorted(index.terms, word_terms(words)))
    expected = [[word in DOCUMENTS[row].split() for word in words] for row in rows]
    np.testing.assert_array_equal(held, np.asarray(expected)[:, order])
    assert (weight[held.any(axis=1)] > 0).all()
    assert (weight <= index.row_sums(rows) + 1e-6).all()


def test_a_small_budget_visits_the_rarest_terms(index: Postings) -> None:
    matched = index.match(word_terms(["dang", "ky", "tu"]))
    visited = index.visit(matched, 1)
    assert not visited.complete
    assert visited.scores.nonzero()[0].tolist() == [2]


def test_a_repeated_term_counts_once_at_its_largest_weight(index: Postings) -> None:
    terms = word_terms(["khai", "khai"])
    matched = index.match(terms, np.asarray([0.1, 0.7], dtype=np.float32))
    np.testing.assert_allclose(matched.weights, index.idf[matched.positions] * 0.7, rtol=1e-6)


def test_unknown_terms_match_nothing(index: Postings) -> None:
    matched = index.match(word_terms(["khong", "biet"]))
    assert not len(matched.positions)
    assert not index.visit(matched, 10).scores.any()


def test_bm25_prefers_the_rare_word_and_the_heavier_field() -> None:
    rows, terms = occurrences()
    weights = np.where(rows == 2, 0.1, 1.0).astype(np.float32)
    index = bm25(rows, terms, weights, len(DOCUMENTS))
    scores = index.visit(index.match(word_terms(["khai"])), 100).scores
    assert scores[0] > scores[2] > 0 == scores[1]
    idf = dict(zip(index.terms.tolist(), index.idf.tolist(), strict=True))
    (common,), (rare,) = word_terms(["dang"]), word_terms(["may"])
    assert idf[int(rare)] > idf[int(common)]


def test_pairs_differ_from_their_words_and_their_order() -> None:
    forth, back = pair_terms(["khai", "sinh"]), pair_terms(["sinh", "khai"])
    assert len({*forth.tolist(), *back.tolist(), *word_terms(["khai", "sinh"]).tolist()}) == 4
