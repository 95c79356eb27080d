"""Makes training questions from names and everyday phrases.

A question that repeats a procedure's name teaches a model to trust words, so most of them are
made from what people say, or from names put into other words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml

from vietnamese import noise
from vietnamese.fold import fold

FOLDER = Path(__file__).resolve().parents[3] / "training_data" / "search"
"""Where the templates of this distribution stand."""

_ASKS = re.compile(
    r"\b(?:gì|sao|đâu|nào|không|ko|bao nhiêu|bao lâu|mấy|hỏi|ai|hướng dẫn|chỉ giúp|được k)\b|\?"
)
_MANNERS: tuple[tuple[float, Callable[[str, int], str]], ...] = (
    (0.40, lambda text, seed: text),
    (0.62, lambda text, seed: fold(text)),
    (0.70, noise.half_mark),
    (0.79, noise.one_typo),
    (0.82, lambda text, seed: fold(noise.one_typo(text, seed))),
    (0.86, noise.one_misspelling),
    (0.95, noise.teencode),
    (1.01, lambda text, seed: fold(noise.teencode(text, seed))),
)


@dataclass(frozen=True, slots=True)
class Wording:
    """Templates and replacements that questions are made with.

    Attributes:
        formal: Question templates of office style; ``{}`` is the procedure.
        casual: Question templates of everyday style.
        openings: What people begin with.
        closings: What people end with.
        paraphrases: Everyday words by official words, longest official words first.
        lacking: Procedures that this distribution does not hold.
    """

    formal: tuple[str, ...]
    casual: tuple[str, ...]
    openings: tuple[str, ...]
    closings: tuple[str, ...]
    paraphrases: Mapping[str, tuple[str, ...]]
    lacking: tuple[str, ...]

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Wording:
        """Reads the templates.

        Args:
            folder: Where ``questions.yml``, ``paraphrases.yml`` and ``out_of_scope.yml`` stand.

        Raises:
            OSError: One of them is missing.
        """
        questions = _read(folder / "questions.yml")
        others = _read(folder / "out_of_scope.yml")
        replaced = _read(folder / "paraphrases.yml")
        longest_first = sorted(replaced, key=lambda words: (-len(words), words))
        return cls(
            formal=tuple(questions["formal"]),
            casual=tuple(questions["casual"]),
            openings=tuple(questions["openings"]),
            closings=tuple(questions["closings"]),
            paraphrases={words: tuple(replaced[words]) for words in longest_first},
            lacking=tuple(map(str, others["lacking"])),
        )

    def ask(self, phrase: str, rng: Random, *, formal: bool) -> str:
        """Wraps a phrase into a question, unless it already is one."""
        if _ASKS.search(phrase) or len(phrase.split()) > 18:
            text = phrase
        else:
            text = rng.choice(self.formal if formal else self.casual).replace("{}", phrase)
        if not formal and rng.random() < 0.15:
            text = f"{rng.choice(self.openings)} {text}"
        if not formal and rng.random() < 0.15:
            text = f"{text} {rng.choice(self.closings)}"
        return text.lower()

    def paraphrase(self, name: str, rng: Random, rate: float = 0.6) -> str:
        """Puts an official name into everyday words, each replacement with chance ``rate``."""
        text = f" {name.lower()} "
        for official, everyday in self.paraphrases.items():
            if official in text and rng.random() < rate:
                text = re.sub(rf"\b{re.escape(official)}\b", rng.choice(everyday), text, count=1)
        return " ".join(text.split())


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def drop_words(text: str, rng: Random, rate: float) -> str:
    """Leaves each word out with chance ``rate``, but keeps at least two."""
    words = text.split()
    kept = [word for word in words if rng.random() >= rate]
    return " ".join(kept if len(kept) >= 2 else words)


def disturb(text: str, rng: Random) -> str:
    """Writes a question as people type: as it is, stripped, half marked, mistyped or shortened."""
    roll = rng.random()
    manner = next(manner for limit, manner in _MANNERS if roll < limit)
    return manner(text, rng.randrange(1 << 30))
