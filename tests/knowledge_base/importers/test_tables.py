"""Tables whose cells come glued together are split into their rows."""

from __future__ import annotations

import pytest

from knowledge_base.importers.source import RowError
from knowledge_base.importers.tables import (
    DOCUMENTS_HEADER,
    LEGAL_HEADER,
    METHODS_HEADER,
    split_documents,
    split_files,
    split_legal,
    split_methods,
    split_results,
)


def test_methods() -> None:
    rows = split_methods(
        f"{METHODS_HEADER}Trực tuyến3 Ngày làm việc5,000 Việt Nam Đồng(Qua cổng (VNeID): 7.000 "
        "đồng.)"
        "- Nộp trên cổng.\nTrực tiếp nộp tại xã.Trực tiếp3 NgàyMiễn phíDịch vụ bưu chínhKhông có "
        "thông tinKhông có thông tin"
    )
    assert [(row.method, row.time, row.fees) for row in rows] == [
        (
            "Trực tuyến",
            "3 Ngày làm việc",
            (("5,000 Việt Nam Đồng", "Qua cổng (VNeID): 7.000 đồng."),),
        ),
        ("Trực tiếp", "3 Ngày", (("Miễn phí", ""),)),
        ("Dịch vụ bưu chính", "Không có thông tin", (("Không có thông tin", ""),)),
    ]
    assert rows[0].note == "- Nộp trên cổng.\nTrực tiếp nộp tại xã."


@pytest.mark.parametrize(
    ("cell", "time", "fee"),
    [
        ("Trực tuyến120 VNĐ", "1", "20 VNĐ"),
        ("Trực tuyến1200 VNĐ", "1", "200 VNĐ"),
        ("Trực tiếp140,000 Việt Nam Đồng", "1", "40,000 Việt Nam Đồng"),
        ("Trực tiếp100,000 VNĐ", "", "100,000 VNĐ"),
        ("Trực tiếp1Miễn phí", "1", "Miễn phí"),
        ("Trực tiếp25Miễn phí", "25", "Miễn phí"),
        ("Trực tuyếnKhông phải trả kết quảMiễn phí", "Không phải trả kết quả", "Miễn phí"),
    ],
)
def test_a_unitless_time_is_not_part_of_the_amount(cell: str, time: str, fee: str) -> None:
    [row] = split_methods(METHODS_HEADER + cell)
    assert (row.time, row.fees) == (time, ((fee, ""),))


def test_a_bracket_left_open_does_not_swallow_the_next_row() -> None:
    rows = split_methods("Trực tiếp1Miễn phí(Miễn (Thông tư 40)Trực tuyến1Miễn phí")
    assert [row.method for row in rows] == ["Trực tiếp", "Trực tuyến"]
    assert rows[0].fees == (("Miễn phí", "Miễn (Thông tư 40"),)


def test_no_table_of_methods() -> None:
    assert split_methods("Không có thông tin") == ()
    with pytest.raises(RowError, match="cannot be split"):
        split_methods("Nộp tại xã")


def test_documents_by_case_with_counts_and_files() -> None:
    cases = split_documents(
        f"* Giấy tờ phải nộp:{DOCUMENTS_HEADER}- Tờ khai (Mẫu CT01).1.MuCT01.doc1 bản chính"
        "Bản sao hợp đồng0 bản chính,1 bản sao* Giấy tờ phải xuất trình:"
        f"{DOCUMENTS_HEADER}Thẻ căn cước1 bản chính--{DOCUMENTS_HEADER}02 ảnh2 bản chính"
    )
    assert [case.case for case in cases] == ["Giấy tờ phải nộp", "Giấy tờ phải xuất trình", ""]
    first, second = cases[0].rows
    assert (first.name, first.originals, first.copies) == ("Tờ khai (Mẫu CT01).", 1, None)
    assert first.files == ("1.MuCT01.doc",)
    assert (second.name, second.originals, second.copies) == ("Bản sao hợp đồng", 0, 1)
    assert (cases[2].rows[0].name, cases[2].rows[0].originals) == ("02 ảnh", 2)


