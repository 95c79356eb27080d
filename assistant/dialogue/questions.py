"""Splits a message into the questions it holds, and tells a follow-up from a new question."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import yaml

from assistant.settings import PROJECT_ROOT
from vietnamese.fold import syllables

FILLERS = PROJECT_ROOT / "training_data" / "lexicons" / "fillers.yml"
MAX_PARTS = 4
_HARD = re.compile(r"[?;\n!]+|(?<!\d)\.(?!\d)")
_SOFT = re.compile(r",|\bvới lại\b|\bđồng thời\b|\bngoài ra\b|\bcòn\b|\bvà\b|\brồi\b")
_SIDES = re.compile(
    r"\bso (?:sánh )?với\b|\bso sánh\b|\bphân biệt\b|\bkhác (?:gì|nhau|biệt)?\b|\bgiữa\b"
    r"|\bhay\b|\bhoặc\b|\bvới\b|\bvà\b|\bthì sao\b|,"
)
_ANAPHORA = re.compile(
    r"\b(đó|này|ấy|nó|vậy|thế|kia|thủ tục trên|cái giấy|việc đó|vừa rồi|ở trên|nãy)\b"
    r"|^(còn|thế|vậy|rồi|thì)\b"
)


@lru_cache(maxsize=4)
def _fillers(path: Path = FILLERS) -> tuple[frozenset[str], tuple[str, ...]]:
    data = yaml.safe_load(path.read_text("utf-8"))
    return frozenset(data["words"]), tuple(sorted(data["phrases"], key=len, reverse=True))


def content(text: str, cues: Sequence[tuple[int, int]] = ()) -> list[str]:
    """Lists the syllables that carry a topic.

    Args:
        text: Restored text.
        cues: Spans that gave an aspect away; what they cover is not topic.

    Returns:
        Syllables without question words, pronouns, particles and the like.
    """
    characters = list(text)
    for start, end in cues:
        characters[start:end] = " " * (end - start)
    words, phrases = _fillers()
    plain = f" {' '.join(syllables(''.join(characters)))} "
    for phrase in phrases:
        plain = plain.replace(f" {phrase} ", " ")
    return [s for s in plain.split() if s not in words]


def refers_back(text: str) -> bool:
    """Tells whether a message points at what was said before."""
    return _ANAPHORA.search(text) is not None


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a message that may be a question of its own.

    Attributes:
        text: The piece.
        apart: Whether a sentence ends before it, rather than a mere "và" or comma.
    """

    text: str
    apart: bool


def parts(text: str) -> list[Part]:
    """Splits a message where a second question may begin.

    A piece that names no topic of its own ("mất bao lâu") stays with the one before it.

    Args:
        text: Restored text.

    Returns:
        At most :data:`MAX_PARTS` parts; a message with one topic gives one part.
    """
    merged: list[Part] = []
    for sentence in _HARD.split(text):
        for position, piece in enumerate(_SOFT.split(sentence)):
            piece = piece.strip()
            if not piece:
                continue
            if merged and not (content(piece) and content(merged[-1].text)):
                merged[-1] = replace(merged[-1], text=f"{merged[-1].text}, {piece}")
            else:
                merged.append(Part(piece, position == 0))
    return merged[:MAX_PARTS]


def sides(text: str) -> list[str]:
    """Splits a comparison into what is compared."""
    return [piece.strip() for piece in _SIDES.split(text) if piece and content(piece)]
