"""The log of turns: each question with what was understood and answered."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, Select, insert, select

from assistant.dialogue.database import turns


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its reply, masked.

    Attributes:
        conversation: ``channel:id`` as the conversation store knows it.
        question: As typed, with personal numbers masked.
        read_as: The restored text that was searched for.
        candidates: ``[code, probability]`` pairs, best first.
        handle: What a vote refers to.
        timings: Milliseconds by stage.
        outcome: Why the turn should be looked at; empty: it need not.
    """

    conversation: str
    channel: str
    question: str
    read_as: str
    intent: str
    kind: str
    procedure: str | None
    aspects: Sequence[str]
    candidates: Sequence[Sequence[Any]]
    confidence: float
    reply: str
    latency_ms: float
    catalogue_version: str
    timings: Mapping[str, float] = field(default_factory=dict)
    handle: str = ""
    outcome: str = ""
    asked_at: datetime | None = None


_COLUMNS = tuple(field.name for field in fields(Turn))
_INSERT = insert(turns)


def new_handle() -> str:
    """Makes an unguessable handle for a turn."""
    return secrets.token_urlsafe(12)


class TurnLog:
    """Writes turns and finds them again."""

    def __init__(self, engine: Engine) -> None:
        """Takes a migrated database."""
        self._engine = engine

    def record(self, turn: Turn) -> None:
        """Writes one turn."""
        row = {name: getattr(turn, name) for name in _COLUMNS}
        row["asked_at"] = turn.asked_at or datetime.now(UTC)
        row["handle"] = turn.handle or new_handle()
        row["aspects"] = list(turn.aspects)
        row["candidates"] = [list(pair) for pair in turn.candidates]
        with self._engine.begin() as connection:
            connection.execute(_INSERT, row)

    def of_conversation(self, conversation: str) -> list[Mapping[str, Any]]:
        """Lists the turns of one conversation, oldest first."""
        with self._engine.connect() as connection:
            query = select(turns).where(turns.c.conversation == conversation).order_by(turns.c.id)
            return [dict(row) for row in connection.execute(query).mappings()]

    def by_handle(self, handle: str) -> Mapping[str, Any] | None:
        """Finds the turn that a vote refers to."""
        return self._one(select(turns).where(turns.c.handle == handle))

    def latest(self, conversation: str) -> Mapping[str, Any] | None:
        """Finds the last turn of a conversation."""
        query = select(turns).where(turns.c.conversation == conversation)
        return self._one(query.order_by(turns.c.id.desc()).limit(1))

    def answered_since(self, conversation: str, moment: datetime) -> bool:
        """Tells whether a conversation got an answer about a procedure since a moment."""
        query = select(turns.c.id).where(
            turns.c.conversation == conversation,
            turns.c.kind == "answer",
            turns.c.asked_at >= moment,
        )
        return self._one(query) is not None

    def _one(self, query: Select[Any]) -> Mapping[str, Any] | None:
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        return None if row is None else dict(row)
