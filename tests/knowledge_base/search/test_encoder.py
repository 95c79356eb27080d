from __future__ import annotations

import builtins
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from knowledge_base.search.encoder import (
    PACKAGED,
    EncoderError,
    StaticEncoder,
    TransformerEncoder,
    load_encoder,
)

TEXTS = [
    "đăng ký khai sinh cho con",
    "dang ky khai sinh cho con",
    "Cấp lại GIẤY PHÉP lái xe, bị mất?",
    "làm hộ chiếu 10/2026 ở 1.001193",
    "🙂",
    "",
    "qwzx",
]


@pytest.fixture(scope="module")
def packaged() -> StaticEncoder:
    return StaticEncoder.load(PACKAGED / "encoder")


def test_vectors_are_those_of_sentence_transformers(packaged: StaticEncoder) -> None:
    library = pytest.importorskip("sentence_transformers")
    model = library.SentenceTransformer(str(PACKAGED / "encoder"), device="cpu").float()
    texts = [text for text in TEXTS if packaged.encode([text]).any()]
    theirs = model.encode(texts, convert_to_numpy=True, show_progress_bar=False)
    np.testing.assert_allclose(packaged.encode(texts), theirs, atol=1e-6)


def test_vectors_have_length_one_or_zero(packaged: StaticEncoder) -> None:
    lengths = np.linalg.norm(packaged.encode(TEXTS), axis=1)
    assert np.all(np.isclose(lengths, 1, atol=1e-6) | (lengths == 0))
    assert not packaged.encode([""]).any()


def test_a_batch_is_its_texts_one_by_one(packaged: StaticEncoder) -> None:
    single = np.concatenate([packaged.encode([text]) for text in TEXTS])
    np.testing.assert_array_equal(packaged.encode(TEXTS), single)


def test_the_packaged_model_is_small() -> None:
    files = [path for path in (PACKAGED / "encoder").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 15_000_000


def test_everyday_words_come_near_the_official_name(packaged: StaticEncoder) -> None:
    asked, right, wrong = packaged.encode(
        ["làm bằng lái xe máy bị mất", "cấp lại giấy phép lái xe", "cấp giấy phép xây dựng"]
    )
    assert asked @ right > asked @ wrong


def test_another_model_needs_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("sentence_transformers"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(EncoderError, match="extra 'transformers'"):
        TransformerEncoder("some/model")


def test_names_what_is_wrong_with_a_folder(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="not a static embedding"):
        StaticEncoder.load(tmp_path)
    modules = [{"idx": 0, "path": "", "type": "sentence_transformers.models.StaticEmbedding"}]
    (tmp_path / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(EncoderError, match=r"tokenizer\.json"):
        load_encoder(tmp_path)
