"""Counts how many records state each field, in per cent."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from knowledge_base.importers.figures import amounts, times
from knowledge_base.importers.source import SourceRecord
from knowledge_base.importers.text import is_empty
from knowledge_base.schema import Aspect, FeeState, Level, Procedure

FIELDS: Final = (
    "field",
    "level",
    "audience",
    "agency",
    "documents",
    "document_counts",
    "forms",
    "fees",
    "fee_amount",
    "steps",
    "time",
    "submissions",
    "conditions",
    "result",
    "legal_basis",
    "decision",
    "page",
)
"""What is counted, in the order of a report."""


@dataclass(slots=True)
class Rates:
    """How often each field is stated.

    Attributes:
        total: Number of records counted.
        stated: Number of records that state a field.
        said: Number of records whose source says something of it.
    """

    total: int = 0
    stated: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)

    def add(self, record: Procedure, source: SourceRecord) -> None:
        """Counts one record with the source that it was built from."""
        self.total += 1
        for name in FIELDS:
            states = _states(record, name)
            self.stated[name] += states
            self.said[name] += states or says(source, name)

    def percent(self, name: str) -> float:
        """Returns the share of records that state a field, in per cent with one decimal."""
        return round(100 * self.stated[name] / self.total, 1) if self.total else 0.0

    def recognised(self, name: str) -> float:
        """Returns the share of the records whose source says something, in per cent."""
        said = self.said[name]
        return round(100 * self.stated[name] / said, 1) if said else 0.0

    def as_dict(self) -> dict[str, float]:
        """Returns every share, in per cent."""
        return {name: self.percent(name) for name in FIELDS}


def says(source: SourceRecord, name: str) -> bool:
    """Tells whether a source says anything of a field, understood or not.

    A printed number without unit says no time, and a placeholder says no fee.
    """
    match name:
        case "field":
            return not is_empty(source.field)
        case "level":
            return not is_empty(source.levels)
        case "audience":
            return not is_empty(source.audience)
        case "agency":
            return not (is_empty(source.executing_agency) and is_empty(source.competent_agency))
        case "document_counts":
            return any(
                row.originals or row.copies for case in source.documents for row in case.rows
            )
        case "forms":
            return any(row.files for case in source.documents for row in case.rows)
        case "fees":
            return any(
                not is_empty(f"{fee}{note}") for row in source.methods for fee, note in row.fees
            )
        case "fee_amount":
            told = (f"{fee} {note}" for row in source.methods for fee, note in row.fees)
            return any(amount.value >= 1000 for text in told for amount in amounts(text))
        case "time":
            return any(low > 0 for row in source.methods for low, *_ in times(row.time))
        case "submissions":
            return bool(source.methods) or name in source.filled
        case "decision":
            return not is_empty(source.decision)
        case "page":
            return bool(source.page)
        case _:
            return name in source.filled


def _states(record: Procedure, name: str) -> bool:
    papers = [paper for case in record.documents for paper in case.documents]
    match name:
        case "field":
            return record.field != "Chưa phân loại"
        case "level":
            return record.levels != (Level.OTHER,)
        case "audience":
            return bool(record.audience)
        case "agency":
            return bool(record.executing_agency or record.competent_agency)
        case "document_counts":
            return any(paper.originals or paper.copies for paper in papers)
        case "fees":
            return bool(record.fees)
        case "fee_amount":
            return any(fee.state is FeeState.AMOUNT for fee in record.fees)
        case "time":
            return bool(record.processing_times)
        case "submissions":
            return bool(record.submissions)
        case "decision":
            return bool(record.provenance.decision)
        case "page":
            return record.provenance.source.rstrip("/").count("/") > 2
        case _:
            return record.states(Aspect(name))
