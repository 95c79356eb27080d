from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.nlu.linear import LinearModel
from assistant.nlu.mentions import mentions
from assistant.nlu.ngrams import MAX_SYLLABLES, ngrams

EXCLUSIVE = [
    ("xin chào", "greet"),
    ("chào bạn", "greet"),
    ("cảm ơn nhiều", "thank"),
    ("cảm ơn bạn", "thank"),
    ("tạm biệt nhé", "goodbye"),
    ("hẹn gặp lại", "goodbye"),
]


def test_an_exclusive_model_learns_and_reads_back(tmp_path: Path) -> None:
    model = LinearModel.fit_exclusive(
        [ngrams(text) for text, _ in EXCLUSIVE], [label for _, label in EXCLUSIVE]
    )
    for text, label in EXCLUSIVE:
        assert model.predict(ngrams(text))[0][0] == label
    model.save(tmp_path)
    again = LinearModel.load(tmp_path)
    before, after = model.predict(ngrams("chào ạ")), again.predict(ngrams("chào ạ"))
    assert [name for name, _ in before] == [name for name, _ in after]
    assert np.allclose([s for _, s in before], [s for _, s in after], atol=1e-2)
    assert sum(score for _, score in after) == pytest.approx(1)


def test_an_independent_model_gives_several_labels() -> None:
    rows = ["bao nhiêu tiền", "ở đâu", "bao nhiêu tiền và ở đâu", "tạm trú"] * 6
    held = [{"fees"}, {"where"}, {"fees", "where"}, set()] * 6
    model = LinearModel.fit_independent(
        [ngrams(row) for row in rows], [frozenset(labels) for labels in held]
    )
    scores = dict(model.predict(ngrams("bao nhiêu tiền và ở đâu")))
    assert scores["fees"] > 0.5
    assert scores["where"] > 0.5
    assert dict(model.predict(ngrams("tạm trú")))["fees"] < 0.5


def test_unknown_words_fall_back_on_the_bias() -> None:
    model = LinearModel.fit_exclusive(
        [ngrams(text) for text, _ in EXCLUSIVE], [label for _, label in EXCLUSIVE]
    )
    assert len(model.predict(["nothing:known"])) == 3


@given(st.text(max_size=400))
def test_features_of_any_text(text: str) -> None:
    found = ngrams(text)
    assert len(found) == len(set(found))
    assert found == ngrams(text)


def test_features_are_bounded() -> None:
    assert len(ngrams("khai sinh " * 5000)) == len(ngrams("khai sinh " * MAX_SYLLABLES))


def test_people_and_places() -> None:
    found = mentions("con tôi ở phường dĩ an, thành phố hồ chí minh thì làm khai sinh ở đâu")
    values = {(e["entity"], e["value"]) for e in found}
    assert ("person", "child") in values
    assert ("place", "phường dĩ an") in values
    assert ("place", "thành phố hồ chí minh") in values
