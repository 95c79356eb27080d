from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dialogue.questions import MAX_PARTS, content, parts, refers_back, sides


@pytest.mark.parametrize(
    "text",
    [
        "thế lệ phí bao nhiêu",
        "nộp ở đâu",
        "online được không",
        "có mất phí không ạ",
        "vậy bao lâu xong",
        "làm online trên cổng dịch vụ công được không",
    ],
)
def test_a_bare_follow_up_has_no_topic(text: str) -> None:
    assert content(text) == []


@pytest.mark.parametrize("text", ["đăng ký tạm trú cần gì", "tách hộ", "mất hộ chiếu thì sao"])
def test_a_question_has_a_topic(text: str) -> None:
    assert content(text)


def test_two_questions_are_told_apart() -> None:
    found = parts("khai tử cần gì; tạm trú mất bao nhiêu tiền?")
    assert [part.text for part in found] == ["khai tử cần gì", "tạm trú mất bao nhiêu tiền"]
    assert all(part.apart for part in found)


def test_two_aspects_of_one_topic_stay_together() -> None:
    assert len(parts("đăng ký tạm trú cần giấy tờ gì, mất bao lâu, nộp ở đâu")) == 1


def test_sides_of_a_comparison() -> None:
    assert sides("tạm trú khác thường trú") == ["tạm trú", "thường trú"]


def test_pointing_back() -> None:
    assert refers_back("mất cái giấy đó thì sao")
    assert not refers_back("đăng ký kết hôn ở đâu")


@given(st.text(max_size=300))
def test_any_text_splits(text: str) -> None:
    assert len(parts(text)) <= MAX_PARTS
