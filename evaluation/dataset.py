"""Labelled questions: their form, where they lie, and variants of how they are written."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge_base.schema import Aspect
from vietnamese.noise import one_typo, strip_marks

ROOT: Final = Path(__file__).resolve().parent
OWN: Final = ROOT / "questions"
"""Our own question sets, one file for each manner of writing."""

SMOKE: Final = OWN / "smoke.txt"
"""Ids of the small fixed set that the gate plays."""

SHARED_FILE: Final = Path("data") / "questions-dev.jsonl"


class Behavior(StrEnum):
    """What the assistant should do with a question."""

    ANSWER = "answer"
    ANSWER_ALL = "answer_all"
    CLARIFY = "clarify"
    LIST = "list"
    NOT_KNOWN = "not_known"
    REFUSE_OOS = "refuse_oos"
    REFUSE_ACTION = "refuse_action"
    REFUSE_INJECTION = "refuse_injection"
    SMALLTALK = "smalltalk"
    WARN = "warn"


class Variant(StrEnum):
    """How the words of a set are changed before they are asked."""

    AS_ASKED = "as asked"
    STRIPPED = "stripped"
    ONE_TYPO = "one typo"


class Question(BaseModel):
    """One labelled conversation; the last turn is scored.

    Attributes:
        id: Unique within the sets that are played together.
        manner: Manner of writing, for the tables.
        turns: What the citizen types, in order.
        gold: National codes that an expert accepts: any one, or all of them for ``answer_all``.
        aspects: What is asked about the procedure; empty: nothing to check.
        behavior: What the assistant should do.
        in_catalogue: Whether the catalogue holds a fitting record.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    manner: str
    turns: tuple[str, ...] = Field(min_length=1)
    gold: tuple[str, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    behavior: Behavior = Behavior.ANSWER
    in_catalogue: bool = True

    @property
    def expected(self) -> Behavior:
        """What to do, where the label "answer" of a question without record means "say so"."""
        if self.behavior is Behavior.ANSWER and not self.in_catalogue:
            return Behavior.NOT_KNOWN
        return self.behavior

    @property
    def findable(self) -> bool:
        """Whether finding alone can be measured on it: one turn and a record to find."""
        return len(self.turns) == 1 and bool(self.gold) and self.behavior is Behavior.ANSWER


class QuestionError(ValueError):
    """Raised for a line that is not a question; says file, line and reason."""


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions with the name that reports give them."""

    name: str
    questions: tuple[Question, ...]


def read_questions(paths: Iterable[Path]) -> list[Question]:
    """Reads question files.

    Args:
        paths: JSON-lines files, ours (``manner``) or the shared one (``kind``).

    Returns:
        The questions in the order of the files.

    Raises:
        QuestionError: When a line is not a question or an id comes twice.
    """
    found: dict[str, Question] = {}
    for path in paths:
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                question = _question(line)
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(str(part) for part in first["loc"])
                raise QuestionError(f"{path}:{number}: {where}: {first['msg']}") from error
            if question.id in found:
                raise QuestionError(f"{path}:{number}: id {question.id!r} comes twice")
            found[question.id] = question
    return list(found.values())


def own_questions() -> list[Question]:
    """Reads our own sets."""
    return read_questions(sorted(OWN.glob("*.jsonl")))


def smoke_questions() -> list[Question]:
    """Reads the small fixed set of the gate.

    Raises:
        QuestionError: When an id of the list is in no set.
    """
    by_id = {question.id: question for question in own_questions()}
    wanted = [line.strip() for line in SMOKE.read_text(encoding="utf-8").splitlines()]
    wanted = [line for line in wanted if line and not line.startswith("#")]
    missing = [identifier for identifier in wanted if identifier not in by_id]
    if missing:
        raise QuestionError(f"{SMOKE}: no such question: {', '.join(missing)}")
    return [by_id[identifier] for identifier in wanted]


def shared_folder() -> Path | None:
    """Finds the reference data: ``MOTCUA_SHARED``, or ``shared`` beside the checkout."""
    named = os.environ.get("MOTCUA_SHARED")
    folder = Path(named) if named else ROOT.parent.parent / "shared"
    return folder if (folder / "data").is_dir() else None


def shared_questions() -> list[Question] | None:
    """Reads the shared development set; None where the reference data is absent."""
    folder = shared_folder()
    if folder is None or not (folder / SHARED_FILE).is_file():
        return None
    return read_questions([folder / SHARED_FILE])


def change(question: Question, variant: Variant, seed: int = 1) -> Question:
    """Writes a question in another way.

    Args:
        question: The question.
        variant: How to write it.
        seed: Chooses the typing errors; the same seed and question give the same error.
    """
    if variant is Variant.AS_ASKED:
        return question
    if variant is Variant.STRIPPED:
        turns = tuple(strip_marks(turn) for turn in question.turns)
    else:
        turns = tuple(
            one_typo(turn, zlib.crc32(f"{seed}:{question.id}:{place}".encode()))
            for place, turn in enumerate(question.turns)
        )
    return question.model_copy(update={"turns": turns})


def change_all(questions: Sequence[Question], variant: Variant, seed: int = 1) -> list[Question]:
    """Writes every question in another way; see :func:`change`."""
    return [change(question, variant, seed) for question in questions]


def _question(line: str) -> Question:
    row: dict[str, Any] = _Raw.model_validate_json(line).model_dump(exclude_none=True)
    row["manner"] = row.pop("manner", None) or row.pop("kind", "")
    row.pop("kind", None)
    return Question.model_validate(row)


class _Raw(BaseModel):
    """A line of either kind of file, before it is checked."""

    model_config = ConfigDict(extra="forbid")

    id: str
    manner: str | None = None
    kind: str | None = None
    turns: list[str]
    gold: list[str]
    aspects: list[str]
    behavior: str
    in_catalogue: bool
