"""Reads Excel workbooks: a commune's export with its sheets, and the portal's plain list."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from knowledge_base.importers.defence import split_fee_cell
from knowledge_base.importers.figures import LEGAL, legal_number
from knowledge_base.importers.source import (
    DocumentRow,
    DocumentRows,
    MethodRow,
    RowError,
    SourceRecord,
)
from knowledge_base.importers.text import is_empty, one_line, paragraphs, steps, without_mark
from knowledge_base.schema import CODE_PATTERN
from vietnamese.fold import fold

EXPORT_NAME: Final = "tệp Excel xuất từ hệ thống của đơn vị"
LIST_NAME: Final = "danh sách Excel của Cổng dịch vụ công quốc gia"

MAIN: Final = "TTHC2-CAPXA"
METHODS: Final = "Cách thức thực hiện"
STEPS: Final = "Trình tự thực hiện"
PAPERS: Final = "TPHS"
RESULTS: Final = "KQTH"
LAWS: Final = "CCPL"
NATIONAL: Final = "TTHC"

Columns = Mapping[str, tuple[tuple[str, ...], int]]
"""Of each column: words of its heading without diacritics, and where it stands without heading."""

_MAIN: Final[Columns] = {
    "code": (("ma tthc", "ma thu tuc", "ma so"), 1),
    "name": (("ten tthc", "ten thu tuc"), 2),
    "page": (("link",), 3),
    "decision": (("so quyet dinh",), 4),
    "issuing": (("co quan ban hanh",), 6),
    "field": (("linh vuc",), 7),
    "levels": (("cap thuc hien",), 8),
    "audience": (("doi tuong",), 9),
    "address": (("dia chi",), 12),
    "executing": (("co quan thuc hien",), 13),
    "competent": (("co quan co tham quyen",), 14),
}
_METHODS: Final[Columns] = {
    "code": (("ma tthc", "ma thu tuc"), 1),
    "method": (("hinh thuc",), 3),
    "time": (("thoi gian", "thoi han"), 4),
    "fee": (("phi",), 5),
    "note": (("mo ta",), 6),
}
_STEPS: Final[Columns] = {
    "code": (("ma tthc", "ma thu tuc"), 1),
    "case": (("truong hop",), 3),
    "text": (("mo ta", "chi tiet", "trinh tu"), 4),
}
_PAPERS: Final[Columns] = {
    "code": (("ma tthc", "ma thu tuc"), 1),
    "name": (("ten giay to", "ten tphs", "ten thanh phan"), 4),
    "case": (("loai giay to", "truong hop"), 5),
    "original": (("ban chinh",), 7),
    "copy": (("ban sao",), 8),
    "form": (("bm dien tu", "bieu mau", "mau don"), 9),
}
_RESULTS: Final[Columns] = {
    "code": (("ma tthc", "ma thu tuc"), 1),
    "name": (("ten ket qua",), 4),
}
_LAWS: Final[Columns] = {
    "code": (("ma tthc", "ma thu tuc"), 1),
    "number": (("so ky hieu", "so, ky hieu", "so hieu"), 3),
    "name": (("trich yeu", "ten van ban"), 4),
}
_NATIONAL: Final[Columns] = {
    "code": (("ma tthc", "ma thu tuc"), 1),
    "conditions": (("yeu cau",), 16),
}
_LIST: Final[Columns] = {
    "code": (("ma so", "ma tthc", "ma thu tuc"), 0),
    "name": (("ten",), 1),
    "issuing": (("co quan ban hanh",), 2),
    "executing": (("co quan thuc hien",), 3),
    "field": (("linh vuc",), 4),
}

Row = dict[str, str]


def read_workbook(
    content: bytes,
) -> Iterator[tuple[int, SourceRecord] | tuple[int, RowError]]:
    """Reads the records of a workbook.

    Args:
        content: The bytes of the file.

    Yields:
        The row of each record in its sheet, with the record or with what is wrong.

    Raises:
        RowError: The file is no workbook, or holds none of the known sheets.
    """
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise RowError(f"cannot be opened as a workbook: {error}") from error
    try:
        sheets = {name: list(book[name].iter_rows(values_only=True)) for name in book.sheetnames}
    except (zipfile.BadZipFile, ValueError, KeyError, OSError) as error:
        raise RowError(f"cannot be read to its end: {error}") from error
    finally:
        book.close()
    if MAIN in sheets:
        yield from _read_export(sheets)
        return
    for rows in sheets.values():
        if _heading(rows, _LIST) is not None:
            yield from _read_list(rows)
            return
    raise RowError(f"holds neither the sheet {MAIN} nor a list with the column 'Mã số'")


def _read_export(
    sheets: Mapping[str, Sequence[Sequence[Any]]],
) -> Iterator[tuple[int, SourceRecord] | tuple[int, RowError]]:
    methods = _joined(sheets.get(METHODS, ()), _METHODS)
    told = _joined(sheets.get(STEPS, ()), _STEPS)
    papers = _joined(sheets.get(PAPERS, ()), _PAPERS)
    results = _joined(sheets.get(RESULTS, ()), _RESULTS)
    laws = _joined(sheets.get(LAWS, ()), _LAWS)
    conditions = _joined(sheets.get(NATIONAL, ()), _NATIONAL)
    for number, row in _rows(sheets[MAIN], _MAIN):
        code = row["code"]
        if not row["name"]:
            yield number, RowError(f"{code}: the name is empty")
            continue
        parts = (methods, told, papers, results, laws, conditions)
        said = [row, *(line for part in parts for line in part.get(code, ()))]
        yield (
            number,
            SourceRecord(
                code=code,
                name=row["name"],
                form=EXPORT_NAME,
                text="\n".join(value for line in said for value in line.values()),
                decision=row["decision"],
                field=row["field"],
                levels=row["levels"],
                audience=row["audience"],
                methods=tuple(_method(line) for line in methods.get(code, ())),
                documents=_documents(papers.get(code, ())),
                legal=tuple(dict(_law(line) for line in laws.get(code, ())).items()),
                results=_results(results.get(code, ())),
                steps=tuple(step for line in told.get(code, ()) for step in _step(line)),
                conditions=tuple(
                    part for x in conditions.get(code, ()) for part in paragraphs(x["conditions"])
                ),
                executing_agency=row["executing"],
                competent_agency=row["competent"],
                issuing_agency=row["issuing"],
                address=row["address"],
                page=row["page"] if re.fullmatch(r"https?://\S+", row["page"]) else "",
            ),
        )


def _read_list(
    rows: Sequence[Sequence[Any]],
) -> Iterator[tuple[int, SourceRecord] | tuple[int, RowError]]:
    for number, row in _rows(rows, _LIST):
        if not row["name"]:
            yield number, RowError(f"{row['code']}: the name is empty")
            continue
        executing = ", ".join(part.strip() for part in row["executing"].split("\n") if part.strip())
        yield (
            number,
            SourceRecord(
                code=row["code"],
                name=row["name"],
                form=LIST_NAME,
                text="\n".join(row.values()),
                field=row["field"],
                executing_agency=executing,
                issuing_agency=row["issuing"],
                brief=True,
            ),
        )


def _heading(rows: Sequence[Sequence[Any]], columns: Columns) -> int | None:
    """Returns the position of the row of headings: the first that names the code's column."""
    words = columns["code"][0]
    for position, row in enumerate(rows[:12]):
        cells = [fold(_cell(cell)) for cell in row]
        if any(any(word in cell for word in words) for cell in cells if len(cell) < 40):
            return position
    return None


