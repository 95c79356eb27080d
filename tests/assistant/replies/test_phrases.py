from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.replies.phrases import (
    is_condition,
    lower_first,
    sentences,
    upper_first,
    without_examples,
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Nộp hồ sơ.", ["Nộp hồ sơ."]),
        ("Nộp hồ sơ. Nhận giấy hẹn.", ["Nộp hồ sơ.", "Nhận giấy hẹn."]),
        ("Nộp tại TP. Hồ Chí Minh. Chờ.", ["Nộp tại TP. Hồ Chí Minh.", "Chờ."]),
        ("Theo Điều 4. Chương II vẫn giữ.", ["Theo Điều 4. Chương II vẫn giữ."]),
        ("Thu 20.000 đồng. Được chưa? Rồi", ["Thu 20.000 đồng.", "Được chưa?", "Rồi"]),
        ("Hộ chiếu, căn cước… là được.", ["Hộ chiếu, căn cước… là được."]),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


@given(st.text(max_size=200))
def test_no_sentence_loses_a_word(text: str) -> None:
    assert " ".join(sentences(text)).split() == text.split()


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("Giấy tờ tùy thân (căn cước, hộ chiếu…)", "Giấy tờ tùy thân"),
        ("Giấy chứng minh chỗ ở, ví dụ sổ đỏ, hợp đồng", "Giấy chứng minh chỗ ở"),
        ("Giấy tờ về khai sinh: học bạ, bằng cấp…", "Giấy tờ về khai sinh"),
        ("Quyết định tiếp nhận (trẻ ở cơ sở)", "Quyết định tiếp nhận (trẻ ở cơ sở)"),
        ("Bản vẽ: mặt bằng, mặt đứng", "Bản vẽ: mặt bằng, mặt đứng"),
    ],
)
def test_examples_go_and_conditions_stay(text: str, short: str) -> None:
    assert without_examples(text) == short


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nếu có.", True),
        ("Khi có một bên là người nước ngoài.", True),
        ("Hạng A1 không phải nộp.", True),
        ("", False),
        ("Mang bản chính để đối chiếu.", False),
        ("Không có thì viết cam đoan. Không phải nộp bản giấy nếu tra được.", False),
    ],
)
def test_what_says_when_something_holds(text: str, expected: bool) -> None:
    assert is_condition(text) is expected


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("Trẻ em dưới 6 tuổi", "trẻ em dưới 6 tuổi"),
        ("Hạng A1, A", "hạng A1, A"),
        ("Công an cấp xã", "Công an cấp xã"),
        ("Thông tư 75/2022/TT-BTC", "Thông tư 75/2022/TT-BTC"),
        ("Khoản 2 Điều 22", "khoản 2 Điều 22"),
        ("Hà Nội và nơi khác", "Hà Nội và nơi khác"),
        ("UBND xã", "UBND xã"),
        ("75/2022/TT-BTC", "75/2022/TT-BTC"),
        ("", ""),
    ],
)
def test_names_keep_their_capital(text: str, within: str) -> None:
    assert lower_first(text) == within


def test_a_sentence_begins_with_a_capital() -> None:
    assert upper_first("đủ hồ sơ") == "Đủ hồ sơ"
    assert upper_first("") == ""
