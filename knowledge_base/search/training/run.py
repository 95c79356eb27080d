"""Trains everything that the search learns, from a catalogue and the repository's texts."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from zlib import crc32

import numpy as np
import numpy.typing as npt

from knowledge_base.schema import Procedure
from knowledge_base.search.encoder import Encoder, StaticEncoder, load_encoder
from knowledge_base.search.everyday import load_everyday
from knowledge_base.search.index import Index
from knowledge_base.search.outside import load_outside
from knowledge_base.search.phrases import Phrase, phrases_of
from knowledge_base.search.ranker import FILE, Head, Monotone, Ranker, Scaler
from knowledge_base.search.searcher import Searcher
from knowledge_base.search.training.encoder import train_encoder
from knowledge_base.search.training.generate import Wording
from knowledge_base.search.training.pairs import make_pairs, siblings
from knowledge_base.search.training.questions import Table, make_questions, split_folds, tabulate
from knowledge_base.search.training.ranker import Quality, Tell, fit_ranker
from knowledge_base.search.types import Query
from vietnamese.reader import Reader

FOLDS = 3
PAIRS_EACH = 14


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a training made.

    Attributes:
        quality: How well the ranker does on questions made from phrases held out.
        pairs: Rows that the encoder was trained on.
        questions: Questions that the ranker was trained on.
        seconds: Time it took.
    """

    quality: Quality
    pairs: int
    questions: int
    seconds: float


def train(
    procedures: Sequence[Procedure],
    folder: Path,
    tell: Tell,
    *,
    encoder: str = "",
    seed: int = 20261120,
) -> Outcome:
    """Trains the encoder and the ranker.

    Args:
        procedures: The catalogue.
        folder: Where to write ``encoder/`` and ``ranker.json``.
        tell: Called with the progress.
        encoder: Hub name or folder of a sentence-transformers model to use as it is; only the
            ranker is trained then.
        seed: Seed of everything.
    """
    begun = time.monotonic()
    wording = Wording.load()
    phrases = phrases_of(procedures, load_everyday())
    count = len(procedures)
    fold_of = split_folds(phrases, count, FOLDS, seed)
    given = load_encoder(encoder) if encoder else None
    rows = 0
    if given is None:
        pairs = make_pairs(phrases, wording, load_outside(), seed, PAIRS_EACH)
        rows = len(pairs)
        texts = [phrase.text.lower() for phrase in phrases]
        train_encoder(pairs, texts, folder / "encoder", seed, progress=_part(tell, "encoder"))
    tables = [
        _fold(procedures, phrases, fold_of, fold, wording, given, seed + fold, tell)
        for fold in range(FOLDS)
    ]
    table = Table.join(tables)
    ranker, quality = fit_ranker(table, seed, tell)
    ranker.save(folder / FILE)
    return Outcome(quality, rows, len(table.kind), time.monotonic() - begun)


def _fold(
    procedures: Sequence[Procedure],
    phrases: Sequence[Phrase],
    fold_of: Sequence[int],
    fold: int,
    wording: Wording,
    given: Encoder | None,
    seed: int,
    tell: Tell,
) -> Table:
    """Asks what one fold holds out of an index and an encoder that never saw it."""
    label = f"fold {fold + 1} of {FOLDS}"
    count = len(procedures)
    seen = [p for p, held in zip(phrases, fold_of, strict=True) if held != fold]
    held_out = [p for p, held in zip(phrases, fold_of, strict=True) if held == fold]
    talk = [o for o in load_outside() if crc32(o.pattern.encode()) % FOLDS != fold]
    held_talk = [o.text for o in load_outside() if crc32(o.pattern.encode()) % FOLDS == fold]
    encoder = given
    if encoder is None:
        pairs = make_pairs(seen, wording, talk, seed, PAIRS_EACH)
        texts = [phrase.text.lower() for phrase in seen]
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "encoder"
            train_encoder(pairs, texts, path, seed, progress=_part(tell, f"{label}: encoder"))
            encoder = StaticEncoder.load(path)
    index = Index.build(procedures, {}, encoder, seen, [phrase.text for phrase in talk])
    asked = make_questions(
        phrases[:count],
        held_out,
        index.popular,
        siblings(phrases[:count]),
        index.twins,
        wording,
        held_talk,
        Random(seed),
    )
    searcher = Searcher(index, encoder, _NO_RANKER)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if done % 200 == 0 or done == len(asked):
            tell(f"{label}: questions", done, len(asked))

    return tabulate(asked, searcher.measure, _reader(), _accepted(index.twins), step)


def _accepted(twins: npt.NDArray[np.int64]) -> list[frozenset[int]]:
    members: dict[int, set[int]] = {}
    for owner, twin in enumerate(twins.tolist()):
        members.setdefault(twin, set()).add(owner)
    return [frozenset(members[twin]) for twin in twins.tolist()]


def _reader() -> Callable[[str], Query]:
    reader = Reader.load()

    def read(text: str) -> Query:
        reading = reader.read(text)
        return Query(reading.restored, reading.normalised)

    return read


def _part(tell: Tell, label: str) -> Callable[[int, int], None]:
    return lambda done, total: tell(label, done, total) if done % 10 == 0 or done == total else None


_EMPTY = np.zeros(0, dtype=np.float32)
_NO_RANKER = Ranker(
    Scaler(_EMPTY, _EMPTY),
    Scaler(_EMPTY, _EMPTY),
    Head(_EMPTY, _EMPTY, _EMPTY, _EMPTY, 0.0),
    Head(_EMPTY, _EMPTY, _EMPTY, _EMPTY, 0.0),
    Monotone(1.0, 0.0),
    Monotone(1.0, 0.0),
)
