"""Each format that offices hold becomes the same record."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import zstandard

from knowledge_base.importers.build import PORTAL, build
from knowledge_base.importers.read import Found, Rejected, file_date, read_file
from knowledge_base.schema import FeeState, Level, Method, Procedure, TimeUnit


def read_rows(path: Path, *rows: Any) -> list[Found | Rejected]:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return list(read_file(path))


def only(found: list[Found | Rejected]) -> Procedure:
    [record] = found
    assert isinstance(record, Found), record
    return build(record.record)


def test_a_page_record(tmp_path: Path, samples: ModuleType) -> None:
    record = only(read_rows(tmp_path / "national-2026-07.jsonl", samples.page()))
    assert record.name == "Cấp giấy mẫu"
    assert record.levels == (Level.COMMUNE,)
    assert record.steps == ("Nộp hồ sơ.", "Nhận kết quả.")
    assert [fee.amount for fee in record.fees] == [10_000]
    assert [(time.value, time.unit) for time in record.processing_times] == [
        (3, TimeUnit.WORKING_DAY)
    ]
    form = record.documents[0].documents[0].form
    assert form is not None
    assert form.number == "Mẫu 02"
    assert [(law.number, law.name) for law in record.legal_basis] == [
        ("60/2014/QH13", "Luật Hộ tịch")
    ]
    assert record.result == ("Giấy mẫu",)
    assert record.conditions == ()
    assert record.provenance.source.endswith("/1.000001")
    assert record.provenance.last_checked == date(2026, 7, 1)


def test_a_defence_record(tmp_path: Path, samples: ModuleType) -> None:
    record = only(read_rows(tmp_path / "quoc-phong-2026-01.jsonl", samples.defence()))
    assert record.name == "Đăng ký mẫu"
    assert [(fee.name, fee.amount, fee.currency, fee.note or fee.case) for fee in record.fees] == [
        ("Phí", 50_000, "VND", "một hồ sơ"),
        ("Lệ phí", 5, "USD", "người nước ngoài"),
    ]
    assert [law.number for law in record.legal_basis] == ["12/2021/QĐ-TTg", "67/2024/TT-BQP"]
    [paper] = record.documents[0].documents
    assert (paper.name, paper.originals, paper.copies) == ("Đơn (Mẫu số 25)", 1, 0)
    assert record.provenance.source == PORTAL
    assert record.provenance.decision == "2/QĐ-BQP"


def test_a_commune_record(tmp_path: Path, samples: ModuleType) -> None:
    record = only(read_rows(tmp_path / "commune-2026-09.jsonl", samples.commune()))
    assert [fee.state for fee in record.fees] == [FeeState.NOT_STATED]
    assert [(time.value, time.case) for time in record.processing_times] == [
        (7, "Tạm ứng"),
        (3, "Thanh toán"),
    ]
    assert [(case.case, len(case.documents)) for case in record.documents] == [
        ("", 1),
        ("Thanh niên", 1),
    ]
    assert record.documents[1].documents[0].copies == 1
    assert record.conditions == ()


def test_an_api_record(tmp_path: Path, samples: ModuleType) -> None:
    path = tmp_path / "detail.json"
    path.write_text(json.dumps(samples.api(), indent=2), encoding="utf-8")
    record = only(list(read_file(path)))
    assert (record.code, record.name) == ("1.000004", "Đăng ký thử")
    assert record.levels == (Level.COMMUNE,)
    assert record.steps == ("Nộp hồ sơ.", "Nhận kết quả.")
    assert [(time.value, time.method) for time in record.processing_times] == [(3, None)]
    assert {way.method for way in record.submissions} == {Method.ONLINE, Method.IN_PERSON}
    stated = [fee for fee in record.fees if fee.state is FeeState.AMOUNT]
    assert [(fee.amount, fee.unit, fee.method) for fee in stated] == [
        (8000, "bản", Method.IN_PERSON)
    ]
    assert FeeState.FREE not in {fee.state for fee in record.fees}
    [case] = record.documents
    assert case.documents[0].show_only
    assert not case.documents[0].required
    assert case.note == "Trường hợp đã có dữ liệu"
    assert record.conditions == ("Từ đủ 14 tuổi",)
    assert record.provenance.source == (
        "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bfd-3fe0-70ac-b9d6-5e9e20d6eef7"
    )


def test_an_office_export(tmp_path: Path, samples: ModuleType) -> None:
    found = list(read_file(samples.export(tmp_path / "xuat.bin")))
    records = [build(item.record) for item in found if isinstance(item, Found)]
    assert [record.code for record in records] == ["1.000005", "1.001100"]
    record = records[0]
    assert [(fee.amount, fee.unit) for fee in record.fees] == [(2_000, "trang")]
    assert record.processing_times[0].value == 2
    assert record.steps == ("Tại xã: Nộp bản chính;", "Nhận bản sao.")
    assert record.documents[0].case == "Giấy tờ xuất trình"
    assert record.documents[0].documents[0].originals == 1
    assert record.result == ("Bản sao",)
    assert record.legal_basis[0].number == "23/2015/NĐ-CP"
    assert record.conditions == ("Rõ ràng",)
    assert record.submissions[0].place == "Số 1 phố Mẫu"
    [rejected] = [item for item in found if isinstance(item, Rejected)]
    assert "1.000006: the name is empty" in rejected.reason


def test_the_portal_list(tmp_path: Path, samples: ModuleType) -> None:
    path = samples.portal_list(
        tmp_path / "list.xlsx",
        ("1.000007", "Thủ tục mẫu", "Bộ Tư pháp", "Ủy ban nhân dân cấp xã\nSở Tư pháp", "Hộ tịch"),
    )
    [found] = read_file(path)
    assert isinstance(found, Found)
    assert found.record.brief
    record = build(found.record)
    assert record.executing_agency == "Ủy ban nhân dân cấp xã, Sở Tư pháp"
    assert record.levels == (Level.COMMUNE, Level.PROVINCE)


def test_a_format_is_told_by_content(tmp_path: Path, samples: ModuleType) -> None:
    line = json.dumps(samples.page(), ensure_ascii=False).encode()
    for name, content in (
        ("a.txt", line),
        ("b", zstandard.compress(line)),
        ("c.jsonl.zst", b"\xef\xbb\xbf" + line),
        ("d.json", b"[" + line + b"]"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        assert only(list(read_file(path))).code == "1.000001"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"\x28\xb5\x2f\xfdbroken", "neither text nor Zstandard nor Excel"),
        (b"PK\x03\x04broken", "cannot be opened as a workbook"),
        (b"\xff\xfe\x00", "neither text nor Zstandard nor Excel"),
        (b'{"x": 1}', "unknown format with the keys x"),
        (b"[1]", "is not a record"),
    ],
)
def test_a_broken_file_is_told(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "broken"
    path.write_bytes(content)
    [rejected] = read_file(path)
    assert isinstance(rejected, Rejected)
    assert reason in rejected.reason
    assert str(path) in str(rejected)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    [rejected] = read_file(tmp_path / "none.jsonl")
    assert isinstance(rejected, Rejected)
    assert "cannot be read" in rejected.reason


def test_a_workbook_of_something_else_is_told(tmp_path: Path) -> None:
    import openpyxl

    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    [rejected] = read_file(tmp_path / "other.xlsx")
    assert isinstance(rejected, Rejected)
    assert "holds neither" in rejected.reason


def test_the_rest_of_a_file_goes_on(tmp_path: Path, samples: ModuleType) -> None:
    path = tmp_path / "mixed.jsonl"
    rows = [
        json.dumps(samples.page("1.000001")),
        "{broken",
        json.dumps(samples.page("1.000002", cach_thuc_thuc_hien="Nộp tại xã")),
        json.dumps({**samples.page("1.000003"), "ten_thu_tuc": 5}),
        json.dumps({**samples.defence("1.000004"), "content": None}),
        json.dumps({**samples.commune("1.000005"), "methods": 3}),
        "",
        json.dumps(samples.page("1.000006")),
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    found = list(read_file(path))
    assert [item.row for item in found] == [1, 2, 3, 4, 5, 6, 8]
    assert [isinstance(item, Found) for item in found] == [True, *[False] * 5, True]
    rejected = [item for item in found if isinstance(item, Rejected)]
    assert "not valid JSON" in rejected[0].reason
    assert rejected[1].code == "1.000002"


def test_the_day_of_a_file(tmp_path: Path) -> None:
    assert file_date(Path("national-2026-07.jsonl.zst")) == date(2026, 7, 1)
    assert file_date(Path("xuat 2026-08-06.xlsx")) == date(2026, 8, 6)
    path = tmp_path / "no-date.json"
    path.write_text("{}", encoding="utf-8")
    assert file_date(path) >= date(2026, 1, 1)
