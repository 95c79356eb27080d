"""Checks that every figure of a reply stands in the record that the reply names.

Independent of how replies are composed: it reads the finished text, collects amounts of money,
lengths of time and legal numbers, and looks each up in the record as stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol

from evaluation.runs import ReplyRow
from knowledge_base.schema import Procedure, TimeUnit

_GAP: Final = r"[\s\u00a0]*"
_NUMBER: Final = r"\d{1,3}(?:[.,]\d{3})+|\d+(?:[.,]\d+)?"
_RANGE: Final = rf"(?:(?P<low>{_NUMBER}){_GAP}(?:đến|tới|-|–){_GAP})?(?P<high>{_NUMBER})"
_MONEY: Final = re.compile(
    rf"(?<![\d/.,]){_RANGE}{_GAP}(?P<scale>nghìn|ngàn|triệu|tỷ)?{_GAP}"
    r"(?P<unit>đồng|vnđ|vnd|việt nam đồng|usd|đô la mỹ|đ)(?![^\W\d_])",
    re.IGNORECASE,
)
_TIME: Final = re.compile(
    rf"(?<![\d/.,]){_RANGE}{_GAP}(?:\([^()]{{1,40}}\){_GAP})?"
    r"(?P<unit>ngày làm việc|ngày|giờ|phút|tuần|tháng|năm)(?![^\W\d_])",
    re.IGNORECASE,
)
_LAW: Final = re.compile(r"(?<![\w/])\d{1,5}/(?:\d{4}/)?[A-ZĐ][A-ZĐƯ]*[0-9]*(?:[-/.][A-ZĐƯ0-9]+)*")
_LINK: Final = re.compile(r"https?://\S+")
_SCALES: Final = {"nghìn": 1_000, "ngàn": 1_000, "triệu": 1_000_000, "tỷ": 1_000_000_000}
_UNITS: Final = {
    TimeUnit.MINUTE: "phút",
    TimeUnit.HOUR: "giờ",
    TimeUnit.WORKING_DAY: "ngày làm việc",
    TimeUnit.DAY: "ngày",
    TimeUnit.WEEK: "tuần",
    TimeUnit.MONTH: "tháng",
    TimeUnit.YEAR: "năm",
}
_DOLLARS: Final = frozenset({"usd", "đô la mỹ"})


class FigureKind(StrEnum):
    """What sort of figure it is."""

    MONEY = "money"
    TIME = "time"
    LAW = "law"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure in a normal form, comparable wherever it was printed.

    Attributes:
        kind: Money, time or law.
        value: ``20000 VND``, ``3 ngày làm việc``, ``123/2015/NĐ-CP``.
    """

    kind: FigureKind
    value: str


class Records(Protocol):
    """Where records are looked up by code; a :class:`knowledge_base.store.Catalogue` is one."""

    def get(self, code: str) -> Procedure | None:
        """Returns the record of a code, or None."""
        ...


def figures_in(text: str) -> set[Figure]:
    """Collects the figures of a text; links are left out."""
    plain = _LINK.sub(" ", text)
    found = {Figure(FigureKind.LAW, match.group().upper()) for match in _LAW.finditer(plain)}
    without_laws = _LAW.sub(" ", plain)
    for match in _MONEY.finditer(without_laws):
        currency = "USD" if match["unit"].lower() in _DOLLARS else "VND"
        scale = _SCALES.get((match["scale"] or "").lower(), 1)
        for number in (match["low"], match["high"]):
            if number is not None:
                found.add(_money(_decimal(number, grouped=scale == 1) * scale, currency))
    for match in _TIME.finditer(without_laws):
        for number in (match["low"], match["high"]):
            if number is not None:
                found.add(_time(_decimal(number, grouped=False), match["unit"].lower()))
    return found


def figures_of(record: Procedure) -> set[Figure]:
    """Collects every figure of a record, from its typed fields and from its texts."""
    found: set[Figure] = set()
    for fee in record.fees:
        for amount in (fee.amount, fee.amount_max):
            if amount is not None:
                found.add(_money(float(amount), fee.currency))
    for limit in record.processing_times:
        for value in (limit.value, limit.value_max):
            if value is not None and limit.unit in _UNITS:
                found.add(_time(value, _UNITS[limit.unit]))
    for basis in record.legal_basis:
        found.add(Figure(FigureKind.LAW, basis.number.upper()))
    for text in _texts(record.model_dump(mode="json")):
        found |= figures_in(text)
    return found


def records_named(reply: ReplyRow, records: Records) -> list[Procedure]:
    """Finds the records that a reply speaks of: its procedure, and others that it titles."""
    named = []
    for code in dict.fromkeys([reply.procedure or "", *reply.candidates]):
        record = records.get(code)
        if record is not None and (code == reply.procedure or record.title in reply.text):
            named.append(record)
    return named


def unsupported(reply: ReplyRow, records: Records) -> set[Figure]:
    """Finds the figures of a reply that stand in none of the records it names.

    Only replies that name a procedure are looked at: others state no fact of a record.
    """
    if reply.procedure is None:
        return set()
    known: set[Figure] = set()
    for record in records_named(reply, records):
        known |= figures_of(record)
    return {figure for figure in figures_in(reply.text) if not _stands(figure, known)}


def _stands(figure: Figure, known: Iterable[Figure]) -> bool:
    if figure.kind is not FigureKind.LAW:
        return figure in known
    # A number may be cut where a sentence ends ("…/NĐ-CP." or "…/TT-BTC-"): compare without that.
    bare = figure.value.strip(".-/")
    return any(law.kind is FigureKind.LAW and law.value.strip(".-/") == bare for law in known)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _decimal(number: str, *, grouped: bool) -> float:
    """Reads a number; in amounts of đồng a mark before three digits groups thousands."""
    if grouped and re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", number):
        return float(re.sub(r"[.,]", "", number))
    return (
        float(number.replace(",", "."))
        if number.count(",") + number.count(".") <= 1
        else float(re.sub(r"[.,]", "", number))
    )


def _money(amount: float, currency: str) -> Figure:
    return Figure(FigureKind.MONEY, f"{amount:.10g} {currency}")


def _time(value: float, unit: str) -> Figure:
    return Figure(FigureKind.TIME, f"{value:g} {unit}")
