"""The traps of the real records, on those very records."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from knowledge_base.compare import figures_of
from knowledge_base.importers.build import build
from knowledge_base.importers.rates import FIELDS, Rates
from knowledge_base.importers.read import Found, Rejected, read_file
from knowledge_base.schema import Fee, FeeState, Level, Procedure, TimeUnit

pytestmark = pytest.mark.shared

FILES = ("national-2026-07.jsonl.zst", "quoc-phong-2026-01.jsonl.zst", "commune-2026-09.jsonl")


@pytest.fixture(scope="module")
def found(shared_data: Path) -> list[Found]:
    read = [item for name in FILES for item in read_file(shared_data / name)]
    assert [item for item in read if isinstance(item, Rejected)] == []
    return [item for item in read if isinstance(item, Found)]


@pytest.fixture(scope="module")
def records(found: list[Found]) -> dict[str, Procedure]:
    return {item.record.code: build(item.record) for item in found}


def amounts(record: Procedure) -> list[int | None]:
    return [fee.amount for fee in record.fees if fee.state is FeeState.AMOUNT]


def test_every_record_imports(found: list[Found], records: dict[str, Procedure]) -> None:
    assert len(found) == 3012
    assert len(records) == 3011  # 1.013128 is in two files


def test_trap_1_the_placeholder_is_never_free(found: list[Found]) -> None:
    for item in found:
        for row in item.record.methods:
            for printed, note in row.fees:
                if printed.startswith("Miễn phí") and not note:
                    record = build(item.record)
                    empty = [fee for fee in record.fees if not fee.source]
                    assert FeeState.FREE not in {fee.state for fee in empty}


def test_trap_1_a_fee_of_the_province(records: dict[str, Procedure]) -> None:
    states = [fee.state for fee in records["1.000656"].fees]
    assert states == [FeeState.SET_BY_PROVINCE, FeeState.FREE, FeeState.NOT_STATED]
    free = records["1.000656"].fees[1]
    assert free.case.startswith("trường hợp đăng ký khai tử đúng hạn")
    assert "Miễn lệ phí" in free.source


def test_trap_1_amounts_behind_the_placeholder(records: dict[str, Procedure]) -> None:
    found = amounts(records["3.000346"])
    assert {60_000, 350_000, 135_000} <= set(found)
    assert FeeState.FREE not in {fee.state for fee in records["3.000346"].fees}


def test_every_free_line_quotes_words_that_say_so(records: dict[str, Procedure]) -> None:
    free = [
        (record.code, fee)
        for record in records.values()
        for fee in record.fees
        if fee.state is FeeState.FREE
    ]
    assert free
    for code, fee in free:
        words = fee.source.casefold()
        assert "miễn" in words or "không thu" in words, (code, fee)


def test_trap_2_a_bare_number_is_no_time(found: list[Found], records: dict[str, Procedure]) -> None:
    bare = [
        item.record.code
        for item in found
        if item.record.methods
        and all(row.time.isdigit() and not row.note for row in item.record.methods)
    ]
    assert len(bare) > 100
    assert [code for code in bare if records[code].processing_times] == []


def test_trap_3_glued_tables(records: dict[str, Procedure]) -> None:
    record = records["1.002755"]
    assert [case.case for case in record.documents][:2] == [
        "Gia hạn tạm trú theo danh sách, hồ sơ gồm",
        "Gia hạn tạm trú tại nơi đơn vị đóng quân trong Công an nhân dân, Quân đội nhân nhân "
        "(nơi đơn vị đóng quân, nhà ở công vụ) hồ sơ gồm",
    ]
    form = record.documents[0].documents[0].form
    assert form is not None
    assert (form.number, form.file) == ("Mẫu CT01", "1.MuCT01banhnhkmtheoThngts53.doc")
    assert {law.number for law in record.legal_basis} >= {
        "53/2025/TT-BCA",
        "66/2023/TT-BCA",
        "75/2022/TT-BTC",
        "68/2020/QH14",
    }
    assert [(t.value, t.unit) for t in record.processing_times] == [(3, TimeUnit.WORKING_DAY)]


def test_trap_4_page_furniture(records: dict[str, Procedure]) -> None:
    for record in records.values():
        told = " ".join(record.result)
        assert "Chọn cơ quan thực hiện" not in told
        assert "Nộp hồ sơ" not in record.result
        assert "Từ khóa" not in told
        assert "Mã: " not in told


def test_trap_5_contradictions_are_told(records: dict[str, Procedure]) -> None:
    online = [fee for fee in records["1.002755"].fees if fee.amount in (5_000, 7_000)]
    assert len(online) == 2
    assert all("hai mức khác nhau" in fee.note for fee in online)


def test_trap_5_reductions_end(records: dict[str, Procedure]) -> None:
    [old] = [fee for fee in records["3.000346"].fees if fee.amount == 115_000]
    assert old.valid_until == date(2025, 12, 31)


def test_trap_6_levels(records: dict[str, Procedure]) -> None:
    assert records["1.000656"].levels == (Level.COMMUNE,)
    assert records["3.000346"].levels == (Level.MINISTRY,)
    counted = Counter(record.levels for record in records.values())
    assert counted[(Level.OTHER,)] < 40


def test_trap_7_the_card_of_police_staff_names_its_field(records: dict[str, Procedure]) -> None:
    assert "1.116410" not in records
    assert records["2.000639"].field != "Thẻ bảo hiểm y tế"
    assert "Công an" in records["2.000639"].executing_agency


def test_times_glued_to_the_next_cell_are_found(found: list[Found]) -> None:
    texts = {item.record.code: item.record for item in found}
    assert (6, TimeUnit.MONTH) in figures_of([texts["2.001895"]]).times
    assert (20, TimeUnit.WORKING_DAY) in figures_of([texts["1.002693"]]).times


def test_amounts_without_their_zeros_are_not_taken(records: dict[str, Procedure]) -> None:
    def small(fee: Fee) -> bool:
        return fee.currency == "VND" and fee.amount is not None and fee.amount < 1_000

    assert [r.code for r in records.values() if any(map(small, r.fees))] == []


def test_rates(found: list[Found], records: dict[str, Procedure]) -> None:
    rates = Rates()
    for item in found:
        rates.add(records[item.record.code], item.record)
    least = dict.fromkeys(FIELDS, 98.0) | {"fees": 97.0, "fee_amount": 95.0}
    assert {
        name: rates.recognised(name) for name in least if rates.recognised(name) < least[name]
    } == {}


def test_the_lists_of_the_portal(shared_data: Path) -> None:
    for path in sorted(shared_data.glob("portal-list-*.xlsx")):
        read = list(read_file(path))
        assert len(read) >= 271
        assert all(isinstance(item, Found) and item.record.brief for item in read)
