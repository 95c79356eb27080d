"""Turns the cells of an official record into a :class:`~knowledge_base.schema.Procedure`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from pydantic import ValidationError

from knowledge_base.importers.figures import form_numbers, legal_numbers
from knowledge_base.importers.money import merge_fees, read_fees
from knowledge_base.importers.source import (
    DocumentRow,
    DocumentRows,
    MethodRow,
    RowError,
    SourceRecord,
)
from knowledge_base.importers.terms import read_audience, read_levels, read_method, read_time
from knowledge_base.importers.text import is_empty, one_line, procedure_name
from knowledge_base.schema import (
    Document,
    DocumentCase,
    Fee,
    Form,
    LegalBasis,
    Method,
    Procedure,
    ProcessingTime,
    Provenance,
    RecordKind,
    Related,
    Submission,
)

PORTAL: Final = "https://dichvucong.gov.vn"
"""Given as the source of a record that has no page of its own."""

_CODE_IN_TEXT = re.compile(r"(?<![\d.])\d\.\d{6}(?![\d])")
_REMARK = re.compile(
    r"^\(?(?:lưu ý|ghi chú|chú ý|ví dụ|trường hợp|đối với|có thể|người |cá nhân |cơ quan |\*)", re.I
)
_REMARKS_CASE = re.compile(r"^(?:lưu ý|ghi chú|chú ý)\b", re.I)
_HOW_MANY = re.compile(r"^số lượng(?: hồ sơ)?\s*:", re.I)
_IF_ANY = re.compile(r"\(nếu có\)[\s.;,]*$", re.I)
_SHOWN = re.compile(r"xuất trình", re.I)
_HANDED_IN = re.compile(r"phải nộp|nộp và xuất trình", re.I)
_FORM_NAME = re.compile(r"mẫu|phụ lục|biểu|tờ khai|mau|phu ?luc", re.I)


def build(record: SourceRecord) -> Procedure:
    """Builds the procedure of an official record.

    Args:
        record: The record with its cells apart.

    Raises:
        RowError: The record lacks what every procedure must have; says which field.
    """
    agencies = f"{record.executing_agency} {record.competent_agency}"
    levels = read_levels(record.levels, agencies, record.name)
    try:
        return Procedure(
            code=record.code,
            kind=RecordKind.INDEX_ENTRY,
            name=procedure_name(record.name),
            field=one_line(record.field) or "Chưa phân loại",
            levels=levels,
            audience=read_audience(record.audience),
            documents=tuple(_documents(record.documents)),
            fees=merge_fees(fee for row in record.methods for fee in _fees(row)),
            steps=record.steps,
            processing_times=_times(record),
            submissions=_submissions(record),
            competent_agency=_said(record.competent_agency),
            executing_agency=_said(record.executing_agency),
            conditions=record.conditions,
            result=record.results,
            legal_basis=tuple(
                LegalBasis(number=number, name=name) for number, name in record.legal if number
            ),
            related=_related(record),
            provenance=Provenance(
                source=record.page or PORTAL,
                decision=one_line(record.decision),
                last_checked=record.as_of or date.today(),
                checked_against=record.form,
            ),
        )
    except ValidationError as error:
        raise RowError(
            "; ".join(
                f"{'.'.join(str(part) for part in detail['loc'])}: {detail['msg']}"
                for detail in error.errors()
            )
        ) from error


def _said(text: str) -> str:
    return "" if is_empty(text) else one_line(text).rstrip(" .;,")


def _fees(row: MethodRow) -> Iterator[Fee]:
    method = read_method(row.method)
    for printed, note in row.fees:
        yield from read_fees(printed, note, method)


def _times(record: SourceRecord) -> tuple[ProcessingTime, ...]:
    """Reads the time limits; one that holds for every way of submission loses its ``method``."""
    found: list[ProcessingTime] = []
    for row in record.methods:
        time = read_time(row.time, row.note, read_method(row.method))
        if time is not None:
            told = one_line(row.note) if _has_several_times(record, row.method) else ""
            found.append(time.model_copy(update={"case": told if len(told) <= 300 else ""}))
    methods = {read_method(row.method) for row in record.methods}
    merged: dict[ProcessingTime, set[object]] = {}
    for time in found:
        merged.setdefault(time.model_copy(update={"method": None}), set()).add(time.method)
    if len(merged) == 1:
        return tuple(merged)
    joined: list[ProcessingTime] = []
    for time, ways in merged.items():
        if ways >= methods:
            joined.append(time)
        else:
            ordered = (way for way in Method if way in ways)
            joined.extend(time.model_copy(update={"method": way}) for way in ordered)
    return tuple(joined)


def _has_several_times(record: SourceRecord, method: str) -> bool:
    """Tells whether one way of submission has several limits, which its notes tell apart."""
    return len({row.time for row in record.methods if row.method == method}) > 1


def _submissions(record: SourceRecord) -> tuple[Submission, ...]:
    notes: dict[object, list[str]] = {}
    for row in record.methods:
        method = read_method(row.method)
        if method is not None:
            notes.setdefault(method, [])
            note = one_line(row.note)
            if note and not is_empty(note) and note not in notes[method]:
                notes[method].append(note)
    place = _said(record.address)
    return tuple(
        Submission.model_validate(
            {
                "method": method,
                "place": place if method == "in_person" else "",
                "note": " ".join(said),
            }
        )
        for method, said in notes.items()
    )


def _related(record: SourceRecord) -> tuple[Related, ...]:
    codes = dict.fromkeys(_CODE_IN_TEXT.findall(record.related))
    return tuple(Related(code=code) for code in codes if code != record.code)


def _documents(cases: tuple[DocumentRows, ...]) -> list[DocumentCase]:
    built: list[DocumentCase] = []
    for case in cases:
        shown = bool(_SHOWN.search(case.case)) and not _HANDED_IN.search(case.case)
        aside = _REMARKS_CASE.match(case.case) is not None
        documents = []
        remarks = []
        for row in case.rows:
            nothing = not row.originals and not row.copies
            remark = nothing and row.originals is not None and _REMARK.match(row.name)
            if (remark or _HOW_MANY.match(row.name) or aside) and not row.files:
                remarks.append(row.name)
            elif row.name or row.files:
                documents.append(_document(row, shown=shown))
        if documents:
            built.append(
                DocumentCase(case=case.case, documents=tuple(documents), note=" ".join(remarks))
            )
        elif remarks and built:
            last = built[-1]
            note = " ".join([last.note, *remarks]).strip()
            built[-1] = last.model_copy(update={"note": note})
        elif remarks:
            only = tuple(Document(name=remark, required=False) for remark in remarks)
            built.append(DocumentCase(case=case.case, documents=only))
    return built


def _document(row: DocumentRow, *, shown: bool) -> Document:
    nothing = not row.originals and not row.copies
    name = row.name or row.files[0]
    return Document(
        name=name,
        originals=None if nothing else row.originals,
        copies=None if nothing else row.copies,
        form=_form(row),
        required=row.required and not _IF_ANY.search(name),
        show_only=shown,
    )


def _form(row: DocumentRow) -> Form | None:
    """Reads the form that a paper is written on, from its name and the file beside it."""
    number = next(form_numbers(row.name), "")
    file = next(iter(row.files), "")
    if not number and file and _FORM_NAME.search(file):
        number = next(form_numbers(file.rsplit(".", 1)[0]), "")
    if not number and not file:
        return None
    source = next(legal_numbers(row.name), "")
    return Form(
        number=f"Mẫu {number}" if number else "", file=file, source=source if number else ""
    )