@pytest.mark.parametrize(
    ("row", "name", "originals"),
    [
        ("Nghị định ngày 15/5/20241 bản chính", "Nghị định ngày 15/5/2024", 1),
        ("theo Mẫu CT011 bản chính", "theo Mẫu CT01", 1),
        ("Giấy tờ10 bản chính", "Giấy tờ", 10),
        (
            "Hợp đồng (01 bản chính hoặc 01 bản sao có chứng thực)1 bản chính",
            "Hợp đồng (01 bản chính hoặc 01 bản sao có chứng thực)",
            1,
        ),
        (
            "nộp 2 bản chính và 1 bản sao kèm theo3 bản chính",
            "nộp 2 bản chính và 1 bản sao kèm theo",
            3,
        ),
    ],
)
def test_counts_are_told_from_the_digits_before_them(row: str, name: str, originals: int) -> None:
    [case] = split_documents(f"--{DOCUMENTS_HEADER}{row}")
    assert [(paper.name, paper.originals) for paper in case.rows] == [(name, originals)]


def test_text_without_a_table_is_no_paper() -> None:
    assert split_documents("); nộp hồ sơ cho cơ quan.\nBước 2. Nhận kết quả.") == ()


@pytest.mark.parametrize(
    ("cell", "name", "files"),
    [
        ("Giấy đề nghịTP-DGTS-05.doc", "Giấy đề nghị", ("TP-DGTS-05.doc",)),
        (
            "Đơn theo Nghị định 52/2024/NĐ-CPMau01.docx",
            "Đơn theo Nghị định 52/2024/NĐ-CP",
            ("Mau01.docx",),
        ),
        ("Bản khai;MauA.docxMauB.docx", "Bản khai;", ("MauA.docx", "MauB.docx")),
        ("Đơn đề nghị theo mẫu.mau so 8.doc", "Đơn đề nghị theo mẫu.", ("mau so 8.doc",)),
        ("Giấy chứng sinh", "Giấy chứng sinh", ()),
        (
            "Mẫu số 15.NT kèm Nghị định;Mẫu số 15.docx",
            "Mẫu số 15.NT kèm Nghị định;",
            ("Mẫu số 15.docx",),
        ),
    ],
)
def test_files_behind_a_name(cell: str, name: str, files: tuple[str, ...]) -> None:
    assert split_files(cell) == (name, files)


def test_legal_documents() -> None:
    found = split_legal(
        f"{LEGAL_HEADER}Thông tư số 39/2018/TT-BTC ngày 20/4/2018 sửa đổi Thông tư số "
        "38/2015/TT-BTC."
        "39/2018/TT-BTCLuật 54/2014/QH1354/2014/QH13Luật Các tổ chức tín dụngLuật số 32/2024/QH15"
        "sửa đổi một số nghị định18/2026/NĐ-CP Nghị quyết giai đoạn 2026 - 2030182/2025/NQ-HĐND "
        "Quy "
        "định trình tự16/2026/QĐ-UBND"
    )
    assert found == (
        (
            "39/2018/TT-BTC",
            "Thông tư số 39/2018/TT-BTC ngày 20/4/2018 sửa đổi Thông tư số 38/2015/TT-BTC",
        ),
        ("54/2014/QH13", "Luật 54/2014/QH13"),
        ("32/2024/QH15", "Luật Các tổ chức tín dụng"),
        ("18/2026/NĐ-CP", "sửa đổi một số nghị định"),
        ("182/2025/NQ-HĐND", "Nghị quyết giai đoạn 2026 - 2030"),
        ("16/2026/QĐ-UBND", "Quy định trình tự"),
    )


def test_results_lose_their_codes_and_the_page() -> None:
    cell = (
        "Trích lục khai tửMã: KQ.G15.000034Văn bản từ chốiMã: KQ-G12.0001676Giấy phépMã: "
        "G19-KQ006099"
        "Từ khóaKhông có thông tinMô tảKhông có thông tinChọn cơ quan thực hiệnTỉnh/ Thành phố"
    )
    assert split_results(cell) == ("Trích lục khai tử", "Văn bản từ chối", "Giấy phép")
