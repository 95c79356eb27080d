"""Reads the records of the national portal's procedure pages (``ma_thu_tuc`` and so on)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from knowledge_base.importers import tables
from knowledge_base.importers.source import RowError, SourceRecord
from knowledge_base.importers.text import (
    is_empty,
    paragraphs,
    parted,
    steps,
    without_furniture,
)

NAME: Final = "bản ghi trang thủ tục của Cổng dịch vụ công quốc gia"

_TEXT_KEYS = (
    "ten_thu_tuc",
    "trinh_tu_thuc_hien",
    "cach_thuc_thuc_hien",
    "thanh_phan_ho_so",
    "can_cu_phap_ly",
    "yeu_cau_dieu_kien",
    "ket_qua_xu_ly",
    "co_quan_thuc_hien",
    "dia_chi_tiep_nhan",
)


_CELLS: Final = {
    "documents": "thanh_phan_ho_so",
    "legal_basis": "can_cu_phap_ly",
    "result": "ket_qua_xu_ly",
    "steps": "trinh_tu_thuc_hien",
    "conditions": "yeu_cau_dieu_kien",
    "submissions": "cach_thuc_thuc_hien",
}
"""The cells that are split, by the field that they fill."""


def matches(row: Mapping[str, Any]) -> bool:
    """Tells whether a row is a page record."""
    return "ma_thu_tuc" in row and "ten_thu_tuc" in row


def read(row: Mapping[str, Any]) -> SourceRecord:
    """Reads one page record.

    Raises:
        RowError: A cell is no text, or the table of methods cannot be split.
    """
    wrong = [key for key, value in row.items() if value is not None and not isinstance(value, str)]
    if wrong:
        raise RowError(f"{', '.join(wrong)}: is not text")
    cell = {key: value or "" for key, value in row.items()}

    def get(key: str) -> str:
        return str(cell.get(key, ""))

    return SourceRecord(
        code=get("ma_thu_tuc").strip(),
        name=get("ten_thu_tuc"),
        form=NAME,
        text="\n".join(parted(without_furniture(get(key))) for key in _TEXT_KEYS),
        decision=get("so_quyet_dinh"),
        field=get("linh_vuc"),
        levels=get("cap_thuc_hien"),
        audience=get("doi_tuong_thuc_hien"),
        methods=tables.split_methods(get("cach_thuc_thuc_hien")),
        documents=tables.split_documents(get("thanh_phan_ho_so")),
        legal=tables.split_legal(get("can_cu_phap_ly")),
        results=tables.split_results(get("ket_qua_xu_ly")),
        steps=tuple(steps(get("trinh_tu_thuc_hien"))),
        conditions=tuple(paragraphs(without_furniture(get("yeu_cau_dieu_kien")))),
        executing_agency=get("co_quan_thuc_hien"),
        competent_agency=get("co_quan_co_tham_quyen"),
        issuing_agency=get("bo"),
        address=get("dia_chi_tiep_nhan"),
        related=get("thu_tuc_lien_quan"),
        page=get("detail_url").strip(),
        filled=frozenset(
            name for name, key in _CELLS.items() if not is_empty(without_furniture(get(key)))
        ),
    )
