"""Splits the tables of the national portal's pages, whose cells come glued together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from knowledge_base.importers.figures import LEGAL, legal_number, unglue_numbers
from knowledge_base.importers.source import DocumentRow, DocumentRows, MethodRow, RowError
from knowledge_base.importers.text import (
    LOWER,
    UPPER,
    clean,
    is_empty,
    one_line,
    without_furniture,
    without_mark,
)

METHODS_HEADER: Final = "Hình thức nộpThời gianPhí, lệ phíMô tả"
DOCUMENTS_HEADER: Final = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"
LEGAL_HEADER: Final = "Tên văn bản pháp lýMã văn bản"

_METHOD = r"(?:Trực tiếp|Trực tuyến|Dịch vụ bưu chính)"
_UNIT = r"(?:Ngày làm việc|Ngày|Giờ làm việc|Giờ|Tháng|Phút|Năm|Tuần)"
_MONEY = r"\d[\d,]*(?:\.\d+)?\s*(?:Việt Nam Đồng|VNĐ|VND|USD)"
_FEE = rf"(?:Miễn phí|Không có thông tin|{_MONEY})"
_ROW = re.compile(
    rf"(?P<method>{_METHOD})(?P<time>"
    rf"\d+(?:[.,]\d+)?\s*{_UNIT}"
    r"|Không có thông tin"
    rf"|\d(?=(?!0){_MONEY})"  # a unitless time, mostly 1, glued to the amount: 1|20,000 VNĐ
    r"|\d{1,4}(?=Miễn phí|Không có thông tin)"
    rf"|(?={_FEE})"
    rf"|(?:(?!{_METHOD}|{_FEE}).){{1,200}}?)(?={_FEE})",
    re.S,
)
_PRINTED_FEE = re.compile(_FEE)
_QUANTITY = re.compile(
    r"(?P<one>\d+)\s*bản (?P<kind>chính|sao)(?:\s*,\s*(?P<two>\d+)\s*bản (?P<other>chính|sao))?"
)
_FILE_END = re.compile(
    r"\.(?:docx?|pdf|xlsx?|rtf|zip|rar|png|jpe?g|odt|DOCX?|PDF|XLSX?|JPG)(?=$|[^a-z])"
)
_FILE_START = re.compile(
    rf"(?<=[{LOWER}0-9.,;:)\]”\"])(?<!\.[A-ZĐ])(?<!\d\.(?=[A-ZĐ]))(?=[{UPPER}])"
    rf"|(?<=\d\.)(?=[{UPPER}][{LOWER}])|(?<=\d{{4}}\.)(?=[{UPPER}])"
    rf"|(?<=[A-ZĐ])(?=[{UPPER}][{LOWER}])(?!Tg)"
    rf"|(?<=[{LOWER}A-ZĐ)][.;])(?=[{LOWER}])(?!(?:docx?|pdf|xlsx?|rtf|zip|rar)\b)"
    r"|(?<=[;:)\].”])(?=\d{1,2}(?:[- ]|\. ?)[\dA-ZĐ])|(?<=[A-ZĐ]{2})(?=\d{2}-)"
)
_OWN_TITLE = re.compile(
    rf"(?<=[{LOWER}\d.)])(?:Bộ luật|Luật|Thông tư|Nghị định|Nghị quyết)\s[^.;\d]{{1,60}}\ssố$"
)
_DOCUMENT_KIND = re.compile(
    r"(?:Bộ luật|Lu[ậấ]t|Thông tư(?: liên tịch)?|Nghị (?:định|quyết)|Quyết định|Pháp lệnh|TT|NĐ)?"
    r"\s*(?:số)?\s*$"
)
_GLUE = "\ue000"
"""A private character: part of no text, and no space."""

_RESULT_CODE = re.compile(
    r"\s*(?<=\S)Mã: ?(?:[A-Za-z0-9_.-]*\d|Chưa xác định(?: rõ)?|[^\n]{0,90}$)"
)


def split_methods(cell: str) -> tuple[MethodRow, ...]:
    """Splits the glued table of submission methods, times and fees.

    Args:
        cell: ``cach_thuc_thuc_hien`` as the page prints it.

    Raises:
        RowError: Not one row can be told apart.
    """
    body = cell.strip().removeprefix(METHODS_HEADER)
    if is_empty(body):
        return ()
    starts = list(_ROW.finditer(body))
    if not starts:
        raise RowError("the table of submission methods cannot be split")
    rows = []
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        rest = body[start.end() : following.start() if following else len(body)]
        fees, note = _split_fees(rest)
        rows.append(MethodRow(start["method"], one_line(start["time"]), tuple(fees), clean(note)))
    return tuple(rows)


def _split_fees(rest: str) -> tuple[list[tuple[str, str]], str]:
    """Reads the fees at the head of a row: each printed amount with its note in brackets."""
    fees: list[tuple[str, str]] = []
    position = 0
    while match := _PRINTED_FEE.match(rest, position):
        if fees and not re.match(_MONEY, match[0]):
            break
        position = match.end()
        note = ""
        if position < len(rest) and rest[position] == "(":
            end = _closing(rest, position)
            note, position = rest[position + 1 : end], end + 1
        fees.append((match[0].strip(), one_line(note)))
    return fees, rest[position:]


def _closing(text: str, opening: int) -> int:
    """Returns where the bracket that opens at a position closes.

    Sources leave brackets open inside notes; then the last bracket of the row counts.
    """
    depth = 0
    for position in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        if depth == 0:
            return position
    last = text.rfind(")")
    return last if last > opening else len(text)


def split_documents(cell: str) -> tuple[DocumentRows, ...]:
    """Splits the glued table of papers into cases and rows.

    Args:
        cell: ``thanh_phan_ho_so`` as the page prints it.

    Returns:
        The cases in order. Text without a table is none: the few such cells hold the end of the
        steps, moved there by the source.
    """
    if DOCUMENTS_HEADER not in cell:
        return ()
    title, *tables = cell.split(DOCUMENTS_HEADER)
    cases: list[DocumentRows] = []
    for table in tables:
        rows, tail = _split_rows(table)
        if rows:
            cases.append(DocumentRows(_case_name(title), tuple(rows)))
        title = tail
    return tuple(cases)


def _split_rows(table: str) -> tuple[list[DocumentRow], str]:
    rows: list[DocumentRow] = []
    position = 0
    for quantity in _QUANTITY.finditer(table):
        following = table[quantity.end() : quantity.end() + 1]
        before = table[quantity.start() - 1 : quantity.start()]
        rest = table[quantity.end() : quantity.end() + 4].lstrip()
        prose = following.isspace() and (before.isspace() or rest[:1].islower())
        padded = len(quantity["one"]) == 2 and quantity["one"].startswith("0")
        if following in {",", ";", ".", ")"} or prose or padded:
            continue  # a count in the words of a paper, not the last cell of a row
        start = _count_start(quantity["one"], quantity.start(), before)
        name, files = split_files(table[position:start])
        counts = {quantity["kind"]: int(table[start : quantity.end("one")])}
        if quantity["other"]:
            counts[quantity["other"]] = int(quantity["two"])
        position = quantity.end()
        if name or files:
            rows.append(DocumentRow(name, counts.get("chính"), counts.get("sao"), files))
    tail = table[position:]
    if not rows and not is_empty(tail):
        name, files = split_files(tail)
        return [DocumentRow(name, None, None, files)], ""
    return rows, tail


def _count_start(digits: str, start: int, before: str) -> int:
    """Returns where the count begins when the name before it may end in digits of its own.

    ``…15/5/20241 bản chính`` is the year 2024 and one original; ``tờ10 bản chính`` is ten.
    """
    own = len(digits) == 1 or (len(digits) == 2 and (before.isalpha() or before in {")", ";", ""}))
    return start if own else start + len(digits) - 1


def _case_name(title: str) -> str:
    name = without_mark(one_line(title).strip("-*: ")).rstrip(":. ")
    return "" if is_empty(name) or name.casefold() in {"thành phần hồ sơ", "hồ sơ gồm"} else name


def split_files(cell: str) -> tuple[str, tuple[str, ...]]:
    """Parts the name of a paper from the names of the form files glued behind it.

    Args:
        cell: For example ``Tờ khai (Mẫu CT01).MuCT01.doc``.

    Returns:
        The name, and the file names in order.
    """
    text = one_line(cell)
    ends = [match.end() for match in _FILE_END.finditer(text)]
    if not ends or ends[-1] != len(text):
        return without_mark(text), ()
    first = text[: ends[0]]
    starts = [m.start() for m in _FILE_START.finditer(first) if len(first) - m.start() <= 130]
    start = starts[0] if starts else 0
    files = [first[start:], *(text[a:b] for a, b in pairwise(ends))]
    name = without_mark(first[:start] or _FILE_END.sub("", first))
    return name, tuple(file.strip() for file in files)


def split_legal(cell: str) -> tuple[tuple[str, str], ...]:
    """Splits the glued table of legal documents.

    A number that ends a row stands directly before the next name, or at the very end; a number
    within a name is followed by a space.

    Args:
        cell: ``can_cu_phap_ly`` as the page prints it.

    Returns:
        Pairs of number and name in order, each number once.
    """
    body = unglue_numbers(one_line(cell).removeprefix(LEGAL_HEADER), _GLUE).strip()
    found: dict[str, str] = {}
    position = 0
    for start, end, printed in _row_numbers(body):
        name = body[position:start].strip(f" {_GLUE}")
        name = _OWN_TITLE.sub("", name)
        kind = _DOCUMENT_KIND.search(name)
        if kind and body[start - 1 : start].isspace():
            name = name[: kind.start()] or name  # "Luật số" belongs to the number's cell
        position = end
        found.setdefault(legal_number(printed), one_line(name).strip(" .,;-"))
    return tuple(found.items())


def _row_numbers(body: str) -> Iterator[tuple[int, int, str]]:
    numbers = list(LEGAL.finditer(body))
    for index, match in enumerate(numbers):
        start, end = match.span()
        before, following = body[start - 1 : start], body[end : end + 1]
        next_start = numbers[index + 1].start() if index + 1 < len(numbers) else -1
        glued_left = bool(before) and not before.isspace() and before not in "(-–/"
        glued_right = following in {"", '"', "“"} or following.isupper() or following == "s"
        if glued_left or (glued_right and next_start != end and following != _GLUE):
            yield start, end, match["number"]


def split_results(cell: str) -> tuple[str, ...]:
    """Splits the results of a procedure, without their codes and the page around them."""
    parts = _RESULT_CODE.split(without_furniture(clean(cell)))
    lines = (
        without_mark(one_line(line)).rstrip(".;, ") for part in parts for line in part.split("\n")
    )
    return tuple(dict.fromkeys(line for line in lines if line and not is_empty(line)))
