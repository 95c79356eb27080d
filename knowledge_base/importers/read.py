"""Opens files of official records in any known format, told by their content."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import zstandard

from knowledge_base.importers import commune, defence, excel, pages, portal_api
from knowledge_base.importers.source import RowError, SourceRecord
from knowledge_base.store import ZSTD_MAGIC, read_lines

XLSX_MAGIC: Final = b"PK\x03\x04"

Reader = Callable[[Mapping[str, Any]], SourceRecord]
_FORMATS: Final[tuple[tuple[Callable[[Mapping[str, Any]], bool], Reader], ...]] = (
    (pages.matches, pages.read),
    (defence.matches, defence.read),
    (commune.matches, commune.read),
    (portal_api.matches, portal_api.read),
)
_MONTH_IN_NAME = re.compile(r"(?<!\d)(20\d{2})-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?(?!\d)")


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row, or a whole file, that could not be read.

    Attributes:
        file: Where it stands.
        row: Line or row in the file, counted from 1; 0 is the file itself.
        code: The procedure code, where it could be told.
        reason: What is wrong, in English.
    """

    file: str
    row: int
    code: str
    reason: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.row}" if self.row else self.file
        return f"{where}: {self.code + ': ' if self.code else ''}{self.reason}"


@dataclass(frozen=True, slots=True)
class Found:
    """A record that was read, and where it stood."""

    record: SourceRecord
    file: str
    row: int


def read_file(path: Path, as_of: date | None = None) -> Iterator[Found | Rejected]:
    """Reads the records of one file.

    Args:
        path: A file of JSON lines (Zstandard-compressed or plain), a JSON document, or an Excel
            workbook; its content tells which, not its name.
        as_of: The day the records speak for; None: see :func:`file_date`.

    Yields:
        Every record that can be read, and a rejection for each that cannot.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        yield Rejected(str(path), 0, "", f"cannot be read: {error.strerror or error}")
        return
    day = as_of or file_date(path)
    for found in _read_content(path, content):
        if isinstance(found, Found):
            found = replace(found, record=replace(found.record, as_of=found.record.as_of or day))
        yield found


def file_date(path: Path) -> date:
    """Returns the day that a file speaks for: the one in its name, else its last change.

    >>> file_date(Path("national-2026-07.jsonl"))
    datetime.date(2026, 7, 1)
    """
    match = _MONTH_IN_NAME.search(path.name)
    if match:
        return date(int(match[1]), int(match[2]), int(match[3] or 1))
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()


def _read_content(path: Path, content: bytes) -> Iterator[Found | Rejected]:
    if not content.strip():
        yield Rejected(str(path), 0, "", "the file is empty")
        return
    if content.startswith(XLSX_MAGIC):
        yield from _read_workbook(path, content)
        return
    try:
        lines = list(read_lines(content))
    except (UnicodeDecodeError, zstandard.ZstdError) as error:
        yield Rejected(str(path), 0, "", f"neither text nor Zstandard nor Excel: {error}")
        return
    whole = _document("\n".join(lines)) if not content.startswith(ZSTD_MAGIC) else None
    rows = enumerate(whole, start=1) if whole is not None else _json_lines(path, lines)
    for row in rows:
        if isinstance(row, Rejected):
            yield row
        else:
            yield _read_row(path, *row)


def _read_workbook(path: Path, content: bytes) -> Iterator[Found | Rejected]:
    try:
        for number, found in excel.read_workbook(content):
            if isinstance(found, RowError):
                yield Rejected(str(path), number, "", str(found))
            else:
                yield Found(found, str(path), number)
    except RowError as error:
        yield Rejected(str(path), 0, "", str(error))


def _document(text: str) -> Sequence[Any] | None:
    """Returns the records of a text that is one JSON document; None where it is not one."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError:
        return None
    while isinstance(document, dict):
        inner = [
            document[key]
            for key in ("data", "content", "items", "records", "result")
            if isinstance(document.get(key), list | dict) and not _reader(document)
        ]
        if not inner:
            return [document]
        document = inner[0]
    return document if isinstance(document, list) else [document]


def _json_lines(path: Path, lines: Sequence[str]) -> Iterator[tuple[int, Any] | Rejected]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except json.JSONDecodeError as error:
            yield Rejected(
                str(path), number, "", f"not valid JSON: {error.msg}, column {error.colno}"
            )


def _reader(row: Mapping[str, Any]) -> Reader | None:
    return next((read for matches, read in _FORMATS if matches(row)), None)


def _read_row(path: Path, number: int, row: Any) -> Found | Rejected:
    if not isinstance(row, dict):
        return Rejected(str(path), number, "", "is not a record")
    code = str(row.get("ma_thu_tuc") or row.get("thu_tuc_id") or row.get("code") or "")
    read = _reader(row)
    if read is None:
        keys = ", ".join(list(row)[:4])
        return Rejected(str(path), number, code, f"unknown format with the keys {keys} …")
    try:
        return Found(read(row), str(path), number)
    except RowError as error:
        return Rejected(str(path), number, code, str(error))
