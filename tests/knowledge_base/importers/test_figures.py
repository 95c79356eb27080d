"""Figures are found in official prose, however they are printed."""

from __future__ import annotations

import pytest

from knowledge_base.importers.figures import (
    amounts,
    form_numbers,
    legal_number,
    legal_numbers,
    number,
    times,
)
from knowledge_base.schema import TimeUnit


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("10,000 Việt Nam Đồng", 10_000, "VND"),
        ("10.000 đồng", 10_000, "VND"),
        ("60.000đ/giấy", 60_000, "VND"),
        ("40.000đồng/lần", 40_000, "VND"),
        ("1.250.000 VND", 1_250_000, "VND"),
        ("250.000/lần/cơ sở", 250_000, "VND"),
        ("5 triệu đồng", 5_000_000, "VND"),
        ("02 triệu đồng/lần cấp", 2_000_000, "VND"),
        ("05 USD", 5, "USD"),
        ("1.5 USD", 1.5, "USD"),
    ],
)
def test_an_amount(text: str, value: float, currency: str) -> None:
    [amount] = amounts(text)
    assert (amount.value, amount.currency) == (value, currency)


def test_a_range_of_amounts() -> None:
    [amount] = amounts("từ 60.000 đến 350.000 đồng")
    assert (amount.value, amount.upper) == (60_000, 350_000)


@pytest.mark.parametrize(
    "text", ["ngày 14/11/2016", "năm 2016 Đồng", "2 hội đồng", "03 đồng thời", "10 đồng bào"]
)
def test_what_is_no_amount(text: str) -> None:
    assert not list(amounts(text))


def test_thousands_marks_and_decimals() -> None:
    assert number("1.234.567") == number("1,234,567") == 1_234_567
    assert number("0.5") == number("0,5") == 0.5


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("03 ngày làm việc", 3, TimeUnit.WORKING_DAY),
        ("60 (sáu mươi) ngày", 60, TimeUnit.DAY),
        ("12 giờ làm việc", 12, TimeUnit.HOUR),
        ("0,5 Giờ", 0.5, TimeUnit.HOUR),
        ("6 tháng", 6, TimeUnit.MONTH),
    ],
)
def test_a_length_of_time(text: str, value: float, unit: TimeUnit) -> None:
    [(low, high, found, _)] = times(text)
    assert (low, high, found) == (value, None, unit)


def test_a_date_is_no_length_of_time() -> None:
    assert not list(times("chậm nhất vào ngày 20 tháng đầu tiên hàng quý"))


def test_legal_numbers_of_every_sort() -> None:
    text = (
        "Luật số 60/2014/QH13, Nghị quyết 66.7/2025/NQ-CP, Thông tư liên tịch "
        "69/2007/TTLT/BQP-BLĐTBXH-BTC, Quyết định 53/2010/QĐ-TTg và 163/QĐ-BTP, Pháp lệnh "
        "02/2020/UBTVQH14, 28/2005/PL-UBTVQH11, Nghị quyết 182/2025/NQ-HĐND, 5/2023/TT-BNNPTNT"
    )
    assert list(legal_numbers(text)) == [
        "60/2014/QH13",
        "66.7/2025/NQ-CP",
        "69/2007/TTLT/BQP-BLĐTBXH-BTC",
        "53/2010/QĐ-TTg",
        "163/QĐ-BTP",
        "02/2020/UBTVQH14",
        "28/2005/PL-UBTVQH11",
        "182/2025/NQ-HĐND",
        "05/2023/TT-BNNPTNT",
    ]


@pytest.mark.parametrize(
    ("glued", "found"),
    [
        ("Luật 60/2014/QH1360/2014/QH13", ["60/2014/QH13", "60/2014/QH13"]),
        ("Luật Khiếu nại năm 201102/2011/QH13", ["02/2011/QH13"]),
        ("104/2022/NĐ-CPNghị định mới", ["104/2022/NĐ-CP"]),
        ("số 53/2025/TT-BCAngày 01/7/2025", ["53/2025/TT-BCA"]),
        ("165/2024/NĐ- CP", ["165/2024/NĐ-CP"]),
        ("85/2024/TT-BTС", ["85/2024/TT-BTC"]),
        ("ngày 15/5/2026.55/2026/TT-BTC", ["55/2026/TT-BTC"]),
    ],
)
def test_glued_and_mistyped_legal_numbers(glued: str, found: list[str]) -> None:
    assert list(legal_numbers(glued)) == found


def test_one_spelling_of_a_legal_number() -> None:
    assert legal_number("Thông tư số 4/2020/TT–BTP ") == "04/2020/TT-BTP"
    assert legal_number("123/2015/ND-CP") == "123/2015/NĐ-CP"


def test_form_numbers() -> None:
    text = (
        "Mẫu CT01, Mẫu số 03, mẫu số 05-2/BK-QTT-TNCN, Mẫu số 11.NT và Mẫu I.1.4; theo mẫu quy định"
    )
    assert list(form_numbers(text)) == ["CT01", "03", "05-2/BK-QTT-TNCN", "11.NT", "I.1.4"]
