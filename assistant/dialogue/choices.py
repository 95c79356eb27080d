"""Choices: their opaque ids, and the words by which a citizen takes one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from connectors.message import Choice
from knowledge_base.schema import CODE_PATTERN, Aspect
from vietnamese.fold import fold, syllables

MINIMUM_LIKENESS = 88.0
"""How alike a typed name has to be to the title of a choice, in per cent."""

_NUMBER_WORDS = {
    "mot": 1, "nhat": 1, "dau": 1, "hai": 2, "nhi": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5,
    "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
}  # fmt: skip
_LEAD = r"(?:(?:toi|em|minh|chau|con|da|vang|ok|thi|la|cho|lay|chon|muon|xem|hoi)\s+)*"
_UNIT = r"(?:cai|so|cau|muc|y|lua chon|truong hop|thu tuc|phuong an|dong|o|thang)"
_TAIL = r"(?:\s+(?:a|nhe|nha|di|nghe|oi|ban|em|do|ay|nay|kia))*"
_ORDINAL = re.compile(
    rf"^{_LEAD}(?:{_UNIT}\s+)?(?:thu\s+|so\s+)?(?P<n>\d{{1,2}}|{'|'.join(_NUMBER_WORDS)})"
    rf"(?:\s+tien)?{_TAIL}$"
)
_FIRST = re.compile(rf"^{_LEAD}(?:{_UNIT}\s+)?(?:dau tien|tren cung|dau){_TAIL}$")
_LAST = re.compile(rf"^{_LEAD}(?:{_UNIT}\s+)?(?:cuoi cung|duoi cung|cuoi|sau cung){_TAIL}$")
_MIDDLE = re.compile(rf"^{_LEAD}(?:{_UNIT}\s+)?(?:o giua|giua){_TAIL}$")


_WHOLE = "full"
"""Ends the id of a choice that shows everything, however long."""


@dataclass(frozen=True, slots=True)
class ProcedureChoice:
    """What the id of a choice stands for: a procedure, what to say of it, and whether all of it."""

    code: str
    aspects: tuple[Aspect, ...] = ()
    whole: bool = False

    @property
    def id(self) -> str:
        """The id: it names a public record and can be typed by anyone without harm."""
        aspects = [aspect.value for aspect in self.aspects]
        return ":".join(["p", self.code, *aspects, *([_WHOLE] if self.whole else [])])

    @classmethod
    def parse(cls, identifier: str) -> ProcedureChoice | None:
        """Reads an id back; anything malformed is None."""
        parts = identifier.split(":")
        if len(parts) < 2 or parts[0] != "p" or not CODE_PATTERN.match(parts[1]):
            return None
        whole = parts[-1] == _WHOLE
        known = {aspect.value for aspect in Aspect}
        aspects = parts[2:-1] if whole else parts[2:]
        if any(part not in known for part in aspects):
            return None
        return cls(parts[1], tuple(Aspect(part) for part in aspects), whole)


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """The id of a choice that lists the procedures of a field."""

    field: str

    @property
    def id(self) -> str:
        """The id."""
        return f"f:{self.field}"

    @classmethod
    def parse(cls, identifier: str) -> FieldChoice | None:
        """Reads an id back."""
        return cls(identifier[2:]) if identifier.startswith("f:") and identifier[2:] else None


@dataclass(frozen=True, slots=True)
class ProvinceChoice:
    """The id of a choice that asks for the fees of a procedure in one province."""

    code: str
    province: str

    @property
    def id(self) -> str:
        """The id."""
        return f"t:{self.code}:{self.province}"

    @classmethod
    def parse(cls, identifier: str) -> ProvinceChoice | None:
        """Reads an id back; anything malformed is None."""
        kind, _, rest = identifier.partition(":")
        code, _, province = rest.partition(":")
        if kind != "t" or not CODE_PATTERN.match(code) or not province:
            return None
        return cls(code, province)


def chosen(text: str, offered: Sequence[Choice]) -> Choice | None:
    """Finds which of the offered choices a message takes.

    Args:
        text: What the citizen typed: "2", "cái thứ hai", "cái cuối", or the title itself.
        offered: The choices in the order in which they were shown.

    Returns:
        The choice, or None where the message takes none of them.
    """
    if not offered:
        return None
    plain = " ".join(syllables(fold(text)))
    if not plain:
        return None
    position = _position(plain, len(offered))
    if position is not None:
        return offered[position] if 0 <= position < len(offered) else None
    return _by_title(plain, offered)


def is_position(text: str) -> bool:
    """Tells whether a message is nothing but a number or an ordinal."""
    plain = " ".join(syllables(fold(text)))
    return bool(plain) and _position(plain, 10) is not None


def _position(plain: str, count: int) -> int | None:
    if _FIRST.match(plain):
        return 0
    if _LAST.match(plain):
        return count - 1
    if _MIDDLE.match(plain):
        return count // 2
    match = _ORDINAL.match(plain)
    if match is None:
        return None
    word = match.group("n")
    return (int(word) if word.isdigit() else _NUMBER_WORDS[word]) - 1


def _by_title(plain: str, offered: Iterable[Choice]) -> Choice | None:
    scored = []
    for choice in offered:
        title = " ".join(syllables(fold(choice.title)))
        scored.append((fuzz.ratio(plain, title), choice))
        head = " ".join(syllables(fold(re.split(r"[(–—:]", choice.title)[0])))
        scored.append((fuzz.ratio(plain, head), choice))
    scored.sort(key=lambda pair: -pair[0])
    best = scored[0]
    rivals = [score for score, choice in scored if choice.id != best[1].id]
    if best[0] >= MINIMUM_LIKENESS and (not rivals or best[0] - max(rivals) >= 4):
        return best[1]
    return None
