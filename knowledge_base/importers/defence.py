"""Reads the published procedures of the Ministry of Defence, whose tables come in rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from knowledge_base.importers.figures import LEGAL, legal_number, legal_numbers
from knowledge_base.importers.source import (
    DocumentRow,
    DocumentRows,
    MethodRow,
    RowError,
    SourceRecord,
)
from knowledge_base.importers.text import is_empty, one_line, paragraphs, steps, without_mark

NAME: Final = "hồ sơ công bố của Bộ Quốc phòng"

_ATTACHED = re.compile(r"^File đính kèm\s*:.*$", re.M)
_COUNTS = re.compile(r"Bản (chính|sao)\s*:\s*(\d+)", re.I)
_FEE_PARTS = re.compile(
    r"(?:\n|;\s*)(?=\s*(?:Lệ phí|Phí)\s*:\s*[\d.,]+\s*(?:VN|[Đđ]ồng|USD))|\n(?=(?:Lệ phí|Phí)\s*:)"
)
_FEE_LINE = re.compile(r"^\s*(?P<printed>(?:Lệ phí|Phí)\s*:.*?)\s*(?:\((?P<note>.*)\))?\s*$", re.S)


def matches(row: Mapping[str, Any]) -> bool:
    """Tells whether a row is a defence record."""
    return "thu_tuc_id" in row and "metadata" in row and "tables" in row


def read(row: Mapping[str, Any]) -> SourceRecord:
    """Reads one defence record.

    Raises:
        RowError: A part of the record is missing or of another shape.
    """
    try:
        about, content, parts = row["metadata"], row["content"], row["tables"]
        methods = parts.get("hinh_thuc_nop", [])
        papers = parts.get("thanh_phan_ho_so", [])
        laws = parts.get("can_cu_phap_ly", [])
        return SourceRecord(
            code=str(row["thu_tuc_id"]).strip(),
            name=about["tên_thủ_tục"],
            form=NAME,
            text="\n".join(_texts([about, content, parts])),
            decision=re.sub(r"^Quyết định số\s*", "", about.get("số_quyết_định", "")),
            field=about.get("lĩnh_vực", ""),
            levels=about.get("cấp_thực_hiện", ""),
            audience=content.get("đối_tượng_thực_hiện", ""),
            methods=tuple(_method(method) for method in methods),
            documents=_documents(papers),
            legal=tuple(dict(_legal(law) for law in laws).items()),
            results=tuple(
                line.rstrip(" .;") for line in paragraphs(content.get("kết_quả_thực_hiện", ""))
            ),
            steps=tuple(steps(content.get("trình_tự_thực_hiện", ""))),
            conditions=tuple(paragraphs(content.get("yêu_cầu_điều_kiện_thực_hiện", ""))),
            executing_agency=content.get("cơ_quan_thực_hiện", ""),
            competent_agency=content.get("cơ_quan_có_thẩm_quyền", ""),
            issuing_agency="Bộ Quốc phòng",
            address=content.get("địa_chỉ_tiếp_nhận_hs", ""),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise RowError(f"not a defence record: {type(error).__name__} {error}") from error


def _texts(value: Any) -> Sequence[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for part in value.values() for text in _texts(part)]
    return [text for part in value for text in _texts(part)]


def _method(row: Mapping[str, str]) -> MethodRow:
    return MethodRow(
        method=row["hinh_thuc"],
        time=row.get("thoi_han_giai_quyet", ""),
        fees=tuple(split_fee_cell(row.get("phi_le_phi", ""))),
        note=row.get("mo_ta", ""),
    )


def split_fee_cell(cell: str) -> list[tuple[str, str]]:
    """Splits a cell of fees, one on a line or parted by semicolons, into amount and note."""
    cell = _ATTACHED.sub("", cell).strip()
    if not cell:
        return []
    found = []
    for part in _FEE_PARTS.split(cell):
        match = _FEE_LINE.match(part)
        found.append((match["printed"], match["note"] or "") if match else ("", part.strip()))
    return found


def _documents(rows: Sequence[Mapping[str, str]]) -> tuple[DocumentRows, ...]:
    cases: list[tuple[str, list[DocumentRow]]] = [("", [])]
    for row in rows:
        name = one_line(row.get("ten_giay_to", ""))
        counts = {
            kind.lower(): int(count) for kind, count in _COUNTS.findall(row.get("ghi_chu", ""))
        }
        files = tuple(f.strip() for f in row.get("so_luong", "").split("\n") if "." in f)
        if not any(counts.values()) and not files and name.endswith(":"):
            cases.append((without_mark(name).rstrip(": "), []))
        elif without_mark(name):
            cases[-1][1].append(
                DocumentRow(without_mark(name), counts.get("chính"), counts.get("sao"), files)
            )
    return tuple(DocumentRows(case, tuple(found)) for case, found in cases if found)


def _legal(row: Mapping[str, str]) -> tuple[str, str]:
    """Reads a legal document; a cut number such as ``12`` is completed from the title."""
    printed, title = one_line(row.get("so_ky_hieu", "")), one_line(row.get("trich_yeu", ""))
    match = LEGAL.search(printed)
    if match:
        return legal_number(match["number"]), title
    cut = re.match(r"\d+", printed)
    for found in legal_numbers(title):
        if cut and found.split("/")[0].lstrip("0") == cut[0].lstrip("0"):
            return found, title
    return ("" if is_empty(printed) else printed), title
