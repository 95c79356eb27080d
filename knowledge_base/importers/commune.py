"""Reads the facts of a commune's procedures (``methods``, ``documents``, ``legal`` in rows)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

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

NAME: Final = "bản ghi thủ tục cấp xã"


def matches(row: Mapping[str, Any]) -> bool:
    """Tells whether a row is a commune record."""
    return "code" in row and "methods" in row and "legal" in row


def read(row: Mapping[str, Any]) -> SourceRecord:
    """Reads one commune record.

    Raises:
        RowError: A part of the record is missing or of another shape.
    """
    try:
        return SourceRecord(
            code=str(row["code"]).strip(),
            name=row["name"],
            form=NAME,
            text="\n".join(_texts(row)),
            decision=row.get("decision", ""),
            field=row.get("field", ""),
            levels=row.get("level", ""),
            audience=row.get("audience", ""),
            methods=tuple(
                MethodRow(
                    method=method["method"],
                    time=method.get("time", ""),
                    fees=tuple(split_fee_cell(method.get("fee", ""))),
                    note=method.get("note", ""),
                )
                for method in row["methods"]
            ),
            documents=_documents(row.get("documents", [])),
            legal=tuple(
                {
                    _number(law["number"]): one_line(law.get("title", "")) for law in row["legal"]
                }.items()
            ),
            results=tuple(line.rstrip(" .;") for line in paragraphs(row.get("result", ""))),
            steps=tuple(steps(row.get("steps", ""))),
            conditions=tuple(paragraphs(row.get("conditions", ""))),
            executing_agency=row.get("executing_agency", ""),
            issuing_agency=row.get("agency", ""),
            page=row.get("link", "").strip(),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise RowError(f"not a commune record: {type(error).__name__} {error}") from error


def _number(text: str) -> str:
    match = LEGAL.search(text)
    return legal_number(match["number"]) if match else one_line(text)


def _documents(rows: list[Mapping[str, Any]]) -> tuple[DocumentRows, ...]:
    """Groups the papers by case; this format says whether an original or a copy, not how many."""
    cases: dict[str, list[DocumentRow]] = {}
    for row in rows:
        name = without_mark(one_line(row["name"]))
        if name:
            case = one_line(row.get("case", "")).rstrip(": ")
            cases.setdefault("" if is_empty(case) else case, []).append(
                DocumentRow(
                    name,
                    1 if row.get("original") else None,
                    1 if row.get("copy") else None,
                )
            )
    return tuple(DocumentRows(case, tuple(found)) for case, found in cases.items())


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for part in value.values() for text in _texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    return []
