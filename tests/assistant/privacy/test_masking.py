from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.privacy import MASKS, Masked, PersonalData, mask
from evaluation.benchmarks.masking import Maker, score

_EMAIL, _PHONE = MASKS[PersonalData.EMAIL], MASKS[PersonalData.PHONE]
_ID, _BANK = MASKS[PersonalData.IDENTITY_NUMBER], MASKS[PersonalData.BANK_NUMBER]
_NAME = MASKS[PersonalData.NAME]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("số căn cước của tôi là 079123456789", f"số căn cước của tôi là {_ID}"),
        ("cmnd 024 123 456 làm lại sao", f"cmnd {_ID} làm lại sao"),
        ("cccd 0790 9300 1234 het han", f"cccd {_ID} het han"),
        ("CCCD: 0 7 9 0 9 3 0 0 1 2 3 4", f"CCCD: {_ID}"),
        ("hộ chiếu c1234567", f"hộ chiếu {_ID}"),
        ("thẻ bhyt DN4797912345678", f"thẻ bhyt {_ID}"),
        ("mst 8312345678", f"mst {_ID}"),
        ("gọi tôi 0912345678 nhé", f"gọi tôi {_PHONE} nhé"),
        ("sdt0912.345.678nha", f"sdt{_PHONE}nha"),
        ("số (+84) 912 345 678.", f"số {_PHONE}."),
        ("(0912345678)", f"({_PHONE})"),
        ("(024) 3825 1234 máy bàn", f"{_PHONE} máy bàn"),
        ("o912345678 nghe em", f"{_PHONE} nghe em"),
        ("0912345678/0987654321", f"{_PHONE}/{_PHONE}"),
        ("0912 345 678 0987 654 321", f"{_PHONE} {_PHONE}"),
        ("đt không chín một hai ba bốn năm sáu bảy tám", f"đt {_PHONE}"),
        ("điện thoại 3812345", f"điện thoại {_PHONE}"),
        ("email nguyen.van-a@example.com.vn nhé", f"email {_EMAIL} nhé"),
        ("nguyenvana a còng gmail chấm com", _EMAIL),
        ("nguyenvana (at) gmail . com", _EMAIL),
        ("lan99 gmail.com", _EMAIL),
        ("stk 0011004567890 vietcombank", f"stk {_BANK} vietcombank"),
        ("thẻ 4111 1111 1111 1111", f"thẻ {_BANK}"),
        ("tôi tên là Nguyễn Văn An, muốn làm hộ chiếu", f"tôi tên là {_NAME}, muốn làm hộ chiếu"),
        ("toi ten la nguyen van an lam ho chieu", f"toi ten la {_NAME} lam ho chieu"),
        ("TÔI TÊN LÀ NGUYỄN VĂN AN CẦN LÀM", f"TÔI TÊN LÀ {_NAME} CẦN LÀM"),
        ("gặp bà Trần Thị Bích ở phường", f"gặp bà {_NAME} ở phường"),
        ("cô Lan ở tổ một cửa", f"cô {_NAME} ở tổ một cửa"),
        ("Chị Lan ở phường nói", f"Chị {_NAME} ở phường nói"),
        ("anh Sơn công an", f"anh {_NAME} công an"),
        ("Ông Nguyễn Văn A, bà Trần văn Bình", f"Ông {_NAME}, bà {_NAME}"),
        ("trưởng thôn Lê Văn C, cán bộ tên Hoa", f"trưởng thôn {_NAME}, cán bộ tên {_NAME}"),
        ("thẻ 9704 3612 3456 7890", f"thẻ {_BANK}"),
        ("họ và tên: lê thị hoa, cccd 079123456789", f"họ và tên: {_NAME}, cccd {_ID}"),
        ("sinh ngày 20-11-1990 0912345678", f"sinh ngày 20-11-1990 {_PHONE}"),
        ("1.001193, 0912345678, 1.500.000đ", f"1.001193, {_PHONE}, 1.500.000đ"),
    ],
)
def test_masks_personal_data_and_nothing_else(text: str, expected: str) -> None:
    assert mask(text).text == expected


def test_says_what_was_found_once_each() -> None:
    found = mask("0912345678, 0987654321, a@b.vn").found
    assert found == (PersonalData.EMAIL, PersonalData.PHONE)


