"""What an item's page shows of the conversation and of what was understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine as Database

from assistant.dialogue.choices import FieldChoice, ProcedureChoice, ProvinceChoice
from assistant.dialogue.turns import TurnLog
from assistant.feedback.items import Item
from assistant.moments import aware
from assistant.replies.wording import ASPECT_TITLES
from knowledge_base.store import Catalogue

BEFORE: Final = 4
AFTER: Final = 3


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A question and its reply; ``own`` marks the one that the item is about."""

    asked_at: datetime
    question: str
    reply: str
    own: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A procedure that was considered."""

    code: str
    title: str
    probability: float


@dataclass(frozen=True, slots=True)
class Understood:
    """What the assistant made of the question."""

    read_as: str
    intent: str
    kind: str
    aspects: Sequence[str]
    confidence: float | None
    candidates: Sequence[Candidate]
    reply: str
    catalogue_version: str


def around(database: Database, item: Item) -> list[ShownTurn]:
    """Lists the turns around the one that an item is about; none once they have expired.

    Where the item names no turn, these are the last ones before it was made.
    """
    if not item.conversation:
        return []
    turns = TurnLog(database).of_conversation(item.conversation)
    own = next((n for n, turn in enumerate(turns) if turn["handle"] == item.handle), None)
    if own is None:
        before = [turn for turn in turns if aware(turn["asked_at"]) <= item.created_at]
        return [_shown(turn, own=False) for turn in before[-BEFORE:]]
    near = turns[max(0, own - BEFORE) : own + AFTER + 1]
    return [_shown(turn, own=turn is turns[own]) for turn in near]


def understood(item: Item, catalogue: Catalogue) -> Understood | None:
    """Reads an item's snapshot; None where nothing was asked."""
    kept = item.snapshot
    if not kept.get("question"):
        return None
    candidates = []
    for pair in kept.get("candidates") or ():
        code, probability = str(pair[0]), float(pair[1])
        record = catalogue.get(code)
        title = record.title if record else "không còn trong danh mục"
        candidates.append(Candidate(code, title, probability))
    confidence = kept.get("confidence")
    return Understood(
        read_as=str(kept.get("read_as") or ""),
        intent=str(kept.get("intent") or ""),
        kind=str(kept.get("kind") or ""),
        aspects=[str(aspect) for aspect in kept.get("aspects") or ()],
        confidence=float(confidence) if confidence is not None else None,
        candidates=candidates,
        reply=str(kept.get("reply") or ""),
        catalogue_version=str(kept.get("catalogue_version") or ""),
    )


def readable(text: str, catalogue: Catalogue) -> str:
    """Puts what a citizen sent into words: a tapped choice is stored as its id."""
    procedure = ProcedureChoice.parse(text)
    if procedure is not None:
        topics = [ASPECT_TITLES[aspect] for aspect in procedure.aspects]
        return _tapped(_title(catalogue, procedure.code), ", ".join(topics))
    province = ProvinceChoice.parse(text)
    if province is not None:
        return _tapped(_title(catalogue, province.code), province.province)
    field = FieldChoice.parse(text)
    return _tapped(field.field) if field is not None else text


def _tapped(*parts: str) -> str:
    return f"[Bấm chọn] {': '.join(part for part in parts if part)}"


def _title(catalogue: Catalogue, code: str) -> str:
    record = catalogue.get(code)
    return record.title if record is not None else code


def _shown(turn: Mapping[str, Any], *, own: bool) -> ShownTurn:
    return ShownTurn(aware(turn["asked_at"]), turn["question"], turn["reply"], own)
