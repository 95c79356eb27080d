"""Every figure of a card must stand in the official record or be explained."""

from __future__ import annotations

from typing import Any

from knowledge_base.check import Severity
from knowledge_base.compare import compare, unsourced
from knowledge_base.importers import pages
from knowledge_base.importers.source import SourceRecord
from knowledge_base.importers.tables import DOCUMENTS_HEADER, LEGAL_HEADER, METHODS_HEADER
from knowledge_base.schema import Procedure


def official(**more: str) -> SourceRecord:
    return pages.read(
        {
            "ma_thu_tuc": "1.000001",
            "ten_thu_tuc": "Cấp giấy",
            "cap_thuc_hien": "Cấp xã",
            "cach_thuc_thuc_hien": f"{METHODS_HEADER}Trực tuyến3 Ngày làm việc5,000 Việt Nam Đồng"
            "(Miễn lệ phí cho hộ nghèo)Trực tiếp3 Ngày làm việc10,000 Việt Nam Đồng",
            "trinh_tu_thuc_hien": "Bước 1: Nộp trong 60 (sáu mươi) ngày. Bước 2: Sau 15 giờ thì "
            "trả "
            "trong ngày làm việc tiếp theo, tối đa một ngày.",
            "thanh_phan_ho_so": f"--{DOCUMENTS_HEADER}Tờ khai (Mẫu CT01), mẫu số 1a, 1b1 bản chính",
            "can_cu_phap_ly": f"{LEGAL_HEADER}Luật Hộ tịch60/2014/QH13",
            **more,
        }
    )


def card(**more: Any) -> Procedure:
    return Procedure.model_validate(
        {
            "code": "1.000001",
            "name": "Cấp giấy",
            "field": "Hộ tịch",
            "levels": ["commune"],
            "fees": [
                {"state": "amount", "amount": 5000, "method": "online"},
                {"state": "amount", "amount": 10000, "method": "in_person"},
            ],
            "processing_times": [{"value": 3, "unit": "working_day"}],
            "provenance": {"source": "https://dichvucong.gov.vn", "last_checked": "2026-11-20"},
            **more,
        }
    )


def differences(**more: Any) -> list[tuple[str, str]]:
    found = compare(card(**more), [official()])
    return [(f.field, f.figure) for f in found if f.severity is Severity.ERROR]


def test_a_faithful_card_has_no_findings() -> None:
    faithful = card(
        steps=["Nộp trong 60 ngày; chờ 1 ngày làm việc, xác nhận trong 1 ngày."],
        documents=[{"documents": [{"name": "Tờ khai", "form": {"number": "Mẫu CT01"}}]}],
        legal_basis=[{"number": "60/2014/QH13"}],
    )
    assert compare(faithful, [official()]) == []


def test_an_amount_that_the_record_lacks() -> None:
    [finding] = [
        f
        for f in compare(card(fees=[{"state": "amount", "amount": 7000}]), [official()])
        if f.severity is Severity.ERROR
    ]
    assert (finding.field, finding.figure) == ("fees.0.amount", "7.000 đồng")
    assert finding.record == "10.000 đồng; 5.000 đồng"
    assert "7.000 đồng" in finding.card


def test_free_needs_words_of_the_record() -> None:
    free = [{"state": "free", "source": "miễn lệ phí", "case": "hộ nghèo"}]
    amounts = [{"state": "amount", "amount": 5000}, {"state": "amount", "amount": 10000}]
    assert differences(fees=[*amounts, *free]) == []
    placeholder = official(cach_thuc_thuc_hien=f"{METHODS_HEADER}Trực tiếp3 Ngày làm việcMiễn phí")
    [finding] = compare(card(fees=free), [placeholder])
    assert (finding.field, finding.figure) == ("fees.0", "free")


def test_a_unit_of_time_matters() -> None:
    assert differences(processing_times=[{"value": 3, "unit": "day"}]) == [
        ("processing_times.0.value", "3 ngày")
    ]