def _places(heading: Sequence[Any], columns: Columns) -> dict[str, int]:
    """Finds each column by its heading, else takes the place it has in the known export."""
    cells = [fold(_cell(cell)) for cell in heading]
    places = {}
    for key, (words, place) in columns.items():
        named = [
            index
            for word in words
            for index, cell in enumerate(cells)
            if cell and (cell == word or cell.startswith(word) or (key == "fee" and word in cell))
        ]
        places[key] = named[0] if named else place
    return places


def _rows(rows: Sequence[Sequence[Any]], columns: Columns) -> Iterator[tuple[int, Row]]:
    """Yields the rows that carry a procedure code, with their number in the sheet from 1."""
    heading = _heading(rows, columns)
    places = _places(rows[heading] if heading is not None else (), columns)
    for number, row in enumerate(rows, start=1):
        cells = {key: _cell(row[at]) if at < len(row) else "" for key, at in places.items()}
        cells["code"] = _code(cells["code"])
        if CODE_PATTERN.match(cells["code"]):
            yield number, cells


def _joined(rows: Sequence[Sequence[Any]], columns: Columns) -> dict[str, list[Row]]:
    joined: dict[str, list[Row]] = {}
    for _, row in _rows(rows, columns):
        joined.setdefault(row["code"], []).append(row)
    return joined


def _cell(value: Any) -> str:
    """Returns a cell as text; Excel may have made a date or a number of it."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float):
        return f"{int(value)}" if value.is_integer() else repr(value)
    return str(value).strip()


def _code(cell: str) -> str:
    """Restores a code that Excel took for a number: ``1.0011`` was ``1.001100``."""
    return f"{cell:0<8}" if re.fullmatch(r"\d\.\d{1,6}", cell) else cell


def _method(row: Row) -> MethodRow:
    return MethodRow(row["method"], row["time"], tuple(split_fee_cell(row["fee"])), row["note"])


def _step(row: Row) -> list[str]:
    found = steps(row["text"])
    if row["case"] and not is_empty(row["case"]) and found:
        return [f"{one_line(row['case']).rstrip(':')}: {found[0]}", *found[1:]]
    return found


def _documents(rows: Sequence[Row]) -> tuple[DocumentRows, ...]:
    cases: dict[str, list[DocumentRow]] = {}
    for row in rows:
        name = without_mark(one_line(row["name"]))
        if name:
            case = one_line(row["case"]).strip("-*: ")
            file = (row["form"],) if re.search(r"\.\w{3,4}$", row["form"]) else ()
            paper = DocumentRow(name, _count(row["original"]), _count(row["copy"]), file)
            cases.setdefault("" if is_empty(case) else case, []).append(paper)
    return tuple(DocumentRows(case, tuple(papers)) for case, papers in cases.items())


def _count(cell: str) -> int | None:
    """Reads a count; any other mark in the cell, such as a cross, means one."""
    digits = re.search(r"\d+", cell)
    if digits:
        return int(digits[0])
    return 1 if cell and not is_empty(cell) and cell.casefold() not in {"false", "0"} else None


def _results(rows: Sequence[Row]) -> tuple[str, ...]:
    names = (one_line(row["name"]) for row in rows)
    return tuple(dict.fromkeys(name for name in names if not is_empty(name)))


def _law(row: Row) -> tuple[str, str]:
    match = LEGAL.search(row["number"]) or LEGAL.search(row["name"])
    number = legal_number(match["number"]) if match else one_line(row["number"])
    return number, one_line(row["name"])
