from __future__ import annotations

import pytest

from knowledge_base.schema import Audience
from knowledge_base.search.lexical import query_terms
from knowledge_base.search.qualifiers import (
    KEYS,
    asked_flags,
    audience_flags,
    named_flags,
    speaker_flags,
    turns_asked,
)


def asked(text: str) -> set[str]:
    flags = asked_flags(query_terms(text).told)
    return {key for key, flag in zip(KEYS, flags, strict=True) if flag}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("đăng ký kết hôn với người hàn quốc", "foreign"),
        ("lấy chồng đài loan", "foreign"),
        ("bằng lái bị mất", "reissue"),
        ("sắp hết hạn tạm trú", "extend"),
        ("dẹp tiệm luôn rồi", "cancel"),
        ("tạm nghỉ bán vài tháng", "suspend"),
        ("hkd của tôi", "household_business"),
    ],
)
def test_everyday_words_mean_a_qualifier(text: str, key: str) -> None:
    assert key in asked(text)


def test_asking_for_time_or_money_is_no_qualifier() -> None:
    assert not asked("mất bao lâu") & {"reissue", "death"}


def test_names_carry_qualifiers(make, small) -> None:  # type: ignore[no-untyped-def]
    flags = named_flags(small)
    assert flags[1, KEYS.index("foreign")] == 1
    assert flags[0, KEYS.index("foreign")] == 0
    assert flags[2, KEYS.index("mobile")] == 1


def test_audience_not_stated_is_everyone(make) -> None:  # type: ignore[no-untyped-def]
    records = [
        make(1, "Việc một", audience=()),
        make(2, "Việc hai", audience=(Audience.CITIZEN,)),
        make(3, "Việc ba", audience=(Audience.BUSINESS,)),
    ]
    assert audience_flags(records).tolist() == [[1, 1], [1, 0], [0, 1]]


def test_speakers() -> None:
    assert speaker_flags("nhà tôi muốn xây").tolist() == [1, 0]
    assert speaker_flags("công ty muốn giải thể").tolist() == [0, 1]


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("mất bao lâu", set()),
        ("mất bao nhiêu tiền", set()),
        ("bị mất rồi thì xin lại", {"reissue"}),
        ("gia hạn được không", {"extend"}),
        ("nộp ở đâu", set()),
    ],
)
def test_turns_of_a_follow_up(text: str, turns: set[str]) -> None:
    assert turns_asked(text) == turns
