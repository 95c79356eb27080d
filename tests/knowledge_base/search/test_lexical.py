from __future__ import annotations

import numpy as np
import pytest

from knowledge_base.search.lexical import Asked, asked_terms
from knowledge_base.search.postings import Postings, cosine
from knowledge_base.search.text import word_terms

NAMES = ["dang ky khai sinh", "dang ky ket hon", "dang ky khai tu"]


@pytest.fixture(scope="module")
def index() -> Postings:
    terms = [word_terms(name.split()) for name in NAMES]
    rows = np.repeat(np.arange(len(terms), dtype=np.int32), [len(t) for t in terms])
    return cosine(rows, np.concatenate(terms), len(NAMES), np.arange(len(NAMES), dtype=np.int32))


def asked(index: Postings, words: str, weight: float = 1.0) -> tuple[Asked, np.ndarray]:
    terms = word_terms(words.split())
    visited = index.visit(index.match(terms), 10_000)
    held, _ = visited.holds(np.arange(len(NAMES)))
    weights = np.full(len(terms), weight, dtype=np.float32)
    return asked_terms(index, visited.matched, terms, weights), held


def test_a_name_covers_a_question_of_its_own_words(index: Postings) -> None:
    terms, held = asked(index, "khai sinh")
    covered = terms.covered(held)
    assert covered[0] == pytest.approx(1)
    assert covered[0] > covered[2] > covered[1] == 0
    assert terms.unknown_share() == 0


def test_a_word_that_no_name_has_is_missed_by_all(index: Postings) -> None:
    terms, held = asked(index, "khai sinh hocon")
    assert 0 < terms.unknown_share() < 1
    assert (terms.covered(held) < 1).all()


def test_nothing_known_is_all_unknown(index: Postings) -> None:
    terms, held = asked(index, "mua mua")
    assert terms.unknown_share() == 1
    assert not terms.covered(held).any()


def test_a_filler_counts_by_its_weight(index: Postings) -> None:
    light, _ = asked(index, "sinh", 0.15)
    heavy, _ = asked(index, "sinh", 1.0)
    assert light.rarity[0] == pytest.approx(0.15 * heavy.rarity[0])