@pytest.mark.parametrize(
    "text",
    [
        "thủ tục 1.001193 cần gì, hay 2.000815,1.004222",
        "mã 1.001193.000.00.00.H40",
        "hồ sơ H29.18-251120-0012 tới đâu rồi",
        "hồ sơ 000.00.12.H40-250101-0001",
        "theo Thông tư 75/2022/TT-BTC",
        "nghị định 123/2015/NĐ-CP, nd 123/2015/nd-cp",
        "luật 60/2014/QH13 và quyết định 1872/QĐ-TTg",
        "lệ phí 1.500.000 đồng phải không",
        "đóng 50.000 hay 150000 đồng, 1,500,000 VND, 150000000đ",
        "nộp 15000000 với 2 triệu 500, 500k, 2tr",
        "từ 01/07/2025 đến 31.12.2026",
        "sinh ngày 20-11-1990, 20 11 1990 hay 20111990",
        "các năm 2019 2020 2021, giai đoạn 2020 - 2025",
        "mẫu CT01, CT02, TK1-TS, 01/PLI",
        "mẫu 03, 04, 06, 07, 08",
        "số 333-335-337 Nguyễn Trãi",
        "thửa 123, tờ bản đồ 45, 1200m2, số nhà 12/34/5",
        "tổng đài 1022, 113, 18001096, 1900 1234, 1900.54.54.66",
        "1 2 3 4 5 6 7 8 9",
        "anh chị cho hỏi",
        "anh ở Đà Nẵng, chị ở Hà Nội",
        "làm nhanh Hà Nội",
        "Anh Chị Cho Hỏi Thủ Tục",
        "Chị Xem Giúp Em Với",
        "huyện Anh Sơn, Lăng Chủ tịch Hồ Chí Minh",
        "giá 123.456.789 một lô",
        "chị hồ sơ em thiếu gì",
        "huyện Cô Tô, bà mẹ Việt Nam anh hùng, Bà Rịa Vũng Tàu",
        "thủ tục tên là Đăng Ký Khai Sinh",
        "anh Công an nói tiếng Anh",
        "theo điểm a Khoản 4",
    ],
)
def test_leaves_what_is_nobodys(text: str) -> None:
    assert mask(text).text == text


def test_the_made_set_of_two_thousand_messages() -> None:
    result = score(Maker().messages(2_000), lambda text: mask(text).text)
    assert result.messages == 2_000
    assert result.personal.total() > 1_400
    assert result.harmless.total() > 1_400
    assert result.masked_share >= 0.99, result.failures[:20]
    assert result.mistaken_share <= 0.01, result.failures[:20]
    for kind, total in result.personal.items():
        assert result.masked[kind] / total >= 0.98, kind
    assert result.surroundings / result.messages >= 0.99


def test_the_made_set_tells_a_mask_that_does_nothing_or_too_much() -> None:
    messages = Maker().messages(200)
    nothing = score(messages, lambda text: text)
    assert nothing.masked_share == 0
    assert nothing.mistaken_share == 0
    everything = score(messages, lambda _: _ID)
    assert everything.masked_share == 1
    assert everything.mistaken_share == 1
    assert everything.surroundings == 0


_PARTS = st.sampled_from(
    [
        "0912345678",
        "079123456789",
        "024 123 456",
        "1.001193",
        "1.500.000",
        "đồng",
        "sđt",
        "cccd",
        "stk",
        "tên là",
        "ông",
        "Nguyễn",
        "Văn",
        "An",
        "nguyen",
        "van",
        "a@b.vn",
        " @ ",
        "gmail",
        "com",
        "chấm",
        "(",
        ")",
        "+84",
        "/",
        "-",
        ".",
        ",",
        "2025",
        "12",
        "không",
        "chín",
        "hai",
        "[số điện thoại]",
        "0",
        "o",
        "ạ",
        "C1234567",
        "123/2015/NĐ-CP",
    ]
)
_MESSAGES = st.lists(_PARTS, max_size=14).flatmap(
    lambda parts: st.sampled_from(["", " ", ", "]).map(lambda gap: gap.join(parts))
)


@given(st.one_of(st.text(max_size=200), _MESSAGES))
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask(text).text
    assert mask(once) == Masked(once, ())


@given(st.one_of(st.text(max_size=200), _MESSAGES))
def test_what_is_left_stands_in_the_text_in_the_same_order(text: str) -> None:
    masked = mask(text)
    position = 0
    for part in re.split("|".join(map(re.escape, MASKS.values())), masked.text):
        found = text.find(part, position)
        assert found >= 0
        position = found + len(part)
    assert bool(masked.found) == (masked.text != text)
