"""Compares every figure of a card with the official record of the same code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from knowledge_base.check import Finding, Severity
from knowledge_base.importers.figures import (
    UNIT_WORDS,
    amounts,
    form_numbers,
    legal_number,
    legal_numbers,
    number,
    times,
    unglue_numbers,
)
from knowledge_base.importers.money import mentions_exemption
from knowledge_base.importers.source import SourceRecord
from knowledge_base.importers.terms import read_levels
from knowledge_base.importers.text import one_line
from knowledge_base.schema import FeeState, Procedure, TimeUnit

_NOT_COMPARED: Final = frozenset(
    {"code", "provenance", "explained", "related", "aliases", "family", "legal_basis", "superseded"}
)
_MARKED = re.compile(r"(?<![\w/.,-])\d{1,3}(?:[.,]\d{3})+(?![\d/])")
_DIGIT_WORDS: Final = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
_WORDS: Final = {
    word: value
    for value, word in enumerate(
        ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"], start=1
    )
}
_NEXT_DAY = re.compile(
    r"ngày làm việc (?:tiếp theo|kế tiếp|sau)|(?:ngay )?trong ngày làm việc", re.I
)
_WORD_TIME = re.compile(rf"\b({'|'.join(_WORDS)})\s+(?=ngày|giờ|tháng|tuần|năm\b)", re.I)


@dataclass(slots=True)
class Figures:
    """Every figure of one official record.

    Attributes:
        amounts: Sums of money as (value, currency).
        times: Lengths of time as (value, unit).
        fee_table: Amounts of the structured fee cells with the text they come from.
        time_table: Times of the structured time cells with the text they come from.
    """

    text: str
    amounts: set[tuple[float, str]] = field(default_factory=set)
    times: set[tuple[float, TimeUnit]] = field(default_factory=set)
    legal: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    levels: frozenset[str] = frozenset()
    fee_table: dict[tuple[float, str], str] = field(default_factory=dict)
    time_table: dict[tuple[float, TimeUnit], str] = field(default_factory=dict)
    free: bool = False


def figures_of(records: Sequence[SourceRecord]) -> Figures:
    """Collects the figures of the official records of one code."""
    text = unglue_numbers("\n".join(one_line(record.text) for record in records))
    found = Figures(text)
    levels: set[str] = set()
    for record in records:
        if record.levels.strip():
            levels.update(read_levels(record.levels))
        found.legal.update(number for number, _ in record.legal)
        for row in record.methods:
            for printed, note in row.fees:
                for amount in amounts(printed):
                    if amount.value >= 1000 or amount.currency == "USD":
                        said = f"{row.method}: {printed}" + (f" ({note})" if note else "")
                        found.fee_table.setdefault((amount.value, amount.currency), said)
                found.free = found.free or mentions_exemption(note)
            for low, _, unit, _ in times(one_line(row.time)):
                if low > 0:
                    found.time_table.setdefault((low, unit), f"{row.method}: {row.time}")
        for case in record.documents:
            for paper in case.rows:
                found.forms.update(map(_form_key, form_numbers(paper.name)))
    found.levels = frozenset(levels)
    for amount in amounts(text):
        found.amounts.add((amount.value, amount.currency))
        if amount.upper is not None:
            found.amounts.add((amount.upper, amount.currency))
    found.amounts.update(found.fee_table)
    found.amounts.update((number(match[0]), "VND") for match in _MARKED.finditer(text))
    counted = _WORD_TIME.sub(lambda match: f"{_WORDS[match[1].lower()]} ", text)
    for low, high, unit, _ in (*times(text), *times(counted)):
        found.times.add((low, unit))
        if high is not None:
            found.times.add((high, unit))
    found.times.update(found.time_table)
    if _NEXT_DAY.search(text):
        found.times.add((1, TimeUnit.WORKING_DAY))
    found.legal.update(legal_numbers(text))
    found.forms.update(map(_form_key, form_numbers(text)))
    found.free = found.free or mentions_exemption(text.replace("Miễn phí", " "))
    return found


def compare(card: Procedure, records: Sequence[SourceRecord]) -> list[Finding]:
    """Compares a card with the official records of its code.

    Args:
        card: The card.
        records: What the official files say of the code; at least one.

    Returns:
        An error for each figure that no record contains and the card does not explain, and a
        warning for each figure of a record's fee or time table that the card lacks.
    """
    official = figures_of(records)
    findings = [*_levels(card, official)]
    for path, text in _texts(card):
        findings.extend(_text_figures(card, path, text, official))
    findings.extend(_fees(card, official))
    findings.extend(_times(card, official))
    findings.extend(_legal(card, official))
    findings.extend(_forms(card, official))
    findings.extend(_omissions(card, official))
    return [finding for finding in _once(findings) if not _explained(card, finding)]


def unsourced(card: Procedure) -> Iterator[Finding]:
    """Yields the figures of a card without official record that name no document."""
    for position, fee in enumerate(card.fees):
        if fee.state is FeeState.AMOUNT and not fee.source:
            yield _missing_source(
                card, f"fees.{position}.source", money(fee.amount or 0, fee.currency)
            )
    for position, time in enumerate(card.processing_times):
        if not time.source:
            yield _missing_source(
                card, f"processing_times.{position}.source", length(time.value, time.unit)
            )
    if not card.legal_basis:
        yield _missing_source(card, "legal_basis", "")


def money(value: float, currency: str) -> str:
    """Words an amount as findings name it: ``50.000 đồng`` or ``10 USD``."""
    shown = f"{value:,.0f}".replace(",", ".") if value == int(value) else f"{value:g}"
    return f"{shown} {'USD' if currency == 'USD' else 'đồng'}"


def length(value: float | None, unit: TimeUnit) -> str:
    """Words a length of time as findings name it: ``3 ngày làm việc``."""
    return UNIT_WORDS[unit] if value is None else f"{value:g} {UNIT_WORDS[unit]}"


def _missing_source(card: Procedure, path: str, figure: str) -> Finding:
    return Finding(
        Severity.ERROR,
        "source",
        card.code,
        path,
        "no official record of this code: name the document that says so",
        figure=figure,
    )


def _texts(card: Procedure) -> Iterator[tuple[str, str]]:
    """Yields every text of a card that a citizen may read, with its path."""
    yield from _walk("", card.model_dump(mode="json", exclude=set(_NOT_COMPARED)))


def _walk(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if not path.endswith(
            (".link", ".source", ".file", ".number", ".valid_from", ".valid_until")
        ):
            yield path, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _walk(f"{path}.{key}" if path else key, part)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _walk(f"{path}.{index}", part)


def _differs(card: Procedure, path: str, figure: str, said: str, has: Iterable[str]) -> Finding:
    known = "; ".join(sorted(set(has))[:12])
    return Finding(
        Severity.ERROR,
        "figure",
        card.code,
        path,
        f"{figure} is not in the official record",
        figure=figure,
        card=one_line(said),
        record=known or "(none of this sort)",
    )


def _text_figures(card: Procedure, path: str, text: str, official: Figures) -> Iterator[Finding]:
    for amount in amounts(text):
        for value in (amount.value, amount.upper):
            if value is not None and (value, amount.currency) not in official.amounts:
                yield _differs(card, path, money(value, amount.currency), text, _money_of(official))
    for low, high, unit, match in times(text):
        for length_value in (low, high):
            if length_value is not None and (length_value, unit) not in official.times:
                yield _differs(
                    card, path, length(length_value, unit), text, _times_of(official, match[0])
                )
    for found in legal_numbers(text):
        if found not in official.legal:
            yield _differs(card, path, found, text, official.legal)
    for found in form_numbers(text):
        if not _has_form(found, official):
            yield _differs(card, path, f"Mẫu {found}", text, official.forms)


def _levels(card: Procedure, official: Figures) -> Iterator[Finding]:
    mine = {str(level) for level in card.levels}
    if official.levels and mine != official.levels:
        for level in sorted(mine - official.levels):
            yield _differs(card, "levels", level, ", ".join(sorted(mine)), official.levels)
        for level in sorted(official.levels - mine):
            yield Finding(
                Severity.WARNING,
                "omission",
                card.code,
                "levels",
                f"the official record also names the level {level}",
                figure=level,
                card=", ".join(sorted(mine)),
                record=", ".join(sorted(official.levels)),
            )


def _fees(card: Procedure, official: Figures) -> Iterator[Finding]:
    for position, fee in enumerate(card.fees):
        path = f"fees.{position}"
        if fee.state is FeeState.FREE and not official.free:
            yield _differs(card, path, "free", fee.source, ["the record says free nowhere"])
        for name, value in (("amount", fee.amount), ("amount_max", fee.amount_max)):
            if value and (float(value), fee.currency) not in official.amounts:
                said = " ".join(
                    filter(None, (fee.case, fee.name, money(value, fee.currency), fee.note))
                )
                figure = money(value, fee.currency)
                yield _differs(card, f"{path}.{name}", figure, said, _money_of(official))


def _times(card: Procedure, official: Figures) -> Iterator[Finding]:
    for position, time in enumerate(card.processing_times):
        path = f"processing_times.{position}"
        said = " ".join(filter(None, (time.case, length(time.value, time.unit), time.note)))
        for name, value in (("value", time.value), ("value_max", time.value_max)):
            if value is not None and (value, time.unit) not in official.times:
                figure = length(value, time.unit)
                yield _differs(card, f"{path}.{name}", figure, said, _times_of(official, ""))


def _legal(card: Procedure, official: Figures) -> Iterator[Finding]:
    for position, basis in enumerate(card.legal_basis):
        if legal_number(basis.number) not in official.legal:
            said = f"{basis.number} {basis.name}".strip()
            yield _differs(card, f"legal_basis.{position}", basis.number, said, official.legal)


def _forms(card: Procedure, official: Figures) -> Iterator[Finding]:
    for outer, case in enumerate(card.documents):
        for inner, document in enumerate(case.documents):
            if document.form is None or not document.form.number:
                continue
            path = f"documents.{outer}.documents.{inner}.form"
            if not _has_form(document.form.number, official):
                yield _differs(card, path, document.form.number, document.name, official.forms)
            source = document.form.source
            for found in legal_numbers(source):
                if found not in official.legal:
                    yield _differs(card, f"{path}.source", found, source, official.legal)


def _omissions(card: Procedure, official: Figures) -> Iterator[Finding]:
    said = "\n".join(text for _, text in _texts(card))
    money_said = {(amount.value, amount.currency) for amount in amounts(said)}
    money_said |= {(amount.upper, amount.currency) for amount in amounts(said) if amount.upper}
    for fee in card.fees:
        money_said |= {(float(v), fee.currency) for v in (fee.amount, fee.amount_max) if v}
    for (value, currency), text in official.fee_table.items():
        if (value, currency) not in money_said:
            yield _omits(card, "fees", money(value, currency), text)
    times_said = {(low, unit) for low, _, unit, _ in times(said)}
    for time in card.processing_times:
        times_said |= {(v, time.unit) for v in (time.value, time.value_max) if v}
    for (value, unit), text in official.time_table.items():
        if (value, unit) not in times_said:
            yield _omits(card, "processing_times", length(value, unit), text)


def _omits(card: Procedure, path: str, figure: str, text: str) -> Finding:
    return Finding(
        Severity.WARNING,
        "omission",
        card.code,
        path,
        f"{figure} of the official record is not in the card",
        figure=figure,
        record=text,
    )


def _explained(card: Procedure, finding: Finding) -> bool:
    """Tells whether the card gives a reason for a difference; a field covers what is below it."""
    for explanation in card.explained:
        covers = finding.field == explanation.field or finding.field.startswith(
            f"{explanation.field}."
        )
        same = not explanation.figure or _same(explanation.figure, finding.figure)
        if covers and same:
            return True
    return False


def _same(one: str, other: str) -> bool:
    return one_line(one).casefold() == one_line(other).casefold()


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for finding in findings:
        if (finding.field, finding.figure) not in seen:
            seen.add((finding.field, finding.figure))
            yield finding


def _form_key(printed: str) -> str:
    key = re.sub(r"^(?:mẫu|biểu)(?:\s+số)?\s*", "", one_line(printed), flags=re.I).upper()
    return re.sub(r"^0+(?=\d)", "", re.sub(r"\s+", "", key))


def _has_form(printed: str, official: Figures) -> bool:
    """Tells whether a record names every form of a list such as ``Mẫu số 1a, 1b``."""
    parts = [part for part in re.split(r"\s*(?:,|;| và | hoặc )\s*", printed) if part]
    return all(_has_one_form(part, official) for part in parts)


def _has_one_form(printed: str, official: Figures) -> bool:
    key = _form_key(printed)
    if key in official.forms:
        return True
    text = re.sub(r"\s+", "", official.text.upper())
    if re.match(r"PHỤLỤC", key):
        return bool(re.search(rf"{re.escape(key)}(?![0-9IVX])", text.replace("PHỤLỤCSỐ", "PHỤLỤC")))
    return bool(
        re.search(r"\d", key) and re.search(rf"(?<![0-9]){re.escape(key)}(?![0-9])", text)
    ) and (bool(re.search(r"[A-ZĐ]", key)))


def _money_of(official: Figures) -> list[str]:
    return [money(value, currency) for value, currency in official.amounts]


def _times_of(official: Figures, near: str) -> list[str]:
    return [length(value, unit) for value, unit in official.times]
