from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.privacy import PersonalData, mask


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("số căn cước của tôi là 079123456789", PersonalData.IDENTITY_NUMBER),
        ("cmnd 024 123 456 làm lại sao", PersonalData.IDENTITY_NUMBER),
        ("gọi tôi 0912345678 nhé", PersonalData.PHONE),
        ("sđt 0912.345.678", PersonalData.PHONE),
        ("số +84 912 345 678", PersonalData.PHONE),
        ("email nguyen.van-a@example.com.vn", PersonalData.EMAIL),
        ("stk 0011004567890 vietcombank", PersonalData.BANK_NUMBER),
        ("thẻ 4111 1111 1111 1111", PersonalData.BANK_NUMBER),
        ("tôi tên là Nguyễn Văn An, muốn làm hộ chiếu", PersonalData.NAME),
        ("gặp bà Trần Thị Bích ở phường", PersonalData.NAME),
    ],
)
def test_masks_personal_data(text: str, kind: PersonalData) -> None:
    masked = mask(text)
    assert kind in masked.found
    assert not any(part.isdigit() and len(part) > 3 for part in masked.text.split())


@pytest.mark.parametrize(
    "text",
    [
        "thủ tục 1.001193 cần gì",
        "theo Thông tư 75/2022/TT-BTC",
        "nghị định 123/2015/NĐ-CP",
        "lệ phí 1.500.000 đồng phải không",
        "đóng 50.000 hay 150000 đồng",
        "từ 01/07/2025 đến 31.12.2026",
        "sinh ngày 20-11-1990",
        "mẫu CT01, CT02",
        "anh chị cho hỏi",
    ],
)
def test_leaves_codes_amounts_and_legal_numbers(text: str) -> None:
    assert mask(text).text == text


@given(st.text(max_size=200))
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once
