"""What goes into the search and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge_base.schema import Level


@dataclass(frozen=True, slots=True)
class Query:
    """A citizen's question, read.

    Attributes:
        text: The restored text: lower-case, with diacritics where they are known.
        typed: The normalised text as typed, nothing restored; empty: the same as ``text``.
        prefer: Levels of government to prefer, most preferred first.
    """

    text: str
    typed: str = ""
    prefer: tuple[Level, ...] = (Level.COMMUNE,)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One procedure that may be the one asked about.

    Attributes:
        code: National code.
        score: Ranking score without unit; only its order within one result means something.
        probability: Calibrated chance in [0, 1] that this is a right one.
        signals: What the score was made of, by name, for explaining and debugging.
    """

    code: str
    score: float
    probability: float
    signals: Mapping[str, float] = field(default_factory=dict, hash=False, compare=False)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What was found.

    Attributes:
        candidates: Best first; empty when nothing in the question is known.
        in_catalogue: Calibrated chance in [0, 1] that the question is about a procedure of the
            catalogue at all.
    """

    candidates: tuple[Candidate, ...] = ()
    in_catalogue: float = 0.0
