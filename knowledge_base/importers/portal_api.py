"""Reads detail records of the new national portal's API (``executionMethods`` and so on)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from knowledge_base.importers.figures import LEGAL, legal_number
from knowledge_base.importers.source import (
    DocumentRow,
    DocumentRows,
    MethodRow,
    RowError,
    SourceRecord,
)
from knowledge_base.importers.terms import api_unit
from knowledge_base.importers.text import is_empty, one_line, paragraphs, steps, without_mark

NAME: Final = "bản ghi API của Cổng dịch vụ công quốc gia"
PAGE: Final = "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/{id}"

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
_LEVEL_FLAGS: Final = {"isMinistry": "Cấp bộ", "isProvince": "Cấp tỉnh", "isWard": "Cấp xã"}
_FEE_NAMES: Final = {"FEE": "Phí", "PHI": "Phí", "CHARGE": "Lệ phí", "LE_PHI": "Lệ phí"}


def matches(row: Mapping[str, Any]) -> bool:
    """Tells whether a row is a detail record of the API."""
    return "name" in row and ("executionMethods" in row or "executionCases" in row)


def read(row: Mapping[str, Any]) -> SourceRecord:
    """Reads one API record.

    Raises:
        RowError: A part of the record is of another shape.
    """
    try:
        identity = str(row.get("id") or "")
        return SourceRecord(
            code=_text(row.get("code") or row.get("codeNotation")),
            name=_text(row["name"]),
            form=NAME,
            text="\n".join(_texts(row)),
            decision=_text(row.get("decisionNo")),
            field=_names(row.get("categoriesDetails")) or _names(row.get("categories")),
            levels=", ".join(word for flag, word in _LEVEL_FLAGS.items() if row.get(flag)),
            audience=_names(row.get("subjectTypesDetails")) or _names(row.get("subjectTypes")),
            methods=tuple(_method(method) for method in row.get("executionMethods") or ()),
            documents=tuple(_cases(row.get("executionCases") or ())),
            legal=tuple(dict(_laws(row.get("legalBasisesDetails") or ())).items()),
            results=tuple(_listed(row.get("resultsDetails") or ())),
            steps=tuple(_steps(row.get("executionSteps") or ())),
            conditions=tuple(paragraphs(_text(row.get("requirementsAndConditions")))),
            executing_agency=_names(row.get("departmentsExecuting")),
            competent_agency=_names(row.get("departmentsAuthority")),
            address=_text(row.get("receptionAddress")),
            page=PAGE.format(id=identity) if _UUID.fullmatch(identity) else "",
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise RowError(f"not an API record: {type(error).__name__} {error}") from error


def _text(value: Any) -> str:
    return "" if value is None else re.sub(r"<[^<>]+>", " ", str(value)).strip()


def _listed(items: Any) -> list[str]:
    """Returns the names of a list of objects, or of a list of plain texts."""
    values = [items] if isinstance(items, str) else items or ()
    names = (one_line(_text(i.get("name") if isinstance(i, Mapping) else i)) for i in values)
    return [name for name in names if name and not is_empty(name)]


def _names(items: Any) -> str:
    return ", ".join(_listed(items))


def _method(row: Mapping[str, Any]) -> MethodRow:
    value, unit = row.get("processingTime"), row.get("processingTimeUnit")
    time = " ".join(_text(part) for part in (value, api_unit(unit) if unit else None) if part)
    return MethodRow(
        method=_text(row["submissionMethod"]),
        time=time,
        fees=tuple(_fee(fee) for fee in row.get("fees") or ()),
        note=_text(row.get("description")),
    )


def _fee(row: Mapping[str, Any]) -> tuple[str, str]:
    """Prints a fee as the portal's pages do, so that one reader serves both."""
    name = _FEE_NAMES.get(_text(row.get("type")).upper(), "Phí")
    note = _text(row.get("description"))
    value = row.get("value")
    if value is None or _text(value) == "":
        return "", note
    amount = float(str(value).replace(",", ""))
    shown = f"{amount:,.0f}" if amount == int(amount) else f"{amount:g}"
    currency = _text(row.get("currencyName") or row.get("currency")) or "VNĐ"
    return f"{name}: {shown} {'USD' if 'USD' in currency.upper() else 'VNĐ'}", note


def _cases(cases: Iterable[Mapping[str, Any]]) -> Iterable[DocumentRows]:
    for case in cases:
        rows = tuple(
            DocumentRow(
                name=without_mark(one_line(_text(paper["name"]))),
                originals=_count(paper.get("originalQty")),
                copies=_count(paper.get("copyQty")),
                files=tuple(_files(paper.get("attachments") or ())),
                required=bool(paper.get("required", True)),
            )
            for paper in case.get("profileComponents") or ()
            if not is_empty(_text(paper.get("name")))
        )
        if rows:
            name = one_line(_text(case.get("name"))).strip("-*: ")
            yield DocumentRows("" if is_empty(name) or name.casefold() == "bao gồm" else name, rows)


def _count(value: Any) -> int | None:
    return None if value in (None, "") else int(value)


def _files(items: Iterable[Any]) -> Iterable[str]:
    for item in items:
        name = item.get("fileName") or item.get("name") if isinstance(item, Mapping) else item
        if _text(name):
            yield one_line(_text(name))


def _laws(items: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    for item in items:
        code, name = one_line(_text(item.get("code"))), one_line(_text(item.get("name")))
        match = LEGAL.search(code) or LEGAL.search(name)
        if match or code:
            yield legal_number(match["number"]) if match else code, name


def _steps(items: Iterable[Any]) -> Iterable[str]:
    texts = []
    for item in items:
        if isinstance(item, Mapping):
            name, said = one_line(_text(item.get("name"))), _text(item.get("description"))
            title = name if not re.fullmatch(r"Bước \d+\W*", name, re.I) else ""
            texts.append(": ".join(part for part in (title, one_line(said)) if part))
        else:
            texts.append(one_line(_text(item)))
    if len(texts) == 1:
        return steps(texts[0])
    return [text for text in texts if text and not is_empty(text)]


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [text for part in value.values() for text in _texts(part)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in _texts(part)]
    return [_text(value)] if isinstance(value, str) else []
