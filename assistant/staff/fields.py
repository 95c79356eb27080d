"""Lets staff add to lists of a record in plain words, where a record holds a structure.

A new fee is typed as ``20.000``, a new time limit as ``3 ngày làm việc``; a correction wants the
structure as YAML (:mod:`assistant.feedback.learning.decisions`).
"""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

from knowledge_base.corrections import APPEND
from knowledge_base.schema import TimeUnit

_UNITS: Final = (
    ("ngày làm việc", TimeUnit.WORKING_DAY),
    ("phút", TimeUnit.MINUTE),
    ("giờ", TimeUnit.HOUR),
    ("ngày", TimeUnit.DAY),
    ("tuần", TimeUnit.WEEK),
    ("tháng", TimeUnit.MONTH),
    ("năm", TimeUnit.YEAR),
)
_AT_ONCE: Final = frozenset({"ngay", "trả ngay", "giải quyết ngay"})


def new_entry(path: str, text: str, source: str = "") -> str:
    """Turns the words for a new entry of a list into the YAML that a correction reads.

    Args:
        path: Of the field, as :mod:`knowledge_base.corrections` names it.
        text: What was typed.
        source: The document that says so; a new fee or time limit carries it.

    Returns:
        YAML; the text itself where the path adds nothing or the words are not understood.
    """
    line = " ".join(text.split())
    entry: Any = None
    match path.split("."):
        case ["fees", last] if last == APPEND:
            entry = _fee(line, source)
        case ["processing_times", last] if last == APPEND:
            entry = _time(line, source)
        case ["legal_basis", last] if last == APPEND and ":" not in line:
            entry = {"number": line}
        case ["documents", _, "documents", last] if last == APPEND and not line.startswith("name:"):
            entry = {"name": line}
    if entry is None:
        return text
    return yaml.safe_dump(entry, allow_unicode=True, sort_keys=False)


def _fee(line: str, source: str) -> dict[str, Any] | None:
    match = re.fullmatch(r"(\d{1,3}(?:[.\s]\d{3})+|\d+)\s*(?:đồng|đ|vnđ|vnd)?", line, re.IGNORECASE)
    if match is None:
        return None
    return {"state": "amount", "amount": int(re.sub(r"\D", "", match.group(1))), "source": source}


def _time(line: str, source: str) -> dict[str, Any] | None:
    folded = line.casefold()
    if folded in _AT_ONCE:
        return {"unit": TimeUnit.IMMEDIATE.value, "source": source}
    for words, unit in _UNITS:
        match = re.fullmatch(rf"(\d+(?:,\d+)?)\s*{words}", folded)
        if match:
            value = float(match.group(1).replace(",", "."))
            return {"value": value, "unit": unit.value, "source": source}
    return None
