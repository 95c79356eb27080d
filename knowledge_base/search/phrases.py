"""The phrases by which a procedure can be found: its names and what people call it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from knowledge_base.schema import Procedure

_LEADING = re.compile(
    r"^(?:thủ tục(?: hành chính)?|tthc)\s*[:\-–]?\s*(?!\s*hải quan\b)", re.IGNORECASE
)
_PARENTHESES = re.compile(r"\s*\([^()]*\)")
_PLACE = re.compile(
    r"\s*[,\-–]?\s*(?:(?:được )?(?:thực hiện|cấp|làm)\s+)?(?:tại|ở)\s+cấp\s+"
    r"(?:trung ương|tỉnh|tinh|xã|bộ|huyện)\b|\s*[-–]?\s*cấp\s+(?:trung ương|tw|bộ|tỉnh|xã)$"
    r"|\s*\((?:thực hiện (?:tại|ở) )?cấp (?:trung ương|tw|bộ|tỉnh|tinh|xã|huyện)\)",
    re.IGNORECASE,
)
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase.

    Attributes:
        owner: Position of its procedure in the catalogue.
        official: Whether it is the official name rather than what people say.
        text: The words, with diacritics.
    """

    owner: int
    official: bool
    text: str


def clean_name(name: str) -> str:
    """Returns an official name on one line, without a leading "Thủ tục"."""
    name = _SPACES.sub(" ", name).strip()
    return _LEADING.sub("", name, count=1) or name


def level_free(name: str) -> str:
    """Returns a name without the words that say which level of government handles it."""
    bare = re.sub(r"\(\s*\)", "", _PLACE.sub("", name))
    return _SPACES.sub(" ", bare).strip() or name


def short_name(name: str) -> str:
    """Returns a name without its parentheses and without the level that handles it."""
    return level_free(_PARENTHESES.sub("", name)) or name


def phrases_of(
    procedures: Sequence[Procedure], everyday: Mapping[str, Sequence[str]]
) -> list[Phrase]:
    """Collects the phrases of a catalogue.

    Args:
        procedures: The catalogue.
        everyday: Everyday phrases by national code.

    Returns:
        One official name a procedure in catalogue order, and then what people say, grouped by
        procedure and each phrase once for a procedure.
    """
    official = [Phrase(i, True, clean_name(p.name)) for i, p in enumerate(procedures)]
    said: list[Phrase] = []
    for position, procedure in enumerate(procedures):
        names = [procedure.plain_name, *procedure.aliases, *everyday.get(procedure.code, ())]
        unique = dict.fromkeys(_SPACES.sub(" ", name).strip().lower() for name in names)
        said.extend(Phrase(position, False, name) for name in unique if name)
    return official + said
