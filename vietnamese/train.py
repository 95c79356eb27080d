"""Trains the syllable model from the corpora, the catalogue's words and made-up questions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from vietnamese.corpus import Encoder, is_held_out, is_vietnamese, read_lines
from vietnamese.everyday import Speech
from vietnamese.lexicon import Lexicon, load_yaml
from vietnamese.ngrams import UNKNOWN, estimate_and_save

LEAST_SYLLABLE: Final = 5
LEAST_FOREIGN: Final = 300
QUESTIONS: Final = 200_000
SEED: Final = 20_260_901
_NAME_TIMES: Final = 20
_PHRASE_TIMES: Final = 20
_LINE_TIMES: Final = 400
_REGIONAL: Final = 0.15
_NAME_KEYS: Final = ("ten_thu_tuc", "linh_vuc", "name", "field", "tên_thủ_tục", "lĩnh_vực")

Progress = Callable[[str, int, int], None]
"""Called with the stage, how far it is, and how far it goes (0: unknown)."""


@dataclass(frozen=True)
class TrainingReport:
    """What training saw and wrote.

    Attributes:
        tokens: Syllables, numbers and boundaries seen.
        vocabulary: Words in the vocabulary.
        unknown: Share of the words outside it.
        file_bytes: Size of the file written.
    """

    tokens: int
    vocabulary: int
    unknown: float
    file_bytes: int


def train(
    corpora: Path,
    texts: Path,
    output: Path,
    data: Path | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> TrainingReport:
    """Trains the model.

    One line in fifty of every corpus is held out (see ``is_held_out``).

    Args:
        corpora: A folder of ``*.txt`` or ``*.txt.zst`` files, one passage a line.
        texts: The ``training_data`` folder: lexicons and everyday speech.
        output: The ``.npz`` file to write.
        data: A folder of procedure records (``*.jsonl``, ``*.jsonl.zst``), when there is one.
        progress: Told how far training is.

    Raises:
        FileNotFoundError: If there is no corpus.
    """
    lexicons = texts / "lexicons"
    encoder = Encoder()
    files = sorted(path for path in corpora.glob("*.txt*") if path.is_file())
    if not files:
        raise FileNotFoundError(f"no *.txt or *.txt.zst file in {corpora}")
    for path in files:
        lines = (line for line in read_lines(path) if is_vietnamese(line))
        kept = (line for line in lines if not is_held_out(line))
        encoder.add(_counted(kept, path.name, progress))
    if data is not None:
        for path in sorted(data.glob("*.jsonl*")):
            if not path.name.startswith("questions"):
                _add_records(encoder, path, progress)
    speech = Speech.load(lexicons / "speech.yml")
    dialect = list(Lexicon.load(lexicons / "dialect.yml").pairs())
    questions = speech.regional(speech.questions(QUESTIONS, SEED), dialect, _REGIONAL, SEED)
    encoder.add(_counted(questions, "everyday questions", progress))
    encoder.add(_phrases(lexicons), times=_PHRASE_TIMES)
    spoken = speech.regional(_spoken_lines(lexicons, speech), dialect, _REGIONAL, SEED)
    encoder.add(_counted(spoken, "everyday lines", progress))
    foreign = frozenset(load_yaml(lexicons / "foreign.yml")["words"].split())
    progress("counting", 0, 0)
    ids, words = encoder.finish(LEAST_SYLLABLE, LEAST_FOREIGN, foreign)
    output.parent.mkdir(parents=True, exist_ok=True)
    estimate_and_save(ids, words, output)
    unknown = float(np.count_nonzero(ids == UNKNOWN)) / len(ids)
    return TrainingReport(len(ids), len(words), unknown, output.stat().st_size)


def _counted(lines: Iterable[str], stage: str, progress: Progress) -> Iterator[str]:
    done = 0
    for done, line in enumerate(lines, start=1):
        if done % 5000 == 0:
            progress(stage, done, 0)
        yield line
    progress(stage, done, done)


def _add_records(encoder: Encoder, path: Path, progress: Progress) -> None:
    """Adds procedure records: all their sentences once, their names many times."""
    for number, line in enumerate(read_lines(path), start=1):
        record = json.loads(line)
        names: list[str] = []
        passages: list[str] = []
        for key, text in _strings(record):
            (names if key in _NAME_KEYS else passages).append(text)
        encoder.add(names, times=_NAME_TIMES)
        sentences = (part for text in passages for part in text.split("\n"))
        encoder.add(part for part in sentences if is_vietnamese(part) and not is_held_out(part))
        if number % 200 == 0:
            progress(path.name, number, 0)


def _strings(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _strings(item, str(name))
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item, key)


def _spoken_lines(lexicons: Path, speech: Speech) -> Iterator[str]:
    """Gives every line of talk many times, varied."""
    for number, line in enumerate(read_lines(lexicons / "speech_lines.txt")):
        if line and not line.startswith("#"):
            yield from speech.variants(line, _LINE_TIMES, SEED + number)


def _phrases(lexicons: Path) -> Iterator[str]:
    """Gives the phrases people collected: everyday names, situations, expansions."""
    for name in ("abbreviations.yml", "teencode.yml"):
        yield from Lexicon.load(lexicons / name).readings()
    for pattern in ("everyday_names*/*.yml", "everyday_names*.yml", "situations*.yml"):
        for path in sorted(lexicons.glob(pattern)):
            for _, text in _strings(load_yaml(path)):
                if not text.isascii():
                    yield text
