"""Grades how much of what citizens ask a record answers; shown to staff, never to citizens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from knowledge_base.schema import Aspect, Procedure

ESSENTIAL: Final = (
    Aspect.DOCUMENTS,
    Aspect.FEES,
    Aspect.STEPS,
    Aspect.PROCESSING_TIME,
    Aspect.WHERE,
    Aspect.LEGAL_BASIS,
)
"""What nearly every citizen asks; a record without one of these is not complete."""

USEFUL: Final = (Aspect.ONLINE, Aspect.RESULT)
"""What rounds a record off."""


class Grade(StrEnum):
    """How complete a record is.

    ``A``: everything is stated. ``B``: everything essential is stated, or the record says itself
    that its source does not state the one that is missing. ``C``: up to two essentials are missing.
    ``D``: more are.
    """

    A = "A"
    B = "B"
    C = "C"
    D = "D"


@dataclass(frozen=True, slots=True)
class Completeness:
    """How complete one record is.

    Attributes:
        grade: The grade.
        score: Share of the essential and useful aspects that are stated, from 0 to 1; an essential
            one counts twice.
        missing: Essential and useful aspects that are not stated, essential ones first.
    """

    grade: Grade
    score: float
    missing: tuple[Aspect, ...]


def completeness(record: Procedure) -> Completeness:
    """Grades a record.

    A fee line that says "not stated" does not state a fee, but tells that someone looked: it spares
    the record one grade.
    """
    missing = tuple(aspect for aspect in (*ESSENTIAL, *USEFUL) if not record.states(aspect))
    essential = [aspect for aspect in missing if aspect in ESSENTIAL]
    total = 2 * len(ESSENTIAL) + len(USEFUL)
    lost = 2 * len(essential) + (len(missing) - len(essential))
    return Completeness(_grade(record, missing, essential), round(1 - lost / total, 3), missing)


def _grade(record: Procedure, missing: tuple[Aspect, ...], essential: Sequence[Aspect]) -> Grade:
    if not missing:
        return Grade.A
    looked_for = tuple(essential) == (Aspect.FEES,) and bool(record.fees)
    if not essential or looked_for:
        return Grade.B
    return Grade.C if len(essential) <= 2 else Grade.D
