from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.feedback import phrases


@pytest.mark.parametrize(
    ("text", "useful"),
    [
        ("đúng rồi cảm ơn", True), ("Đúng rồi, cảm ơn bạn nhiều nhé!", True), ("dung roi", True),
        ("dung y roi tks", True), ("chính xác ạ", True), ("rất hữu ích", True),
        ("sai rồi", False), ("sai roi", False), ("chưa đúng", False), ("CHƯA ĐÚNG Ý TÔI", False),
        ("tra loi sai", False), ("không đúng đâu ạ", None), ("dừng", None), ("cảm ơn", None),
        ("không phải", None), ("đúng là cần những giấy gì", None), ("sai ở đâu", None), ("", None),
        ("không", None),
    ],
)  # fmt: skip
def test_a_whole_message_may_judge_an_answer(text: str, useful: bool | None) -> None:
    assert phrases.judges(text) is useful


@pytest.mark.parametrize("text", ["thôi", "Thôi nhé", "hủy", "huy bo", "dừng lại", "không gửi nữa"])
def test_a_whole_message_may_stop(text: str) -> None:
    assert phrases.cancels(text)


@pytest.mark.parametrize("text", ["đúng", "thôi việc cần giấy gì", "hủy đăng ký xe", "dừng xe"])
def test_other_messages_do_not_stop(text: str) -> None:
    assert not phrases.cancels(text)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("làm khai sinh cần gì", True), ("nop o dau", True), ("tạm trú bao nhiêu tiền?", True),
        ("cán bộ hách dịch", False), ("sao làm khai sinh lâu thế?", False),
        ("chờ hai tiếng không ai tiếp", False), ("nên có thêm ghế", False),
        ("mang theo giấy tờ gì", True),
    ],
)  # fmt: skip
def test_a_question_is_told_from_a_reproach(text: str, asks: bool) -> None:
    assert phrases.asks(text) is asks


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("tôi muốn phản ánh", "complaint"), ("can bo thai do qua", "complaint"),
        ("tôi có kiến nghị", "suggestion"), ("đề nghị thêm ghế", "suggestion"), ("góp ý", ""),
    ],
)  # fmt: skip
def test_the_kind_follows_from_the_words(text: str, kind: str) -> None:
    assert phrases.kind_of(text) == kind


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("câu trả lời sai rồi", "other"), ("thông tin này cũ rồi", "outdated"),
        ("không đúng câu tôi hỏi", "wrong_procedure"), ("trả lời thiếu giấy tờ", "missing"),
        ("huong dan kho hieu qua", "unclear"), ("cán bộ hách dịch", ""), ("góp ý", ""),
        ("chờ lâu quá không ai giải quyết", ""),
    ],
)  # fmt: skip
def test_an_opinion_may_be_about_the_answer(text: str, reason: str) -> None:
    assert phrases.blames(text) == reason


def test_a_message_that_says_what_it_is_about_is_told_from_one_that_only_asks_to() -> None:
    assert phrases.says_something("góp ý: nên đặt thêm ghế ngồi chờ ở sảnh")
    assert not phrases.says_something("tôi muốn góp ý về thái độ phục vụ")


@given(st.text())
def test_any_text_can_be_judged(text: str) -> None:
    assert phrases.judges(text) in {True, False, None}
    assert isinstance(phrases.cancels(text) or phrases.skips(text) or phrases.asks(text), bool)
