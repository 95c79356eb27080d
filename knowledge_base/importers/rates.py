"""Counts how many records state each field, in per cent."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

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
    """

    total: int = 0
    stated: Counter[str] = field(default_factory=Counter)

    def add(self, record: Procedure) -> None:
        """Counts one record."""
        self.total += 1
        self.stated.update(name for name in FIELDS if _states(record, name))

    def percent(self, name: str) -> float:
        """Returns the share of records that state a field, in per cent with one decimal."""
        return round(100 * self.stated[name] / self.total, 1) if self.total else 0.0

    def as_dict(self) -> dict[str, float]:
        """Returns every share, in per cent."""
        return {name: self.percent(name) for name in FIELDS}


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
