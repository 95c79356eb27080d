"""Fees say no more than the source says."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge_base.importers.money import (
    CONTRADICTION_NOTE,
    mentions_exemption,
    merge_fees,
    read_fees,
)
from knowledge_base.schema import Fee, FeeState, Method


@pytest.mark.parametrize(
    "note", ["", "Không", "(Không có)", "Theo quy định tại Thông tư 85/2019/TT-BTC"]
)
def test_the_placeholder_is_not_free(note: str) -> None:
    [fee] = read_fees("Miễn phí", note)
    assert fee.state is FeeState.NOT_STATED
    assert fee.note


@pytest.mark.parametrize(
    "printed", ["Phí: 0 VNĐ", "Phí : 0 Đồng", "Phí : Không Đồng", "Lệ phí : 0 Đồng"]
)
def test_a_printed_zero_is_the_same_placeholder(printed: str) -> None:
    [fee] = read_fees(printed, "")
    assert fee.state is FeeState.NOT_STATED
    assert printed in fee.note


def test_a_note_that_says_free_for_a_group() -> None:
    province, free, copy = read_fees(
        "Miễn phí",
        "Mức lệ phí cụ thể do Hội đồng nhân dân tỉnh quyết định. Miễn lệ phí cho người thuộc hộ "
        "nghèo; "
        "người khuyết tật. Phí cấp bản sao thực hiện theo Thông tư số 281/2016/TT-BTC.",
    )
    assert province.state is FeeState.SET_BY_PROVINCE
    assert (free.state, free.case) == (FeeState.FREE, "người thuộc hộ nghèo; người khuyết tật")
    assert free.source.startswith("Miễn lệ phí cho")
    assert copy.state is FeeState.NOT_STATED


def test_who_is_freed_may_stand_first() -> None:
    *_, free = read_fees("Miễn phí", "Tổ chức khoa học được miễn lệ phí đăng ký.")
    assert (free.state, free.case) == (FeeState.FREE, "Tổ chức khoa học")


def test_a_title_that_speaks_of_exemption_frees_nobody() -> None:
    note = "Thông tư số 64/2025/TT-BTC quy định mức thu, miễn một số khoản phí, lệ phí."
    assert {fee.state for fee in read_fees("Miễn phí", note)} == {FeeState.NOT_STATED}


def test_the_note_wins_over_the_placeholder() -> None:
    fees = read_fees(
        "Miễn phí",
        "- Phí sát hạch: + Hạng A1: Lý thuyết: 60.000 đồng/lần, Thực hành: 70.000 đồng/lần; - Lệ "
        "phí cấp "
        "giấy phép: 135.000 đồng/lần. Nộp trực tuyến: Kể từ ngày 01/12/2023 đến hết ngày "
        "31/12/2025, "
        "115.000 đồng/lần cấp.",
    )
    assert [(fee.amount, fee.unit) for fee in fees] == [
        (60_000, "lần"),
        (70_000, "lần"),
        (135_000, "lần"),
        (115_000, "lần cấp"),
    ]
    assert fees[1].case == "Phí sát hạch: Hạng A1: Thực hành"
    assert fees[2].case == "Lệ phí cấp giấy phép"
    assert (fees[3].valid_from, fees[3].valid_until) == (date(2023, 12, 1), date(2025, 12, 31))


def test_a_table_and_a_note_that_differ_are_both_told() -> None:
    fees = read_fees("5,000 Việt Nam Đồng", "Nộp qua cổng thu 7.000 đồng/lần.", Method.ONLINE)
    assert [fee.amount for fee in fees] == [5_000, 7_000]
    assert {fee.note for fee in fees} == {CONTRADICTION_NOTE}
    assert {fee.method for fee in fees} == {Method.ONLINE}


def test_a_note_that_repeats_the_table_is_one_line() -> None:
    [fee] = read_fees(
        "50,000 Việt Nam Đồng", "50.000đ/giấy thông hành (Thông tư số 25/2021/TT-BTC)."
    )
    assert (fee.amount, fee.unit, fee.case) == (50_000, "giấy thông hành", "")


@pytest.mark.parametrize(
    ("note", "unit", "case"),
    [
        ("/di chúc", "di chúc", ""),
        ("đồng/lần", "lần", ""),
        ("đối với cấp mới", "", "đối với cấp mới"),
    ],
)
def test_a_note_of_a_unit_or_a_case(note: str, unit: str, case: str) -> None:
    [fee] = read_fees("50,000 VNĐ", note)
    assert (fee.amount, fee.unit, fee.case) == (50_000, unit, case)


def test_an_amount_that_lost_its_zeros_is_not_guessed() -> None:
    [fee] = read_fees("20 VNĐ", "")
    assert fee.state is FeeState.NOT_STATED
    assert "20 VNĐ" in fee.note
    [told] = read_fees("20 VNĐ", "20.000 vnđ /tờ khai")
    assert (told.amount, told.unit) == (20_000, "tờ khai")
    [dollars] = read_fees("155 VNĐ", "Thẻ có thời hạn đến 05 năm: 155 USD/thẻ.")
    assert (dollars.amount, dollars.currency) == (155, "USD")


def test_a_time_without_charge_does_not_limit_the_amount() -> None:
    amount, free = read_fees(
        "250,000 VNĐ",
        "Thực hành 250.000đ/lần(Miễn kể từ ngày 07/4/2026 đến 30/6/2026 theo Thông tư 40)",
    )
    assert (amount.amount, amount.valid_until) == (250_000, None)
    assert (free.state, free.valid_from, free.valid_until) == (
        FeeState.FREE,
        date(2026, 4, 7),
        date(2026, 6, 30),
    )


def test_a_share_of_an_amount_is_not_the_amount() -> None:
    [fee] = read_fees("Miễn phí", "Phê duyệt: 20% của 11.000.000 đồng")
    assert fee.state is FeeState.NOT_STATED
    assert "20%" in fee.note


def test_an_empty_cell_says_nothing() -> None:
    assert read_fees("", "") == []
    assert read_fees("Không có thông tin", "") == []


def test_lines_of_every_way_of_submission_are_joined() -> None:
    def fee(amount: int, method: Method) -> Fee:
        return Fee(state=FeeState.AMOUNT, amount=amount, method=method)

    both = [fee(5_000, Method.ONLINE), fee(5_000, Method.IN_PERSON)]
    assert merge_fees(both) == (Fee(state=FeeState.AMOUNT, amount=5_000),)
    three = merge_fees([*both, fee(7_000, Method.POST)])
    assert [(f.amount, f.method) for f in three] == [
        (5_000, Method.IN_PERSON),
        (5_000, Method.ONLINE),
        (7_000, Method.POST),
    ]


def test_an_exemption_is_more_than_the_placeholder() -> None:
    assert not mentions_exemption("Miễn phí")
    assert mentions_exemption("thuộc diện được miễn phí theo Điều 4")
