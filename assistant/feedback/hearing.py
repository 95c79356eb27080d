"""What feedback needs to know of a message that may belong to it, or may not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from connectors.message import Block


class Hearing(StrEnum):
    """What the assistant would make of a message by itself."""

    QUESTION = "question"
    """It would answer, ask back, list or compare."""
    DANGER = "danger"
    """Somebody needs help now."""
    ALARM = "alarm"
    """Fraud, or a denunciation that only the competent body may take."""
    CONTROL = "control"
    """Start over, delete my data."""
    SMALL_TALK = "small_talk"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a message is, and for danger or an alarm whom it points to."""

    hearing: Hearing
    blocks: tuple[Block, ...] = ()


class Ear(Protocol):
    """Listens to a message without answering it."""

    def listen(self, text: str) -> Heard:
        """Tells what a masked message is."""
        ...
