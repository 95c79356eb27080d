"""The state of the catalogue's records: how complete, how long ago checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.feedback.statistics import Share
from knowledge_base.completeness import Grade, completeness
from knowledge_base.schema import Aspect, Procedure, RecordKind


@dataclass(frozen=True, slots=True)
class RecordState:
    """One record that is in force.

    Attributes:
        score: Share of what citizens ask that it states, 0 to 1.
        missing: What it does not state, what is asked most first.
        age_days: Days since it was last checked.
        stale: Whether that is too long ago.
    """

    code: str
    title: str
    field: str
    is_card: bool
    grade: Grade
    score: float
    missing: Sequence[Aspect]
    last_checked: date
    age_days: int
    stale: bool


@dataclass(frozen=True, slots=True)
class RecordFigures:
    """Counts of records.

    Attributes:
        complete: Grade A or B, of all.
        stale: Checked too long ago, of all.
        by_grade: How many have each grade.
        by_missing: How many do not state each aspect.
    """

    complete: Share
    stale: Share
    by_grade: dict[Grade, int]
    by_missing: dict[Aspect, int]


def survey(records: Iterable[Procedure], today: date, stale_after_days: int) -> list[RecordState]:
    """Looks at every record in force; those most in need of a check come first."""
    states = []
    for record in records:
        if record.superseded is not None:
            continue
        graded = completeness(record)
        checked = record.provenance.last_checked
        age = (today - checked).days
        states.append(
            RecordState(
                record.code,
                record.title,
                record.field,
                record.kind is RecordKind.CARD,
                graded.grade,
                graded.score,
                graded.missing,
                checked,
                age,
                age > stale_after_days,
            )
        )
    return sorted(states, key=lambda s: (not s.is_card, -s.age_days, s.score, s.code))


def count_records(states: Sequence[RecordState]) -> RecordFigures:
    """Counts what :func:`survey` found."""
    grades = Counter(state.grade for state in states)
    missing = Counter(aspect for state in states for aspect in state.missing)
    return RecordFigures(
        Share(grades[Grade.A] + grades[Grade.B], len(states)),
        Share(sum(state.stale for state in states), len(states)),
        {grade: grades[grade] for grade in Grade},
        dict(missing.most_common()),
    )
