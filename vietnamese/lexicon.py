"""Shorthand and regional words: what each stands for, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from vietnamese.fold import fold

_LONGEST_KEY: Final = 4
_CONTEXT: Final = 4
_FIELDS: Final = frozenset(
    ("read", "previous", "next", "message", "not_previous", "not_next"),
)


@dataclass(frozen=True, slots=True)
class Sense:
    """One reading of a short form, with its conditions (folded, blank-padded)."""

    words: tuple[str, ...]
    previous: tuple[str, ...] = ()
    following: tuple[str, ...] = ()
    message: tuple[str, ...] = ()
    not_previous: tuple[str, ...] = ()
    not_following: tuple[str, ...] = ()

    def holds(self, before: str, after: str, message: str) -> bool:
        """Tells whether the conditions hold.

        Args:
            before: Folded words before, with a blank in front.
            after: Folded words after, with a blank behind.
            message: The whole message folded, with a blank on either side.
        """
        if self.not_previous and before.endswith(self.not_previous):
            return False
        if self.not_following and after.startswith(self.not_following):
            return False
        if not (self.previous or self.following or self.message):
            return True
        return (
            (bool(self.previous) and before.endswith(self.previous))
            or (bool(self.following) and after.startswith(self.following))
            or any(phrase in message for phrase in self.message)
        )


@dataclass(frozen=True, slots=True)
class Match:
    """A short form found in a message: ``words[start:stop]`` is read as ``reading``."""

    start: int
    stop: int
    reading: tuple[str, ...]


class Lexicon:
    """Replaces short forms by what they stand for.

    Args:
        senses: For each short form (as its words) its readings in order.
    """

    def __init__(self, senses: Mapping[tuple[str, ...], Sequence[Sense]]) -> None:
        self._senses = dict(senses)
        self._longest: dict[str, int] = {}
        for key in self._senses:
            self._longest[key[0]] = max(self._longest.get(key[0], 0), len(key))

    def __len__(self) -> int:
        return len(self._senses)

    def __contains__(self, key: object) -> bool:
        return key in self._senses

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return iter(self._senses)

    def is_unconditional(self, key: tuple[str, ...]) -> bool:
        """Tells whether a short form always gets its first reading."""
        first = self._senses[key][0]
        return first == Sense(first.words)

    def pairs(self) -> Iterable[tuple[str, str]]:
        """Gives every short form with its first reading."""
        for key, senses in self._senses.items():
            yield " ".join(key), " ".join(senses[0].words)

    def readings(self) -> Iterable[str]:
        """Gives every reading, for training."""
        for senses in self._senses.values():
            for sense in senses:
                yield " ".join(sense.words)

    @classmethod
    def load(cls, *paths: Path) -> Lexicon:
        """Reads one or several files; of two entries for one form the first counts.

        Raises:
            ValueError: With the file and the entry, when an entry cannot be understood.
        """
        senses: dict[tuple[str, ...], Sequence[Sense]] = {}
        for path in paths:
            data = load_yaml(path)
            for spelling, read in (data.get("plain") or data.get("variants") or {}).items():
                for key in _keys(spelling, path):
                    senses.setdefault(key, (Sense(tuple(str(read).split())),))
            for spelling, entries in (data.get("conditional") or {}).items():
                built = [_sense(entry, spelling, path) for entry in entries]
                for key in _keys(spelling, path):
                    senses.setdefault(key, built)
        return cls(senses)

    def matches(self, words: Sequence[str]) -> list[Match]:
        """Finds the short forms of a message, the longest first at each place.

        Args:
            words: The words of the message, lower-case; punctuation as words of its own.
        """
        if not any(word in self._longest for word in words):
            return []
        folded = [fold(word) for word in words]
        message = " " + " ".join(folded) + " "
        before: list[str] = []
        found: list[Match] = []
        at = 0
        while at < len(words):
            match = self._at(words, folded, before, message, at)
            if match is None:
                before.append(folded[at])
                at += 1
            else:
                found.append(match)
                before.extend(fold(word) for word in match.reading)
                at = match.stop
        return found

    def _at(
        self,
        words: Sequence[str],
        folded: Sequence[str],
        before: Sequence[str],
        message: str,
        at: int,
    ) -> Match | None:
        for length in range(min(self._longest.get(words[at], 0), len(words) - at), 0, -1):
            senses = self._senses.get(tuple(words[at : at + length]))
            if senses is None:
                continue
            left = " " + " ".join(before[-_CONTEXT:])
            right = " ".join(folded[at + length : at + length + _CONTEXT]) + " "
            for sense in senses:
                if sense.holds(left, right, message):
                    return Match(at, at + length, sense.words)
        return None


def load_yaml(path: Path) -> dict[str, Any]:
    """Reads a YAML mapping with the fast parser when it is there."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (a safe loader)
    if not isinstance(data, dict):
        raise ValueError(f"{path.name}: expected a mapping")
    return data


def _keys(spelling: object, path: Path) -> list[tuple[str, ...]]:
    keys = [tuple(part.split()) for part in str(spelling).split(",")]
    for key in keys:
        if not 0 < len(key) <= _LONGEST_KEY:
            raise ValueError(f"{path.name}: {spelling!r}: one to {_LONGEST_KEY} words expected")
    return keys


def _sense(entry: Any, spelling: object, path: Path) -> Sense:
    if not isinstance(entry, dict) or "read" not in entry or set(entry) - _FIELDS:
        raise ValueError(f"{path.name}: {spelling!r}: expected 'read' and conditions")
    return Sense(
        words=tuple(str(entry["read"]).split()),
        previous=tuple(" " + fold(str(text)) for text in entry.get("previous", ())),
        following=tuple(fold(str(text)) + " " for text in entry.get("next", ())),
        message=tuple(f" {fold(str(text))} " for text in entry.get("message", ())),
        not_previous=tuple(" " + fold(str(text)) for text in entry.get("not_previous", ())),
        not_following=tuple(fold(str(text)) + " " for text in entry.get("not_next", ())),
    )
