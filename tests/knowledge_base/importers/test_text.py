"""Texts of official pages lose what is not theirs and keep what is."""

from __future__ import annotations

import pytest

from knowledge_base.importers.text import (
    clean,
    is_empty,
    paragraphs,
    parted,
    procedure_name,
    steps,
    without_furniture,
    without_mark,
)


def test_clean_keeps_lines_and_composes_letters() -> None:
    assert clean("Bước\u00a0 1\r\n\r\n\r\n\r\nto\u0323\u0302") == "Bước 1\n\ntộ"


@pytest.mark.parametrize("text", ["", " Không có thông tin", "Không.", "--", "Không quy định"])
def test_placeholders_are_empty(text: str) -> None:
    assert is_empty(text)


def test_a_statement_is_not_empty() -> None:
    assert not is_empty("Không quá 3 ngày")


@pytest.mark.parametrize(
    ("glued", "apart"),
    [
        ("chụp chưa quá 6 tháng1 bản chính", "chụp chưa quá 6 tháng 1 bản chính"),
        ("thẩm định 05 ngày0 bản chính,1 bản sao", "thẩm định 05 ngày 0 bản chính,1 bản sao"),
        ("Không có thông tin20 ngày làm việc", "Không có thông tin 20 ngày làm việc"),
        ("Mẫu CT011 bản chính", "Mẫu CT011 bản chính"),
        ("Tờ khai 1 bản chính", "Tờ khai 1 bản chính"),
        ("Không có thông tin.", "Không có thông tin."),
    ],
)
def test_glued_cells_are_parted(glued: str, apart: str) -> None:
    assert parted(glued) == apart


def test_page_furniture_is_cut() -> None:
    page = (
        "Trích lục khai tửTừ khóaKhông có thông tinMô tảKhông có thông tinChọn cơ quan thực hiện"
        "Tỉnh/ Thành phốBộ ngànhNộp hồ sơ"
    )
    assert without_furniture(page) == "Trích lục khai tử"
    assert without_furniture("Từ khóa của hệ thống") == "Từ khóa của hệ thống"


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("- Giấy báo tử", "Giấy báo tử"),
        ("+  Giấy báo tử", "Giấy báo tử"),
        ("2.3.1. Thành phần", "Thành phần"),
        ("a.1) Trường hợp", "Trường hợp"),
        ("(viii) Bản sao", "Bản sao"),
        ("02 ảnh màu", "02 ảnh màu"),
    ],
)
def test_list_marks(marked: str, plain: str) -> None:
    assert without_mark(marked) == plain


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Thủ tục đăng ký khai tử", "Đăng ký khai tử"),
        ("thủ tục  Đăng ký giám hộ.", "Đăng ký giám hộ"),
        ("Trình tự, thủ tục thành lập", "Trình tự, thủ tục thành lập"),
        ("ĐỀ NGHỊ THAY ĐỔI TẠI VIỆT NAM", "Đề nghị thay đổi tại Việt Nam"),
        ("Thủ tục", "Thủ tục"),
    ],
)
def test_names(printed: str, name: str) -> None:
    assert procedure_name(printed) == name


def test_steps_by_number() -> None:
    text = "a) Bước 1: Nộp hồ sơ.\nTại xã.\nb) Bước 2. Nhận kết quả."
    assert steps(text) == ["Nộp hồ sơ. Tại xã.", "Nhận kết quả."]


def test_steps_by_line() -> None:
    assert steps("- Nộp hồ sơ;\n- Nhận kết quả.") == ["Nộp hồ sơ;", "Nhận kết quả."]
    assert steps("Không có thông tin") == []


def test_a_sentence_broken_by_hand_is_joined() -> None:
    assert paragraphs("Phối hợp với Bộ\nquốc phòng xây dựng") == [
        "Phối hợp với Bộ quốc phòng xây dựng"
    ]
