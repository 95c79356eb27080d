from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vietnamese.corpus import Encoder
from vietnamese.ngrams import SPECIAL, NgramModel, estimate_and_save, order_vocabulary

LINES = ["đăng ký kết hôn ở xã", "đăng ký khai sinh ở xã", "đang làm giấy khai sinh"] * 5


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> NgramModel:
    encoder = Encoder()
    encoder.add(LINES)
    ids, words = encoder.finish(1, 1, frozenset())
    path = tmp_path_factory.mktemp("model") / "model.npz"
    estimate_and_save(ids, words, path)
    return NgramModel.load(path)


def test_words_with_the_same_letters_stand_together(model: NgramModel) -> None:
    assert [model.words[i] for i in model.groups["dang"]] == ["đang", "đăng"]
    assert model.words[: len(SPECIAL)] == SPECIAL
    assert all(model.words[i] == word for word, i in model.index.items())


def test_seen_pairs_are_likelier_than_unseen_ones(model: NgramModel) -> None:
    first = np.array([model.index["đăng"], model.index["đang"]])
    second = np.array([model.index["ký"], model.index["ký"]])
    scores, places = model.pairs(first, second)
    assert scores[0] > scores[1]
    assert places[0] >= 0
    assert places[1] == -1


def test_probabilities_after_a_word_sum_to_about_one(model: NgramModel) -> None:
    everything = np.arange(len(model.words))
    for word in ("khai", "ở", "xã"):
        scores, _ = model.pairs(np.full_like(everything, model.index[word]), everything)
        assert np.exp(scores).sum() == pytest.approx(1.0, abs=0.05)


def test_triples_use_the_word_before(model: NgramModel) -> None:
    ky, next_words = model.index["ký"], np.array([model.index["kết"], model.index["giấy"]])
    lower, _ = model.pairs(np.array([ky, ky]), next_words)
    _, context = model.pairs(np.array([model.index["đăng"]] * 2), np.array([ky, ky]))
    seen = model.triples(context, next_words, lower)
    unseen = model.triples(np.array([-1, -1]), next_words, lower)
    assert seen[0] > seen[1]
    np.testing.assert_allclose(unseen, lower)


def test_refuses_a_vocabulary_that_does_not_fit(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="vocabulary"):
        estimate_and_save(np.zeros(3, dtype=np.int32), ["x"] * 20000, tmp_path / "m.npz")


def test_orders_by_letters_then_word() -> None:
    assert order_vocabulary(["đăng", "an", "đang"]) == [*SPECIAL, "an", "đang", "đăng"]
