"""Asks the one thing that tells near-identical procedures apart, in a citizen's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from rapidfuzz import fuzz

from assistant.replies import wording
from knowledge_base.schema import Level, Procedure
from knowledge_base.search.qualifiers import KEYS, named_flags
from vietnamese.fold import fold

_ALIKE: Final = 55
"""Titles at least this alike, of 100, name the same sort of thing."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing in which procedures may differ.

    Attributes:
        question: What to ask; ``{ways}`` are the ways in which the offered ones differ.
        ways: What each qualifier of a name means to a citizen.
        usual: What a name without any of them means; empty: nothing certain.
    """

    question: str
    ways: Mapping[str, str]
    usual: str = ""


_DIMENSIONS: Final = (
    Dimension(wording.WHICH_CASE, wording.CASES, wording.USUAL_CASE),
    Dimension(wording.WHICH_SIDE, wording.SIDES, wording.USUAL_SIDE),
    Dimension(wording.WHICH_APPLICANT, wording.APPLICANTS),
)


def question_between(options: Sequence[Procedure]) -> str:
    """Words the question that tells some procedures apart.

    Args:
        options: Two to five procedures.

    Returns:
        A question about the one thing in which they all differ; a general one where there is no
        such thing, or where their titles have little in common.
    """
    titles = [fold(record.title) for record in options]
    if len(options) < 2 or any(
        fuzz.token_set_ratio(one, other) < _ALIKE for one, other in combinations(titles, 2)
    ):
        return wording.CLARIFY
    flags = named_flags(options)
    named = [{key for key, flag in zip(KEYS, row, strict=True) if flag} for row in flags]
    differ = 0
    for dimension in _DIMENSIONS:
        ways = [_way(dimension, keys) for keys in named]
        if all(ways) and len(set(ways)) == len(ways):
            return dimension.question.format(ways=_either(ways))
        differ += len(set(ways)) > 1
    levels = [_level(record) for record in options]
    if not differ and all(levels) and len(set(levels)) == len(levels):
        return wording.WHICH_LEVEL.format(
            ways=_either([wording.LEVELS[level] for level in levels if level])
        )
    return wording.CLARIFY


def _way(dimension: Dimension, keys: set[str]) -> str:
    for key, words in dimension.ways.items():
        if key in keys:
            return words
    return dimension.usual


def _level(record: Procedure) -> Level | None:
    return record.levels[0] if len(record.levels) == 1 else None


def _either(ways: Sequence[str]) -> str:
    return f"{', '.join(ways[:-1])} hay {ways[-1]}"
