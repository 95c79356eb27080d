from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.schema import Procedure
from knowledge_base.search import Query, Searcher


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_trains_from_a_catalogue_and_searches_with_the_result(
    small: tuple[Procedure, ...], tmp_path: Path
) -> None:
    pytest.importorskip("sentence_transformers")
    from knowledge_base.search.training.run import train

    told: list[str] = []
    outcome = train(small, tmp_path, lambda what, done, total: told.append(what), seed=3)
    assert outcome.pairs > 100
    assert outcome.questions > 100
    assert {"encoder", "ranker"} <= set(told)
    searcher = Searcher.build(small, model_dir=tmp_path)
    found = searcher.search(Query("đăng ký khai tử")).candidates
    assert small[6].code in [candidate.code for candidate in found[:3]]
