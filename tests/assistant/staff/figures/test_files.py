from __future__ import annotations

import csv
import io
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.staff.figures.files import BOM, as_csv, as_xlsx, harmless
from assistant.staff.figures.sheets import Cell, Form, Sheet

FORMULAS = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "|calc", "%0A=1",
    '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0",
)  # fmt: skip


def _sheet(*rows: tuple[Cell, ...], title: str = "Bảng", columns: int = 1) -> Sheet:
    return Sheet("bang", title, tuple(f"Cột {n}" for n in range(columns)), rows)


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_a_formula_in_either_file(text: str) -> None:
    table = _sheet((Cell(text),))
    rows = list(csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig"), newline="")))
    assert rows[1][0].startswith("'")
    assert rows[1][0][1:] == text
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx([table])))
    cell = book.worksheets[0].cell(2, 1)
    assert cell.data_type == "s"
    assert cell.quotePrefix


@pytest.mark.parametrize("text", ["làm khai sinh", "1.001193", "a=b", "50% hồ sơ", ""])
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_csv_is_utf_8_with_bom_and_plain_numbers() -> None:
    written = as_csv(
        _sheet(
            (Cell("Hộ tịch, cư trú"), Cell(1234, Form.COUNT), Cell(2 / 3, Form.SHARE),
             Cell(date(2026, 11, 3), Form.DAY), Cell(None, Form.HOURS)),
            columns=5,
        )
    )  # fmt: skip
    assert written.startswith(BOM.encode())
    lines = written.decode("utf-8-sig").split("\r\n")
    assert lines[0] == "Cột 0,Cột 1,Cột 2,Cột 3,Cột 4"
    assert lines[1] == '"Hộ tịch, cư trú",1234,0.6667,2026-11-03,'


def test_a_workbook_has_typed_values_and_a_sheet_for_each_table() -> None:
    one = _sheet(
        (Cell("Web"), Cell(1234, Form.COUNT), Cell(0.5, Form.SHARE),
         Cell(date(2026, 11, 3), Form.DAY)),
        title="Theo kênh: web/zalo?", columns=4,
    )  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx([one, _sheet(title="Rỗng")])))
    assert book.sheetnames == ["Theo kênh  web zalo ", "Rỗng"]
    page = book.worksheets[0]
    assert [cell.value for cell in page[1]] == ["Cột 0", "Cột 1", "Cột 2", "Cột 3"]
    assert page["B2"].value == 1234
    assert (page["C2"].value, page["C2"].number_format) == (0.5, "0.0%")
    assert page["D2"].value.date() == date(2026, 11, 3)


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_any_text_can_be_written_and_read(texts: list[str]) -> None:
    table = _sheet(tuple(Cell(text) for text in texts), columns=len(texts))
    rows = list(csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig"), newline="")))
    assert len(rows[1]) == len(texts) or texts == [""]
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx([table])))
    written = list(book.worksheets[0][2]) if book.worksheets[0].max_row > 1 else []
    assert all(cell.data_type != "f" for cell in written)
    assert all(cell.value is None or isinstance(cell.value, str) for cell in written)
