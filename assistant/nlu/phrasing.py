"""Makes messages in which it is known what is asked, as material for training."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from assistant.nlu.everyday import everyday_phrases
from assistant.settings import PACKAGED_CATALOGUE, PROJECT_ROOT
from knowledge_base.store import Catalogue

FOLDER = PROJECT_ROOT / "training_data" / "asking"
NOTHING: Final[frozenset[str]] = frozenset()

MANY: Final = 100_000
"""More than there are everyday names."""

_ASKS = re.compile(
    r"\b(?:gì|sao|đâu|bao|mấy|nào|ai|chi|mẫu|phí)\b|\b(?:không|chưa|hông)$|\bcó\b.*\b(?:không|chưa)\b"
)
"""Everyday names with such words ask for an aspect themselves."""

_KIND = re.compile(r"^(?:thủ tục|tthc)\s*:?\s*")
_CHOICE = re.compile(r"\(([^()]*)\)")
_SPACES = re.compile(r"\s+(?=[,:?.]|\s|$)")
_STOPS: Final = "?.;!\n"
_JOINING: Final = (
    " và ",
    ", ",
    " , ",
    " với lại ",
    ", rồi ",
    " rồi ",
    ", còn ",
    " ",
    " mà ",
    ", với ",
)

SHARES: Final[Mapping[str, int]] = {
    "documents": 6,
    "conditions": 6,
    "steps": 6,
    "fees": 4,
    "processing_time": 4,
    "where": 4,
    "online": 3,
    "legal_basis": 3,
    "result": 2,
    "forms": 2,
}
"""How often each aspect is asked for, compared with the others."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a message.

    Attributes:
        text: What is said, in lower case.
        aspects: What it asks for.
        end: What separates it from the next piece; a sentence ends only at :data:`_STOPS`.
    """

    text: str
    aspects: frozenset[str] = NOTHING
    end: str = ", "


@dataclass(frozen=True, slots=True)
class Asked:
    """A message, sentence by sentence.

    Attributes:
        sentences: Texts with what each asks for.
        text: The message.
    """

    sentences: tuple[tuple[str, frozenset[str]], ...]
    text: str

    @property
    def aspects(self) -> frozenset[str]:
        """What the message asks for."""
        return frozenset().union(*(aspects for _, aspects in self.sentences))


def expand(pattern: str, draw: random.Random) -> str:
    """Takes one way through the choices ``(a|b|)`` of a pattern, which may be nested."""
    while match := _CHOICE.search(pattern):
        chosen = draw.choice(match[1].split("|"))
        pattern = f"{pattern[: match.start()]}{chosen}{pattern[match.end() :]}"
    return _SPACES.sub("", pattern).strip()


def ways(pattern: str) -> int:
    """Counts the ways through the choices of a pattern without nesting."""
    return math.prod(match[1].count("|") + 1 for match in _CHOICE.finditer(pattern))


Kind = Callable[[random.Random], Iterator[Piece]]
"""Draws the pieces of one message."""


class Phrasing:
    """Draws messages from the patterns in ``training_data/asking``."""

    def __init__(self, wishes: Sequence[str], names: Sequence[str], folder: Path = FOLDER) -> None:
        """Takes everyday wishes and official names, both in lower case."""
        self._wishes = list(wishes)
        self._names = list(names)
        self._aspects, self._frames = _read(folder)
        self._kinds: list[tuple[Kind, int]] = [
            (self._question, 30),
            (self._letter, 26),
            (self._situation, 10),
            (self._several, 14),
            (self._follow_up, 8),
            (self._plain, 7),
            (self._comparison, 6),
            (self._joint, 4),
        ]

    def cues(self) -> Iterator[tuple[str, str]]:
        """Lists phrases that ask for an aspect by themselves, with the aspect."""
        for aspect, forms in self._aspects.items():
            for pattern in forms["bare"]:
                for way in _all_ways(pattern):
                    yield way, aspect

    def questions(self, count: int, seed: int) -> Iterator[str]:
        """Draws questions about one procedure or several, none of them a comparison."""
        drop = (self._plain, self._comparison)
        return self._texts([kind for kind in self._kinds if kind[0] not in drop], count, seed)

    def follow_ups(self, count: int, seed: int) -> Iterator[str]:
        """Draws questions of later turns, which name no procedure."""
        return self._texts([(self._follow_up, 1)], count, seed)

    def comparisons(self, count: int, seed: int) -> Iterator[str]:
        """Draws comparisons of two procedures."""
        return self._texts([(self._comparison, 1)], count, seed)

    def messages(self, count: int, seed: int) -> Iterator[Asked]:
        """Draws messages, the same ones for the same seed."""
        return self._drawn(self._kinds, count, seed)

    def _texts(self, kinds: Sequence[tuple[Kind, int]], count: int, seed: int) -> Iterator[str]:
        return (message.text for message in self._drawn(kinds, count, seed))

    def _drawn(self, kinds: Sequence[tuple[Kind, int]], count: int, seed: int) -> Iterator[Asked]:
        draw = random.Random(seed)
        shares = [share for _, share in kinds]
        for _ in range(count):
            kind, _share = draw.choices(kinds, shares)[0]
            yield _put_together(list(kind(draw)))

    # --- kinds of message -----------------------------------------------------------------

    def _question(self, draw: random.Random) -> Iterator[Piece]:
        """One question about one procedure, in one sentence."""
        aspect = self._aspect(draw)
        if draw.random() < 0.3:
            yield Piece(self._frame("salutations", draw), end=draw.choice([", ", " ", ". "]))
        elif draw.random() < 0.3:
            yield Piece(self._frame("leads", draw), end=" ")
        text = self._asking(aspect, draw)
        yield Piece(self._ended(text, draw), frozenset({aspect}), draw.choice(["", "", "?", "."]))
        if draw.random() < 0.08:
            yield Piece(self._frame("closings", draw), end="")

    def _letter(self, draw: random.Random) -> Iterator[Piece]:
        """A greeting, a story, the matter, then what is asked; often with thanks."""
        if draw.random() < 0.5:
            yield Piece(self._frame("salutations", draw), end=draw.choice([". ", ", ", "\n", ": "]))
        for _ in range(draw.choice([0, 0, 1, 1, 2, 3])):
            yield Piece(self._frame("stories", draw), end=draw.choice([". ", ". ", ", ", "\n"]))
        named = draw.random() < 0.6
        if named:
            topic = self._frame("topics", draw).replace("{}", self._topic(draw, 0.5))
            yield Piece(topic, end=draw.choice([". ", ", ", ". ", "\n", " thì ", ": "]))
        elif draw.random() < 0.3:
            yield Piece(self._frame("situations", draw), end=draw.choice([". ", ", ", " "]))
            named = True
        count = draw.choices([1, 2, 3, 4], [60, 25, 11, 4])[0]
        aspects = self._some_aspects(count, draw)
        if count > 1 and draw.random() < 0.35 and "steps" not in aspects:
            aspects[0] = "steps"
        for place, aspect in enumerate(aspects):
            if draw.random() < (0.7 if place == 0 else 0.12):
                yield Piece(self._frame("leads", draw), end=" ")
            with_topic = draw.random() < (0.5 if place == 0 and named else 0.95 - 0.8 * (place > 0))
            text = (
                self._asking(aspect, draw, 0.5)
                if with_topic
                else expand(self._pattern(aspect, "bare", draw), draw)
            )
            last = place == count - 1
            if last and draw.random() < 0.3:
                text = self._ended(text, draw)
            end = draw.choice(["?", "?", "?", "", "."]) + draw.choice([" ", " ", "\n"])
            if not last and draw.random() < 0.7:
                end = draw.choice(_JOINING)
            yield Piece(text, frozenset({aspect}), end)
        if draw.random() < 0.45:
            yield Piece(self._frame("closings", draw), end=draw.choice(["", ".", "!"]))

    def _situation(self, draw: random.Random) -> Iterator[Piece]:
        """A story in chat style, with a short question or with none."""
        end = draw.choice([", ", ", ", " ", ". ", " thì ", ", giờ ", " giờ ", ", nay ", " mà "])
        yield Piece(self._frame("situations", draw), end=end)
        if draw.random() < 0.25:
            yield Piece(self._frame("stories", draw), end=draw.choice([", ", ". "]))
        if draw.random() < 0.15:
            return
        wish = draw.random()
        aspect = draw.choice(["steps", "documents"]) if draw.random() < 0.4 else self._aspect(draw)
        if wish < 0.35:
            text = self._asking(aspect, draw)
        else:
            text = expand(self._pattern(aspect, "bare", draw), draw)
        yield Piece(self._ended(text, draw), frozenset({aspect}), draw.choice(["", "?", ""]))

    def _several(self, draw: random.Random) -> Iterator[Piece]:
        """Two or three things about one procedure, or two procedures."""
        count = draw.choices([2, 3], [70, 30])[0]
        aspects = self._some_aspects(count, draw)
        listed = draw.random() < 0.3
        if listed:
            yield Piece(self._topic(draw, 0.2), end=draw.choice([": ", ", ", " thì ", " - "]))
        for place, aspect in enumerate(aspects):
            with_topic = not listed and (place == 0 or draw.random() < 0.15)
            text = (
                self._asking(aspect, draw)
                if with_topic
                else expand(self._pattern(aspect, "bare", draw), draw)
            )
            last = place == count - 1
            end = "" if last else draw.choice((*_JOINING, "? ", "; ", ". "))
            yield Piece(self._ended(text, draw) if last else text, frozenset({aspect}), end)

    def _follow_up(self, draw: random.Random) -> Iterator[Piece]:
        """A question of a later turn, which names no procedure."""
        aspect = self._aspect(draw)
        pattern = draw.choice(self._frames["followups"])
        text = expand(pattern, draw)
        text = text.replace("{name}", draw.choice(self._aspects[aspect]["names"]))
        text = text.replace("{bare}", expand(self._pattern(aspect, "bare", draw), draw))
        if draw.random() < 0.12:
            topic = expand("(cái này|giấy này|thủ tục này|việc đó|cái đó|làm lại|nếu mất)", draw)
            text = f"{topic} {text}"
        yield Piece(self._ended(text, draw), frozenset({aspect}), draw.choice(["", "?"]))

    def _plain(self, draw: random.Random) -> Iterator[Piece]:
        """A wish, a story or an opening that asks for nothing in particular, or for all."""
        kind = draw.random()
        if kind < 0.35:
            pattern = draw.choice(self._frames["wishes"])
            yield Piece(expand(pattern, draw).replace("{}", self._topic(draw, 0.3)), end="")
        elif kind < 0.55:
            pattern = draw.choice(self._frames["overview"])
            text = expand(pattern, draw).replace("{}", self._topic(draw, 0.3))
            yield Piece(self._ended(text, draw), frozenset({"overview"}), draw.choice(["", "?"]))
        else:
            for name in draw.choice([("situations",), ("stories",), ("topics",), ("salutations",)]):
                text = self._frame(name, draw).replace("{}", self._topic(draw, 0.3))
                yield Piece(text, end=draw.choice(["", "."]))

    def _comparison(self, draw: random.Random) -> Iterator[Piece]:
        """Two procedures side by side."""
        forms = self._frames["comparisons"]
        held = NOTHING
        kind = draw.random()
        if kind < 0.45:
            pattern = draw.choice(forms["plain"])
        elif kind < 0.75:
            aspect = self._aspect(draw)
            held = frozenset({aspect})
            name = draw.choice(self._aspects[aspect]["names"])
            pattern = draw.choice(forms["named"]).replace("{name}", name)
        else:
            aspect = draw.choice(sorted(forms["closing"]))
            held = frozenset({aspect})
            pattern = draw.choice(forms["closing"][aspect])
        text = expand(pattern, draw)
        while "{}" in text:
            text = text.replace("{}", self._topic(draw, 0.1), 1)
        yield Piece(self._ended(text, draw), held, draw.choice(["", "?"]))

    def _joint(self, draw: random.Random) -> Iterator[Piece]:
        """One expression that asks for several things."""
        form = draw.choice(self._frames["joint"])
        if draw.random() < 0.3:
            yield Piece(self._frame("leads", draw), end=" ")
        text = expand(form["text"], draw).replace("{}", self._topic(draw, 0.4))
        yield Piece(self._ended(text, draw), frozenset(form["aspects"]), draw.choice(["", "?"]))

    # --- parts ----------------------------------------------------------------------------

    def _asking(self, aspect: str, draw: random.Random, official: float = 0.25) -> str:
        text = expand(self._pattern(aspect, "ask", draw), draw)
        return text.replace("{}", self._topic(draw, official))

    def _pattern(self, aspect: str, form: str, draw: random.Random) -> str:
        patterns: list[str] = self._aspects[aspect][form]
        return draw.choices(patterns, [1 + math.log2(ways(p)) for p in patterns])[0]

    def _frame(self, name: str, draw: random.Random) -> str:
        return expand(draw.choice(self._frames[name]), draw)

    def _topic(self, draw: random.Random, official: float) -> str:
        return draw.choice(self._names if draw.random() < official else self._wishes)

    def _aspect(self, draw: random.Random) -> str:
        return draw.choices(list(SHARES), list(SHARES.values()))[0]

    def _some_aspects(self, count: int, draw: random.Random) -> list[str]:
        found: list[str] = []
        while len(found) < count:
            aspect = self._aspect(draw)
            if aspect not in found:
                found.append(aspect)
        return found

    def _ended(self, text: str, draw: random.Random) -> str:
        return f"{text} {draw.choice(self._frames['particles'])}" if draw.random() < 0.3 else text


def _put_together(pieces: Sequence[Piece]) -> Asked:
    """Joins pieces; those not parted by the end of a sentence become one sentence."""
    sentences: list[tuple[str, frozenset[str]]] = []
    text, aspects = "", NOTHING
    for piece in pieces:
        text += piece.text
        aspects |= piece.aspects
        if any(mark in piece.end for mark in _STOPS):
            sentences.append((f"{text}{piece.end}", aspects))
            text, aspects = "", NOTHING
        else:
            text += piece.end
    if text:
        sentences.append((text, aspects))
    return Asked(tuple(sentences), "".join(text for text, _ in sentences).strip())


def _all_ways(pattern: str) -> Iterator[str]:
    match = _CHOICE.search(pattern)
    if match is None:
        yield _SPACES.sub("", pattern).strip()
        return
    for chosen in match[1].split("|"):
        yield from _all_ways(f"{pattern[: match.start()]}{chosen}{pattern[match.end() :]}")


@lru_cache(maxsize=2)
def _read(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    found = [
        yaml.safe_load((folder / name).read_text("utf-8")) for name in ("aspects.yml", "frames.yml")
    ]
    return found[0], found[1]


@lru_cache(maxsize=1)
def packaged_phrasing() -> Phrasing:
    """Draws from the wishes and names of the packaged catalogue."""
    wishes = [wish for wish in everyday_phrases(MANY) if not _ASKS.search(wish)]
    catalogue = Catalogue.load((PACKAGED_CATALOGUE,))
    names = [_KIND.sub("", record.name.lower()) for record in catalogue]
    return Phrasing(wishes, names)
