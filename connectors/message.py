"""What passes between a channel and the assistant: a message in, replies out.

These types name no channel and no engine. A connector turns a platform's event into an
:class:`Inbound`, an :class:`Answerer` turns it into replies, and the connector renders each
:class:`Reply` within its own limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class InboundKind(StrEnum):
    """What a citizen sent."""

    TEXT = "text"
    CHOICE = "choice"
    START = "start"
    IMAGE = "image"
    STICKER = "sticker"
    AUDIO = "audio"
    VIDEO = "video"
    FILE = "file"
    LOCATION = "location"
    CONTACT = "contact"
    LINK = "link"
    UNSUPPORTED = "unsupported"
    FORGET = "forget"


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message of a citizen.

    Attributes:
        channel: Name of the connector, for example ``telegram``.
        conversation: Who speaks, unique within the channel.
        text: The words as typed; empty for a sticker and the like.
        choice: The ``id`` of a :class:`Choice` that was tapped.
        message_id: The platform's own id, for telling a repeated delivery.
        latitude: Degrees north, for a shared location.
        longitude: Degrees east, for a shared location.
    """

    channel: str
    conversation: str
    text: str = ""
    choice: str | None = None
    kind: InboundKind = InboundKind.TEXT
    message_id: str = ""
    sent_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


class ReplyKind(StrEnum):
    """What sort of reply this is; the values are part of the public contract."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    LIST = "list"
    SMALLTALK = "smalltalk"
    HELP = "help"
    HANDOFF = "handoff"
    OUT_OF_SCOPE = "out_of_scope"
    REFUSED = "refused"
    FEEDBACK = "feedback"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Plain running text."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list; ``detail`` says more in a lighter voice."""

    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list: bullets, numbered steps, or papers that can be ticked off."""

    items: tuple[Item, ...]
    style: str = "bullets"  # bullets | steps | checklist
    title: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A label with its value, for example a fee; the value is the first thing to read."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link out of the catalogue; ``url`` is http(s)."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Source:
    """What the answer rests on: legal numbers, the official page, the date of the last check."""

    text: str
    links: tuple[Link, ...] = ()


Block = Paragraph | Heading | ItemList | Fact | Link | Source


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tap, or to answer by its number.

    ``id`` is opaque and comes back as :attr:`Inbound.choice`; ``title`` also works when typed.
    """

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One channel-neutral reply.

    Attributes:
        blocks: What to show, in order.
        choices: What can be tapped or answered by number, at most ten.
        procedure: National code of the record that the figures come from.
        candidates: Codes that were considered, best first, at most ten.
        aspects: What the reply is about, in the words of :class:`knowledge_base.schema.Aspect`.
        confidence: Calibrated probability in [0, 1] that ``procedure`` is the right one.
        feedback: Handle to send back with a vote; None where a vote makes no sense.
        invite: Whether to ask for the vote in words on a channel that has no button for it.
        latency_ms: Time from message to reply in milliseconds.
    """

    kind: ReplyKind
    blocks: tuple[Block, ...]
    choices: tuple[Choice, ...] = ()
    procedure: str | None = None
    candidates: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    confidence: float = 0.0
    feedback: str | None = None
    invite: bool = False
    latency_ms: float = 0.0
    timings: dict[str, float] = field(default_factory=dict, hash=False, compare=False)

    @property
    def text(self) -> str:
        """The reply as plain text, as the terminal and the HTTP API show it."""
        return plain_text(self.blocks)


class Answerer(Protocol):
    """Answers citizens: the one thing a connector needs of the assistant."""

    async def answer(self, message: Inbound) -> Sequence[Reply]:
        """Answers one message; never raises for anything a citizen can send."""
        ...

    async def forget(self, channel: str, conversation: str) -> None:
        """Deletes what is stored of one conversation."""
        ...


def plain_text(blocks: Sequence[Block]) -> str:
    """Renders blocks as plain text, one blank line between paragraphs."""
    return "\n\n".join(part for part in (_plain(block) for block in blocks) if part)


def _plain(block: Block) -> str:
    match block:
        case Paragraph(text=text) | Heading(text=text):
            return text
        case Fact(label=label, value=value, note=note):
            line = f"{label}: {value}" if label else value
            return f"{line}\n{note}" if note else line
        case Link(text=text, url=url):
            return f"{text}: {url}"
        case Source(text=text, links=links):
            lines = [text, *(f"{link.text}: {link.url}" for link in links)]
            return "\n".join(line for line in lines if line)
        case ItemList(items=items, style=style, title=title):
            lines = [title] if title else []
            for number, item in enumerate(items, start=1):
                mark = {"steps": f"{number}.", "checklist": "☐"}.get(style, "•")
                lines.append(f"{mark} {item.text}")
                if item.detail:
                    lines.append(f"   {item.detail}")
            return "\n".join(lines)
