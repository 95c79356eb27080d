"""Plays the fixed set and regression questions, and says of each question whether it is right."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from assistant.dialogue.choices import ProcedureChoice
from connectors.message import Inbound, InboundKind
from evaluation.dataset import Question, QuestionError
from evaluation.gate import FORBIDDEN, WATCHED
from evaluation.generate import CHANNEL, Tell, generate, silent
from evaluation.retrieval import OurFinder, evaluate_ranks, rank
from evaluation.runs import RunRow
from evaluation.scoring import judge, score
from vietnamese.reader import Reader

if TYPE_CHECKING:
    from assistant.engine import Engine


class Regression(Question):
    """A question that once went wrong.

    Attributes:
        contains: What the reply has to say, word for word.
        lacks: Lines that the reply may not hold.
    """

    contains: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


def read_regressions(path: Path) -> list[Regression]:
    """Reads regression questions, one JSON line each; a missing file holds none.

    Raises:
        QuestionError: When a line is not a question or an id comes twice.
    """
    if not path.is_file():
        return []
    found: dict[str, Regression] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            question = Regression.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise QuestionError(f"{path}:{number}: {where}: {first['msg']}") from error
        if question.id in found:
            raise QuestionError(f"{path}:{number}: id {question.id!r} comes twice")
        found[question.id] = question
    return list(found.values())


def measure(
    engine: Engine, questions: Sequence[Question], tell: Tell = silent
) -> tuple[list[RunRow], dict[str, float]]:
    """Plays questions, and measures replies and finding on them.

    Returns:
        The run, and figures by name.
    """
    rows = generate(engine, questions, tell)
    finder = OurFinder(engine.knowledge.searcher, Reader.load())
    figures = {
        **score(rows, engine.knowledge.catalogue),
        **evaluate_ranks(rank(finder, questions, tell)),
    }
    return rows, figures


def passes(row: RunRow, wanted: Regression, whole: str = "") -> bool:
    """Tells whether a regression question is answered right and says what it has to.

    Args:
        row: What was said.
        wanted: What should be.
        whole: The answer in full, where the reply may have been shortened.
    """
    text = f"{row.reply.text}\n{whole}"
    lines = {line.strip() for line in text.splitlines()}
    return (
        judge(row).correct
        and all(part in text for part in wanted.contains)
        and lines.isdisjoint(wanted.lacks)
    )


async def in_full(engine: Engine, wanted: Regression, code: str | None) -> str:
    """Asks for the whole answer behind a reply; empty where no words are looked for."""
    if code is None or not (wanted.contains or wanted.lacks):
        return ""
    choice = ProcedureChoice(code, wanted.aspects, whole=True).id
    (reply, *_) = await engine.answer(
        Inbound(CHANNEL, f"{wanted.id}-whole", choice=choice, kind=InboundKind.CHOICE)
    )
    return reply.text


def report(
    engine: Engine,
    questions: Sequence[Question],
    regressions: Sequence[Regression] = (),
    tell: Tell = silent,
) -> dict[str, Any]:
    """Plays the fixed set and regression questions.

    Args:
        engine: The assistant.
        questions: The fixed set.
        regressions: Questions that once went wrong.
        tell: Told how far it is.

    Returns:
        ``figures`` of the fixed set, ``questions`` and ``regressions`` with one verdict for each
        id, ``seconds`` that playing took and ``peak_mb``, the most memory that this process had.
    """
    started = perf_counter()
    rows, figures = measure(engine, questions, tell)
    own = {"contains", "lacks"}
    plain = [Question.model_validate(r.model_dump(exclude=own)) for r in regressions]
    played = generate(engine, plain, tell, "regression questions")
    return {
        "figures": figures,
        "questions": {row.question.id: _verdict(row, judge(row).correct) for row in rows},
        "regressions": {
            row.question.id: _verdict(
                row,
                passes(row, wanted, asyncio.run(in_full(engine, wanted, row.reply.procedure))),
            )
            for row, wanted in zip(played, regressions, strict=True)
        },
        "watched": list(WATCHED),
        "forbidden": [FORBIDDEN],
        "seconds": perf_counter() - started,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _verdict(row: RunRow, correct: bool) -> dict[str, Any]:
    reply = row.reply
    return {
        "correct": correct,
        "asked": row.question.turns[-1],
        "kind": reply.kind,
        "procedure": reply.procedure,
        "candidates": list(reply.candidates[:3]),
        "aspects": list(reply.aspects),
    }
