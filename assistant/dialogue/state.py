"""What is known of a message, and what is remembered of a conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.message import Choice
from knowledge_base.schema import Aspect

ASPECT_THRESHOLD = 0.5
"""Every aspect at least this likely is answered."""

LONE_ASPECT_THRESHOLD = 0.2
"""Where none is that likely, the likeliest is answered if it reaches this."""

ASKS_THRESHOLD = 0.5
"""Where something is asked with this probability, the likeliest aspect is answered in any case."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the NLU pipeline made of one message.

    Attributes:
        text: The restored text, lower-case.
        typed: The normalised text as typed, nothing restored.
        intent: Name of the likeliest intent; empty for an empty message.
        confidence: Its probability in [0, 1].
        intents: Every ranked intent with its probability.
        aspects: What is asked for, likeliest first.
        entities: Mentions in Rasa's form.
    """

    text: str
    typed: str
    intent: str = ""
    confidence: float = 0.0
    intents: Mapping[str, float] = field(default_factory=dict)
    aspects: tuple[Aspect, ...] = ()
    entities: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def from_parse(cls, parse: Mapping[str, Any]) -> Understanding:
        """Reads Rasa's parse data."""
        intent = parse.get("intent") or {}
        scored = [(Aspect(name), score) for name, score in parse.get("motcua_aspects") or []]
        aspects = [aspect for aspect, score in scored if score >= ASPECT_THRESHOLD]
        asks = float(parse.get("motcua_asks") or 0.0) >= ASKS_THRESHOLD
        if not aspects:
            aspects = [a for a, score in scored[:1] if asks or score >= LONE_ASPECT_THRESHOLD]
        return cls(
            text=parse.get("text") or "",
            typed=parse.get("motcua_typed") or parse.get("text") or "",
            intent=intent.get("name") or "",
            confidence=float(intent.get("confidence") or 0.0),
            intents={i["name"]: float(i["confidence"]) for i in parse.get("intent_ranking", [])},
            aspects=tuple(aspects),
            entities=tuple(parse.get("entities") or ()),
        )

    def cues(self) -> list[tuple[int, int]]:
        """The spans of ``text`` that gave an aspect away."""
        return [(e["start"], e["end"]) for e in self.entities if e.get("entity") == "aspect"]


@dataclass(frozen=True, slots=True)
class ConversationState:
    """What the conversation was about before this message.

    Attributes:
        procedure: National code of the procedure last answered about.
        aspects: What was last asked about it.
        province: Short name of the province that the citizen named; empty: none.
        pending: Choices that were offered and not yet taken.
    """

    procedure: str | None = None
    aspects: tuple[Aspect, ...] = ()
    province: str = ""
    pending: tuple[Choice, ...] = ()

    @classmethod
    def from_slots(cls, slots: Mapping[str, Any]) -> ConversationState:
        """Reads the slots of a tracker; what a stored value has wrong is dropped."""
        known = {aspect.value for aspect in Aspect}
        pending: Sequence[Mapping[str, str]] = slots.get("pending") or ()
        return cls(
            procedure=slots.get("procedure"),
            aspects=tuple(Aspect(a) for a in slots.get("aspects") or () if a in known),
            province=slots.get("province") or "",
            pending=tuple(Choice(p["id"], p["title"]) for p in pending),
        )
