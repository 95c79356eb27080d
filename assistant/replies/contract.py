"""The reply object that `batch`, `ask --json` and the HTTP API share."""

from __future__ import annotations

from typing_extensions import TypedDict

from connectors.message import Reply


class ChoiceObject(TypedDict):
    """Something to tap, or to answer by its number."""

    id: str
    title: str


class ReplyObject(TypedDict):
    """One reply, as programs read it."""

    kind: str
    text: str
    procedure: str | None
    candidates: list[str]
    aspects: list[str]
    confidence: float
    choices: list[ChoiceObject]
    latency_ms: float


def as_contract(reply: Reply) -> ReplyObject:
    """Turns a reply into the public object."""
    return {
        "kind": reply.kind.value,
        "text": reply.text,
        "procedure": reply.procedure,
        "candidates": list(reply.candidates),
        "aspects": list(reply.aspects),
        "confidence": reply.confidence,
        "choices": [{"id": choice.id, "title": choice.title} for choice in reply.choices],
        "latency_ms": round(reply.latency_ms, 3),
    }
