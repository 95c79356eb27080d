from __future__ import annotations

import pytest

from knowledge_base.search.filler import content_weights, without_expressions
from knowledge_base.search.phrases import clean_name, level_free, short_name
from knowledge_base.search.text import GRAM_SIZES, folded_words, gram_terms, split_words


def test_words_keep_codes_and_split_alternatives() -> None:
    assert split_words("Thuê/mượn NHÀ theo 1.001193, 53/2025/TT-BCA") == [
        "thuê", "mượn", "nhà", "theo", "1.001193", "53/2025/tt", "bca",
    ]  # fmt: skip
    assert folded_words("Đăng ký", 1) == ["dang"]


def test_grams_are_counted_and_do_not_mix_lengths() -> None:
    grams = gram_terms(["ho", "so"])
    assert len(grams) == sum(len(" ho so ") - size + 1 for size in GRAM_SIZES)
    assert len(set(grams.tolist())) == len(grams)
    assert len(gram_terms([])) == 0


def test_filler_counts_little_and_content_counts_fully() -> None:
    words = split_words("cháu ơi đăng ký tạm trú mất bao nhiêu tiền")
    weights = dict(zip(words, content_weights(words), strict=True))
    assert weights["tạm"] == weights["trú"] == weights["đăng"] == 1
    assert max(weights[w] for w in ("cháu", "ơi", "mất", "bao", "nhiêu", "tiền")) < 0.5


def test_stripped_single_words_are_not_taken_for_filler() -> None:
    assert content_weights(["chu", "bac", "em"]) == [1, 1, 1]
    assert max(content_weights(["mat", "bao", "lau"])) < 0.5


def test_a_loss_is_told_from_a_question_of_time() -> None:
    assert "mất" not in without_expressions(split_words("làm thẻ mất bao lâu"))
    assert "mất" in without_expressions(split_words("thẻ bị mất làm lại ở đâu"))


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Thủ tục đăng ký  khai sinh", "đăng ký khai sinh"),
        ("Thủ tục hành chính: Cấp bản sao", "Cấp bản sao"),
        ("Thủ tục hải quan đối với quà biếu", "Thủ tục hải quan đối với quà biếu"),
        ("Thủ tục", "Thủ tục"),
    ],
)
def test_a_leading_thu_tuc_goes(name: str, clean: str) -> None:
    assert clean_name(name) == clean


@pytest.mark.parametrize(
    "name",
    [
        "Cấp lại thẻ căn cước (thực hiện tại cấp tỉnh)",
        "Cấp lại thẻ căn cước thực hiện tại cấp trung ương",
        "Cấp lại thẻ căn cước (cấp xã)",
        "Cấp lại thẻ căn cước - cấp tỉnh",
    ],
)
def test_the_level_goes(name: str) -> None:
    assert level_free(name) == short_name(name) == "Cấp lại thẻ căn cước"


def test_other_parentheses_stay_but_in_the_short_name() -> None:
    name = "Cấp giấy phép (trừ thuốc thú y)"
    assert level_free(name) == name
    assert short_name(name) == "Cấp giấy phép"
