"""Runs: what was asked and what came back, one JSON line a conversation."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from evaluation.dataset import Question


class ChoiceRow(BaseModel):
    """Something the assistant offered to tap."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    title: str


class ReplyRow(BaseModel):
    """One reply object of the public contract."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    kind: str
    text: str
    procedure: str | None = None
    candidates: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    confidence: float = 0.0
    choices: tuple[ChoiceRow, ...] = ()
    latency_ms: float = 0.0


class RunRow(BaseModel):
    """A question with the replies it got, one a turn."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: Question
    replies: tuple[ReplyRow, ...]

    @property
    def reply(self) -> ReplyRow:
        """The reply to the last turn, which is the one scored."""
        return self.replies[-1]


def write_run(rows: Iterable[RunRow], path: Path) -> None:
    """Writes a run; the folder is made when it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as sink:
        for row in rows:
            sink.write(row.model_dump_json() + "\n")


def read_run(path: Path) -> list[RunRow]:
    """Reads a run.

    Raises:
        pydantic.ValidationError: When a line is not a row of a run.
    """
    with path.open(encoding="utf-8") as source:
        return [RunRow.model_validate_json(line) for line in source if line.strip()]