def test_figures_in_running_text() -> None:
    assert differences(
        purpose="Mất 9.000 đồng và 8 giờ, theo 12/2020/NĐ-CP, Mẫu số 99.",
    ) == [
        ("purpose", "9.000 đồng"),
        ("purpose", "8 giờ"),
        ("purpose", "12/2020/NĐ-CP"),
        ("purpose", "Mẫu 99"),
    ]


def test_legal_numbers_forms_and_levels() -> None:
    assert differences(legal_basis=[{"number": "61/2014/QH13"}]) == [
        ("legal_basis.0", "61/2014/QH13")
    ]
    form = {"number": "Mẫu CT99", "source": "01/2020/TT-BTP"}
    papers = [{"documents": [{"name": "Tờ khai", "form": form}]}]
    assert differences(documents=papers) == [
        ("documents.0.documents.0.form", "Mẫu CT99"),
        ("documents.0.documents.0.form.source", "01/2020/TT-BTP"),
    ]
    assert differences(levels=["commune", "province"]) == [("levels", "province")]


def test_forms_may_be_a_list() -> None:
    papers = [{"documents": [{"name": "Tờ khai", "form": {"number": "Mẫu số 1a, CT01"}}]}]
    assert differences(documents=papers) == []


def test_a_record_without_level_is_not_compared_by_level() -> None:
    assert compare(card(levels=["province"]), [official(cap_thuc_hien="")]) == []


def test_what_the_card_leaves_out_is_a_warning() -> None:
    found = compare(card(fees=[], processing_times=[]), [official()])
    assert {(f.severity, f.rule, f.figure) for f in found} == {
        (Severity.WARNING, "omission", "5.000 đồng"),
        (Severity.WARNING, "omission", "10.000 đồng"),
        (Severity.WARNING, "omission", "3 ngày làm việc"),
    }


def test_an_explained_difference_is_silent() -> None:
    fees = [{"state": "amount", "amount": value} for value in (5000, 10000, 7000)]
    reason = {"reason": "mức mới", "source": "Thông tư mới"}
    assert differences(fees=fees, explained=[{"field": "fees", **reason}]) == []
    exact = {"field": "fees.2.amount", "figure": "7.000 đồng", **reason}
    assert differences(fees=fees, explained=[exact]) == []
    other = {"field": "fees.2.amount", "figure": "8.000 đồng", **reason}
    assert differences(fees=fees, explained=[other]) == [("fees.2.amount", "7.000 đồng")]


def test_two_records_of_one_code_count_together() -> None:
    second = official(cach_thuc_thuc_hien=f"{METHODS_HEADER}Trực tiếp3 Ngày làm việc7,000 VNĐ")
    fees = [{"state": "amount", "amount": value} for value in (5000, 10000, 7000)]
    assert compare(card(fees=fees), [official(), second]) == []


def test_a_card_without_official_record_names_its_documents() -> None:
    found = [finding.field for finding in unsourced(card())]
    assert found == ["fees.0.source", "fees.1.source", "processing_times.0.source", "legal_basis"]
    named = card(
        fees=[{"state": "amount", "amount": 1, "source": "01/2020/TT-BTP"}],
        processing_times=[{"value": 3, "unit": "day", "source": "01/2020/TT-BTP"}],
        legal_basis=[{"number": "01/2020/TT-BTP"}],
    )
    assert list(unsourced(named)) == []


def test_a_time_glued_to_a_count_is_found() -> None:
    papers = f"--{DOCUMENTS_HEADER}Ảnh chụp chưa quá 6 tháng1 bản chính"
    ways = f"{METHODS_HEADER}Trực tiếpKhông có thông tin20 ngày làm việc với cây cần bảo tồn"
    record = official(thanh_phan_ho_so=papers, cach_thuc_thuc_hien=ways)
    told = card(
        documents=[{"documents": [{"name": "Ảnh chụp chưa quá 6 tháng"}]}],
        processing_times=[{"value": 20, "unit": "working_day"}],
        fees=[],
    )
    assert [f.figure for f in compare(told, [record]) if f.severity is Severity.ERROR] == []
    wrong = told.model_copy(update={"purpose": "Ảnh chụp chưa quá 7 tháng."})
    assert [f.figure for f in compare(wrong, [record])] == ["7 tháng"]
