"""Words fee lines and time limits: lines that differ in the way of submission only become one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.replies import figures, wording
from assistant.replies.phrases import lower_first, upper_first
from connectors.message import Fact
from knowledge_base.schema import Fee, FeeState, Method, ProcessingTime
from vietnamese.fold import fold

_AT_MOST = re.compile(r"^(Không quá|Tối đa)(?: mức này)?[,.]\s*")
_ONLY_MONEY = re.compile(r"^\W*(?:le )?phi\W*[\d.,]+\W*(?:vnd|dong|d)?\W*$")
_SAYS_THE_STATE = {
    FeeState.NOT_STATED: re.compile(
        r"^(?:trang|danh muc|ban|van ban)\b[^;,.\"]*\b(?:khong neu|khong in|de trong) muc"
        r" (?:thu|phi)\.$"
    ),
    FeeState.SET_BY_PROVINCE: re.compile(
        r"^(?:muc thu theo quy dinh cua )?hoi dong nhan dan (?:cap tinh|tinh, thanh pho)"
        r"(?: quyet dinh| quy dinh)?(?: muc thu)?\.$"
    ),
    FeeState.AMOUNT: re.compile(r"^(?:danh muc chinh thuc|ban cong bo) in muc phi 0 dong\.$"),
}
"""Remarks that say no more than the line itself."""

_A_LAW = re.compile(
    r"^(?:\d+/|Thông tư|Nghị|Luật|Quyết định|Điều|Khoản|Điểm|Mục|Biểu)", re.IGNORECASE
)
_PLAIN_NAMES = frozenset({"phí", "lệ phí", "phí, lệ phí", ""})


@dataclass(frozen=True, slots=True)
class Line:
    """One figure.

    Attributes:
        label: What it is for and whom it concerns; empty: everyone.
        value: The figure.
        note: What else is to be said of it.
        plain: Whether the label says no more than that it is a fee.
        brief: The figure in fewer words, for summaries; empty: the same.
    """

    label: str
    value: str
    note: str = ""
    plain: bool = False
    brief: str = ""

    @property
    def fact(self) -> Fact:
        """The line with its remarks."""
        return Fact(self.label, self.value, self.note)

    @property
    def short(self) -> str:
        """The line without its remarks."""
        return f"{self.label}: {self.short_value}" if self.label else self.short_value

    @property
    def short_value(self) -> str:
        """The figure for a summary."""
        return self.brief or self.value


def fee_lines(fees: Sequence[Fee]) -> list[Line]:
    """Words the fees of a record, in the order in which it gives them."""
    groups: dict[tuple[object, ...], list[Fee]] = {}
    for fee in fees:
        key = (figures.fee(fee), fee.name, fee.case, fee.note, fee.valid_from, fee.valid_until)
        groups.setdefault(key, []).append(fee)
    several = len(groups) > 1
    return [_fee_line(group, several) for group in groups.values()]


def time_lines(times: Sequence[ProcessingTime]) -> list[Line]:
    """Words the time limits of a record, in the order in which it gives them."""
    groups: dict[tuple[object, ...], list[ProcessingTime]] = {}
    for time in times:
        groups.setdefault((figures.duration(time), time.case, time.note), []).append(time)
    several = len(groups) > 1
    lines = []
    for group in groups.values():
        first = group[0]
        value, note = figures.duration(first), first.note
        most = _AT_MOST.match(note)
        if most is not None:
            value, note = f"{most[1]} {value}", upper_first(note[most.end() :])
        ways = _ways((time.method for time in group), several)
        lines.append(Line(_label("", first.case, ways), value, note))
    return lines


def open_fee_remarks(fees: Sequence[Fee]) -> list[Line]:
    """What is to be said of fees whose amount is not stated, where that says anything new."""
    said = []
    for fee in fees:
        note = _note(fee)
        if note:
            named = fee.name.casefold() not in _PLAIN_NAMES or fee.case
            said.append(Line(_label(fee.name, fee.case, "") if named else "", note))
    return list(dict.fromkeys(said))


def _fee_line(group: Sequence[Fee], several: bool) -> Line:
    first = group[0]
    ways = _ways((fee.method for fee in group), several)
    notes = [part for part in (_note(first), _because(first)) if part]
    plain = first.name.casefold() in _PLAIN_NAMES and not first.case and not ways
    value = " ".join(part for part in (figures.fee(first), _validity(first)) if part)
    brief = wording.SET_BY_PROVINCE_SHORT if first.state is FeeState.SET_BY_PROVINCE else ""
    return Line(_label(first.name, first.case, ways), value, " ".join(notes), plain, brief)


def _label(name: str, case: str, ways: str) -> str:
    """Joins what a figure is for, whom it concerns and how one hands in."""
    if not ways:
        return f"{name} – {lower_first(case)}" if name and case else name or case
    how = wording.WHEN_SUBMITTED.format(ways=ways)
    if case:
        return f"{name} – {lower_first(case)}, {how}" if name else f"{case}, {how}"
    return f"{name} {how}" if name else upper_first(how.removeprefix("khi "))


def _ways(methods: Iterable[Method | None], several: bool) -> str:
    """Names the ways of submission where a line does not hold for all of them."""
    named = list(dict.fromkeys(method for method in methods if method is not None))
    if not several or not named or len(named) == len(Method):
        return ""
    return " hoặc ".join(wording.METHODS[method].lower() for method in named)


def _note(fee: Fee) -> str:
    said = _SAYS_THE_STATE.get(fee.state)
    return "" if said is not None and said.match(fold(fee.note)) else fee.note


def _validity(fee: Fee) -> str:
    if fee.valid_until is not None:
        return f"({wording.UNTIL.format(date=figures.day(fee.valid_until))})"
    if fee.valid_from is not None:
        return f"({wording.FROM.format(date=figures.day(fee.valid_from))})"
    return ""


def _because(fee: Fee) -> str:
    """Names the ground of an amount, unless it only repeats the amount."""
    if fee.state not in {FeeState.FREE, FeeState.AMOUNT} or not fee.source:
        return ""
    if _ONLY_MONEY.match(fold(fee.source)):
        return ""
    if _A_LAW.match(fee.source):
        return wording.ACCORDING_TO.format(source=lower_first(fee.source).rstrip("."))
    return f"{fee.source.rstrip('.')}."
