from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.search.encoder import PACKAGED
from knowledge_base.search.features import CONTEXT, SIGNALS, Measured
from knowledge_base.search.ranker import FILE, Monotone, Ranker

chance = st.floats(0, 1)


@given(chance, chance)
def test_calibration_keeps_the_order(left: float, right: float) -> None:
    low, high = sorted((left, right))
    a, b = Monotone(0.7, -0.4)(np.asarray([low, high]))
    assert 0 <= a <= b <= 1


@pytest.mark.parametrize("kind", ["right", "known"])
def test_the_packaged_calibration_rises(kind: str) -> None:
    mapped = getattr(Ranker.load(PACKAGED / FILE), kind)(np.linspace(0, 1, 101))
    assert np.all(np.diff(mapped) > 0)


def test_saved_weights_rank_as_before(tmp_path: Path) -> None:
    ranker = Ranker.load(PACKAGED / FILE)
    ranker.save(tmp_path / FILE)
    rng = np.random.default_rng(1)
    measured = Measured(
        np.arange(5),
        rng.random((5, len(SIGNALS)), dtype=np.float32),
        rng.random(len(CONTEXT), dtype=np.float32),
    )
    ours, again = ranker(measured), Ranker.load(tmp_path / FILE)(measured)
    np.testing.assert_array_equal(ours.scores, again.scores)
    assert ours.in_catalogue == again.in_catalogue
    assert ours.chances.sum() <= 5


def test_weights_for_other_signals_are_refused(tmp_path: Path) -> None:
    data = json.loads((PACKAGED / FILE).read_text("utf-8"))
    data["signals"] = data["signals"][1:]
    (tmp_path / FILE).write_text(json.dumps(data), "utf-8")
    with pytest.raises(ValueError, match="train-encoder"):
        Ranker.load(tmp_path / FILE)
