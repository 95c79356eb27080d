"""Builds the national index: official facts of every known procedure in one compact file.

An entry restates facts (code, name, field, levels, audience, agencies, times, fees, ways of
submission, names of papers, forms and results, legal numbers, link). Prose stays out: no steps, no
conditions, no long notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import zstandard

from knowledge_base.schema import (
    Document,
    DocumentCase,
    Fee,
    FeeState,
    LegalBasis,
    Level,
    Procedure,
    RecordKind,
)
from knowledge_base.store import dump, write_atomically
from vietnamese.fold import fold

LONGEST: Final = {"paper": 160, "case": 120, "law": 110, "fee": 160, "result": 140, "agency": 200}
"""Longest texts of an entry in characters; what is longer ends in an ellipsis."""

_MOST_PAPERS: Final = 40
_LEVEL_WORDS = re.compile(
    r"\s*[(\[,-]?\s*(?:được |do |thực hiện )*(?:tại |ở )?(?:Bộ Công an|Công an )?"
    r"cấp (?:Trung ương|bộ|tỉnh|huyện|xã|cơ sở)\b[^()]{0,20}[)\]]?\s*$",
    re.I,
)
_LEVEL_NAMES: Final = {
    Level.COMMUNE: "làm ở xã, phường",
    Level.PROVINCE: "làm ở tỉnh, thành phố",
    Level.MINISTRY: "làm ở bộ, ngành trung ương",
    Level.OTHER: "làm ở cơ quan khác",
}


def entry(record: Procedure) -> Procedure:
    """Reduces an imported record to an index entry."""
    return record.model_copy(
        update={
            "kind": RecordKind.INDEX_ENTRY,
            "documents": tuple(_papers(record.documents)),
            "fees": tuple(_fee(fee) for fee in record.fees),
            "steps": (),
            "conditions": (),
            "processing_times": tuple(
                time.model_copy(
                    update={"case": shorten(time.case, LONGEST["case"]), "note": "", "source": ""}
                )
                for time in record.processing_times
            ),
            "submissions": tuple(
                way.model_copy(update={"note": "", "place": ""}) for way in record.submissions
            ),
            "competent_agency": shorten(record.competent_agency, LONGEST["agency"]),
            "executing_agency": shorten(record.executing_agency, LONGEST["agency"]),
            "result": tuple(shorten(result, LONGEST["result"]) for result in record.result),
            "legal_basis": tuple(_law(basis) for basis in record.legal_basis),
        }
    )


def with_families(records: Iterable[Procedure]) -> list[Procedure]:
    """Gives one family to the codes of one service that differ in their level alone.

    Args:
        records: Index entries; their order is kept.

    Returns:
        The entries; those that share a name but for words of level have a family, and a separator
        that names the level.
    """
    records = list(records)
    groups: dict[str, list[Procedure]] = {}
    for record in records:
        groups.setdefault(fold(_LEVEL_WORDS.sub("", record.name)), []).append(record)
    update: dict[str, dict[str, str]] = {}
    for name, members in groups.items():
        levels = {member.levels for member in members}
        if len(members) < 2 or len(levels) < len(members):
            continue
        key = re.sub(r"[^a-z0-9]+", "-", name).strip("-")[:60].rstrip("-")
        for member in members:
            words = ", ".join(_LEVEL_NAMES[level] for level in member.levels)
            update[member.code] = {"family": f"{key}.{members[0].code}", "separator": words}
    return [record.model_copy(update=update.get(record.code, {})) for record in records]


def fullest(records: Iterable[Procedure]) -> list[Procedure]:
    """Returns the fullest entry of each code, in the order of the codes."""
    found: dict[str, Procedure] = {}
    for record in records:
        known = found.get(record.code)
        if known is None or len(dump(record)) > len(dump(known)):
            found[record.code] = record
    return [record for _, record in sorted(found.items())]


def write_index(records: Iterable[Procedure], path: Path) -> int:
    """Writes index entries, in the order of their codes, with the families that they form.

    Args:
        records: Entries; of two with one code the fuller is kept.
        path: A file ``index*.jsonl.zst``.

    Returns:
        The size of the file in bytes.
    """
    lines = [dump(record) for record in with_families(fullest(records))]
    content = zstandard.ZstdCompressor(level=19).compress("".join(f"{x}\n" for x in lines).encode())
    write_atomically(path, content)
    return len(content)


def shorten(text: str, longest: int) -> str:
    """Cuts a text at the end of a word, marking the cut with an ellipsis.

    >>> shorten("Giấy chứng sinh của trẻ", 16)
    'Giấy chứng sinh…'
    """
    if len(text) <= longest:
        return text
    return text[:longest].rsplit(" ", 1)[0][: longest - 1].rstrip(" ,;:.(-") + "…"


def _papers(cases: Sequence[DocumentCase]) -> list[DocumentCase]:
    kept: list[DocumentCase] = []
    left = _MOST_PAPERS
    for case in cases:
        documents = tuple(_paper(document) for document in case.documents[:left])
        left -= len(documents)
        if documents:
            kept.append(
                DocumentCase(
                    case=shorten(case.case, LONGEST["case"]),
                    documents=documents,
                    choose=case.choose,
                )
            )
    return kept


def _paper(document: Document) -> Document:
    form = document.form
    if form is not None:
        form = form.model_copy(update={"file": ""}) if form.number or form.title else None
    return document.model_copy(
        update={"name": shorten(document.name, LONGEST["paper"]), "note": "", "form": form}
    )


def _fee(fee: Fee) -> Fee:
    source = shorten(fee.source, LONGEST["fee"]) if fee.state is not FeeState.AMOUNT else ""
    return fee.model_copy(
        update={
            "case": shorten(fee.case, LONGEST["fee"]),
            "note": shorten(fee.note, LONGEST["fee"]),
            "source": source,
        }
    )


def _law(basis: LegalBasis) -> LegalBasis:
    return basis.model_copy(update={"name": shorten(basis.name, LONGEST["law"])})
