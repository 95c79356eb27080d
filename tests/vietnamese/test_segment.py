from __future__ import annotations

import warnings

from vietnamese.segment import segment


def test_nothing_gives_no_words() -> None:
    assert segment("  ") == ()


def test_groups_syllables_into_words() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        words = segment("tôi muốn đăng ký kết hôn")
    assert "đăng_ký" in words
    assert "kết_hôn" in words
    assert " ".join(words).replace("_", " ") == "tôi muốn đăng ký kết hôn"
