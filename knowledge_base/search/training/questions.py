"""Makes the questions that the ranker learns from, and measures their candidates.

What a question is made from must not stand in the index that it is measured against, or the
ranker would learn that the right procedure always holds the very words of the question. The
everyday phrases are therefore cut into folds, and each fold is asked against an index and an
encoder that never saw it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
import numpy.typing as npt

from knowledge_base.search.features import CONTEXT, SIGNALS, Measured
from knowledge_base.search.phrases import Phrase, short_name
from knowledge_base.search.training.generate import Wording, disturb, drop_words
from knowledge_base.search.types import Query

KEPT = 40
"""Candidates of a question that are kept for training."""

_LACKING_SHARE = 0.22
_NAMED_SHARE = 0.5
_POPULAR_TIMES = 3

Read = Callable[[str], Query]
"""Turns a text as typed into a query."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what is right.

    Attributes:
        text: The question as typed.
        owner: Position of the procedure it was made from; -1: no procedure.
        removed: Procedures that the catalogue is to lack, the right ones among them.
        kind: ``said``, ``named`` or ``outside``.
    """

    text: str
    owner: int
    removed: tuple[int, ...]
    kind: str


@dataclass(slots=True)
class Table:
    """Measured questions, padded.

    Attributes:
        candidates: Shape ``(questions, KEPT, signals)``.
        filled: Which of them are there, shape ``(questions, KEPT)``.
        right: Which of them are right, shape ``(questions, KEPT)``.
        context: Shape ``(questions, context)``.
        known: Whether the catalogue holds the right procedure, shape ``(questions,)``.
        owner: Procedure that the question was made from or -1, shape ``(questions,)``.
        kind: How the question was made.
    """

    candidates: npt.NDArray[np.float16]
    filled: npt.NDArray[np.bool_]
    right: npt.NDArray[np.bool_]
    context: npt.NDArray[np.float32]
    known: npt.NDArray[np.bool_]
    owner: npt.NDArray[np.int64]
    kind: list[str]

    @classmethod
    def join(cls, tables: Sequence[Table]) -> Table:
        """Puts tables one after another."""
        return cls(
            candidates=np.concatenate([table.candidates for table in tables]),
            filled=np.concatenate([table.filled for table in tables]),
            right=np.concatenate([table.right for table in tables]),
            context=np.concatenate([table.context for table in tables]),
            known=np.concatenate([table.known for table in tables]),
            owner=np.concatenate([table.owner for table in tables]),
            kind=[kind for table in tables for kind in table.kind],
        )


def split_folds(phrases: Sequence[Phrase], count: int, folds: int, seed: int) -> list[int]:
    """Assigns what people say to folds, evenly within each procedure.

    Args:
        phrases: Phrases of a catalogue, the official names first.
        count: Number of official names.
        folds: Number of folds.
        seed: Seed of the choice.

    Returns:
        The fold of each phrase; -1 for official names, which every index holds.
    """
    rng = Random(seed)
    assigned = [-1] * len(phrases)
    members: dict[int, list[int]] = {}
    for place in range(count, len(phrases)):
        members.setdefault(phrases[place].owner, []).append(place)
    for places in members.values():
        shift = rng.randrange(folds)
        rng.shuffle(places)
        for turn, place in enumerate(places):
            assigned[place] = (turn + shift) % folds
    return assigned


def make_questions(
    names: Sequence[Phrase],
    held: Sequence[Phrase],
    popular: npt.NDArray[np.float32],
    similar: Sequence[Sequence[int]],
    twins: npt.NDArray[np.int64],
    wording: Wording,
    outside: Sequence[str],
    rng: Random,
) -> list[Asked]:
    """Makes questions for one fold.

    Args:
        names: Official names of the catalogue.
        held: What people say, held out of the index of this fold.
        popular: Whether many people need a procedure, shape ``(procedures,)``.
        similar: Procedures with similar names by procedure, most similar first.
        twins: Number shared by procedures that differ in level only, shape ``(procedures,)``.
        wording: Templates.
        outside: What no procedure answers, held out of this fold.
        rng: Source of chance.

    Returns:
        Questions in no order.
    """
    texts: list[tuple[str, int, str]] = []
    for phrase in held:
        for _ in range(_POPULAR_TIMES if popular[phrase.owner] else 1):
            text = drop_words(phrase.text, rng, 0.12) if rng.random() < 0.4 else phrase.text
            texts.append((wording.ask(text, rng, formal=rng.random() < 0.15), phrase.owner, "said"))
    for phrase in names:
        if rng.random() < _NAMED_SHARE or popular[phrase.owner]:
            short = short_name(phrase.text).lower()
            text = wording.paraphrase(short, rng, 0.5) if rng.random() < 0.6 else short
            text = drop_words(text, rng, rng.choice((0.0, 0.2, 0.35)))
            question = wording.ask(text, rng, formal=rng.random() < 0.6)
            texts.append((question, phrase.owner, "named"))
    members: dict[int, list[int]] = {}
    for owner, twin in enumerate(twins.tolist()):
        members.setdefault(twin, []).append(owner)
    asked: list[Asked] = []
    for text, owner, kind in texts:
        removed: tuple[int, ...] = ()
        if rng.random() < _LACKING_SHARE:
            gone = {*members[int(twins[owner])], *similar[owner][: rng.choice((0, 2, 5, 10))]}
            removed = tuple(sorted(gone))
        asked.append(Asked(disturb(text, rng), owner, removed, kind))
    for text in [*outside, *outside, *wording.lacking]:
        formal = text in wording.lacking and rng.random() < 0.5
        wrapped = wording.ask(text, rng, formal=formal) if rng.random() < 0.5 else text
        asked.append(Asked(disturb(wrapped, rng), -1, (), "outside"))
    return asked


def tabulate(
    asked: Sequence[Asked],
    measure: Callable[[Query, npt.NDArray[np.int64] | None], Measured | None],
    read: Read,
    accepted: Sequence[frozenset[int]],
    progress: Callable[[], None],
) -> Table:
    """Measures the candidates of questions.

    Args:
        asked: Questions.
        measure: :meth:`knowledge_base.search.searcher.Searcher.measure`.
        read: Turns a text as typed into a query.
        accepted: Right procedures by procedure, itself and its twins.
        progress: Called after each question.
    """
    total = len(asked)
    table = Table(
        candidates=np.zeros((total, KEPT, len(SIGNALS)), dtype=np.float16),
        filled=np.zeros((total, KEPT), dtype=np.bool_),
        right=np.zeros((total, KEPT), dtype=np.bool_),
        context=np.zeros((total, len(CONTEXT)), dtype=np.float32),
        known=np.asarray([one.owner >= 0 and not one.removed for one in asked]),
        owner=np.asarray([one.owner for one in asked], dtype=np.int64),
        kind=[one.kind for one in asked],
    )
    shares = [place for place, name in enumerate(SIGNALS) if name.endswith("_share")]
    for row, one in enumerate(asked):
        removed = np.asarray(one.removed, dtype=np.int64) if one.removed else None
        measured = measure(read(one.text), removed)
        progress()
        if measured is None:
            continue
        table.context[row] = measured.context
        rough = measured.candidates[:, shares].sum(axis=1)
        kept = np.argsort(-rough, kind="stable")[:KEPT]
        table.candidates[row, : len(kept)] = measured.candidates[kept]
        table.filled[row, : len(kept)] = True
        if table.known[row]:
            right = accepted[one.owner]
            table.right[row, : len(kept)] = [int(o) in right for o in measured.rows[kept]]
    return table
