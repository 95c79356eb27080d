"""What people also say to an assistant, though no procedure answers it.

A question is compared with these phrases as with those of the catalogue: what is nearer to small
talk than to any procedure is probably small talk.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

FILE = Path(__file__).resolve().parents[2] / "training_data" / "search" / "out_of_scope.yml"
"""Where the phrases of this distribution stand."""

_BLANK = re.compile(r"\{(\w+)\}")
_FILLED = 5


@dataclass(frozen=True, slots=True)
class Outside:
    """One phrase.

    Attributes:
        topic: What it is about.
        pattern: The phrase with its blanks, shared by those that differ in the blanks only.
        text: The phrase.
    """

    topic: str
    pattern: str
    text: str


@lru_cache(maxsize=2)
def load_outside(path: Path = FILE) -> tuple[Outside, ...]:
    """Reads the phrases and fills their blanks, the same way every time.

    Args:
        path: A YAML file with the lists ``chat`` and ``general_law``, the mapping ``topics`` from
            topic to patterns, and the mapping ``blanks`` from blank to words.

    Returns:
        Phrases in the order of the file; none if there is no such file.
    """
    if not path.is_file():
        return ()
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    phrases = [
        Outside(topic, str(text), str(text))
        for topic in ("chat", "general_law")
        for text in content.get(topic, ())
    ]
    blanks: dict[str, list[str]] = content.get("blanks", {})
    for topic, patterns in content.get("topics", {}).items():
        for pattern in patterns:
            rng = Random(pattern)
            filled = (_fill(pattern, blanks, rng) for _ in range(_FILLED))
            phrases.extend(Outside(topic, pattern, text) for text in dict.fromkeys(filled))
    return tuple(phrases)


def _fill(pattern: str, blanks: dict[str, list[str]], rng: Random) -> str:
    return _BLANK.sub(lambda match: str(rng.choice(blanks[match[1]])), pattern)
