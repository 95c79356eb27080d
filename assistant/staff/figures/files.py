"""Tables as files for a spreadsheet, in which no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as Target
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from assistant.staff.figures.sheets import Cell, Form, Sheet, Value

CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOM: Final = "\ufeff"
"""By which a spreadsheet knows that the text is UTF-8."""

_FORMULA: Final = re.compile(r"^[\s\x00]*[=+\-@|%＝＋－＠]|^[\t\r\n]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FORMATS: Final = {
    Form.SHARE: "0.0%",
    Form.SCORE: "0.00",
    Form.HOURS: "0.0",
    Form.MILLISECONDS: "#,##0",
    Form.COUNT: "#,##0",
    Form.DAY: "dd/mm/yyyy",
}
_NAME: Final = re.compile(r"[\[\]:*?/\\]")
_WIDEST: Final = 60


def harmless(text: str) -> str:
    """Puts an apostrophe before a text that a spreadsheet would take for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def as_csv(sheet: Sheet) -> bytes:
    """Writes a table as CSV: UTF-8 with BOM, numbers with a decimal point, days as ISO 8601."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(column) for column in sheet.columns])
    for row in sheet.rows:
        writer.writerow([_csv_value(cell) for cell in row])
    return (BOM + out.getvalue()).encode("utf-8")


def as_xlsx(tables: Sequence[Sheet]) -> bytes:
    """Writes tables as one workbook, one worksheet each."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        page = book.create_sheet(_NAME.sub(" ", table.title)[:31])
        for column, title in enumerate(table.columns, start=1):
            head = page.cell(1, column)
            _set_text(head, title)
            head.font = Font(bold=True)
            head.alignment = Alignment(wrap_text=True, vertical="top")
        for number, row in enumerate(table.rows, start=2):
            for column, cell in enumerate(row, start=1):
                _set(page.cell(number, column), cell)
        page.freeze_panes = "A2"
        for column in range(1, len(table.columns) + 1):
            texts = [table.columns[column - 1], *(str(row[column - 1]) for row in table.rows)]
            width = min(_WIDEST, 2 + max(len(text) for text in texts))
            page.column_dimensions[get_column_letter(column)].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _csv_value(cell: Cell) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return harmless(_CONTROL.sub("", value))
    return repr(round(value, 4)) if isinstance(value, float) else str(value)


def _set(target: Target, cell: Cell) -> None:
    value: Value = cell.value
    if isinstance(value, str):
        _set_text(target, value)
    elif value is not None:
        target.value = value
        target.number_format = _FORMATS.get(cell.form, "General")


def _set_text(target: Target, text: str) -> None:
    """Writes a text that stays one: typed as a string and marked as quoted."""
    target.value = _CONTROL.sub("", text)
    target.data_type = "s"
    target.quotePrefix = True
