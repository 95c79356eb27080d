"""Writes the figures of a record as a Vietnamese reader expects them."""

from __future__ import annotations

from datetime import date

from assistant.replies import wording
from knowledge_base.schema import Fee, FeeState, ProcessingTime, TimeUnit


def money(amount: int, currency: str = "VND") -> str:
    """Writes an amount: ``20.000 đồng``, ``5 USD``."""
    grouped = f"{amount:,}".replace(",", ".")
    return f"{grouped} đồng" if currency == "VND" else f"{grouped} {currency}"


def fee(line: Fee) -> str:
    """Writes the money of one fee line, without whom it concerns."""
    if line.state is not FeeState.AMOUNT or line.amount is None:
        return wording.FEE_STATES[line.state]
    text = money(line.amount, line.currency)
    if line.amount_max is not None and line.amount_max != line.amount:
        low = f"{line.amount:,}".replace(",", ".")
        text = f"{low} đến {money(line.amount_max, line.currency)}"
    return f"{text}/{line.unit}" if line.unit else text


def number(value: float) -> str:
    """Writes a count: ``7``, ``1,5``."""
    return f"{value:g}".replace(".", ",")


def duration(time: ProcessingTime) -> str:
    """Writes one time limit: ``7 ngày làm việc``, ``2 đến 4 giờ``, ``Giải quyết ngay``."""
    if time.unit is TimeUnit.IMMEDIATE or time.value is None:
        return wording.IMMEDIATELY
    span = number(time.value)
    if time.value_max is not None and time.value_max != time.value:
        span = f"{span} đến {number(time.value_max)}"
    return f"{span} {wording.TIME_UNITS[time.unit]}"


def distance(kilometres: float) -> str:
    """Writes a distance as one says it: ``350 m``, ``1,2 km``, ``18 km``."""
    if kilometres < 0.975:
        return f"{max(round(kilometres * 20) * 50, 50)} m"
    return f"{number(round(kilometres, 1 if kilometres < 9.95 else None))} km"


def day(moment: date) -> str:
    """Writes a date: ``20/11/2026``."""
    return moment.strftime("%d/%m/%Y")
