"""What every channel is: it reads what comes in, sends what goes out, says what it can do.

Nothing here knows a platform. The delivery (``connectors/delivery``) drives channels through
:class:`Channel` alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol

from connectors.message import Choice, Inbound, InboundKind


class Unit(StrEnum):
    """What a platform counts when it limits a text."""

    UTF16 = "utf16"
    HTML = "html"
    """UTF-16 units of the markup, which bounds those of the words."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do.

    Attributes:
        text_limit: Longest text of one message, in ``unit``.
        buttons: Most buttons of one message; 0: there are none.
        button_title: Longest title that a button shows in full, in characters.
        button_payload: Longest data of a button, in UTF-8 bytes.
        html: Whether text may carry the HTML subset of :meth:`connectors.styled.Styled.html`.
        titles_as_text: Whether a tap comes back as the button's words.
        vote_row: Whether a vote has a row of its own below the buttons.
        typing: Whether "is typing" can be shown.
        images: Whether pictures can be sent.
        files: Whether files can be sent.
    """

    text_limit: int
    unit: Unit = Unit.UTF16
    buttons: int = 0
    button_title: int = 0
    button_payload: int = 0
    html: bool = False
    titles_as_text: bool = False
    vote_row: bool = False
    typing: bool = False
    images: bool = False
    files: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """A button: its title, and the data that a tap brings back."""

    title: str
    data: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message as a channel sends it.

    Attributes:
        text: The words without markup.
        html: The same with markup, where the channel takes it.
        buttons: Buttons below the text.
        numbered: The choices of the buttons as lines "1. …", to be added to the text when the
            platform refuses the buttons.
        votes: Small buttons that judge the answer, side by side below the others.
    """

    text: str
    html: str = ""
    buttons: tuple[Button, ...] = ()
    numbered: str = ""
    votes: tuple[Button, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The message as plain data, for the queue."""
        return {
            "text": self.text,
            "html": self.html,
            "buttons": [[b.title, b.data] for b in self.buttons],
            "numbered": self.numbered,
            "votes": [[b.title, b.data] for b in self.votes],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Outgoing:
        """Reads back what :meth:`as_json` wrote."""
        return cls(
            data["text"],
            data["html"],
            tuple(Button(title, payload) for title, payload in data["buttons"]),
            data["numbered"],
            tuple(Button(title, payload) for title, payload in data.get("votes", ())),
        )


class EventKind(StrEnum):
    """What an event asks of the delivery."""

    MESSAGE = "message"
    TAKEOVER = "takeover"
    """A member of staff wrote to the citizen: the assistant keeps quiet for a while."""
    FORGET = "forget"
    """The citizen left: everything stored of them goes."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened on a platform.

    Attributes:
        key: Names the event within its channel; a second delivery has the same.
        conversation: Whose it is.
        order: The platform's own measure of time; only compared within one conversation.
        inbound: The message, for :attr:`EventKind.MESSAGE`.
    """

    kind: EventKind
    key: str
    conversation: str
    order: int | None = None
    inbound: Inbound | None = None


class Trouble(StrEnum):
    """Why a message was not sent, by what to do about it."""

    UNSENT = "unsent"
    """It never left this machine: try again until it expires."""
    RETRY = "retry"
    """The platform could not take it now: try again some times."""
    UNCERTAIN = "uncertain"
    """It may have arrived, nobody knows: look, or try once more."""
    RATE = "rate"
    """Too much was sent: the whole account waits."""
    ACCOUNT = "account"
    """Somebody has to put something right: the whole account waits, and a human is told."""
    MESSAGE = "message"
    """This message will never be taken."""
    RECIPIENT = "recipient"
    """This citizen cannot be written to."""
    REPLACE = "replace"
    """Other messages go in its place."""


class SendError(Exception):
    """A message was not sent.

    Attributes:
        trouble: What to do about it.
        code: The platform's number for it.
        retry_after: Seconds to wait, where the platform says.
        retries: Most tries after the first; None: as the delivery usually does.
        parts: What goes in the message's place.
    """

    def __init__(
        self,
        trouble: Trouble,
        detail: str,
        code: int | None = None,
        retry_after: float | None = None,
        retries: int | None = None,
        parts: Sequence[Outgoing] = (),
    ) -> None:
        """Takes what is known of the failure; ``detail`` holds neither secrets nor messages."""
        super().__init__(detail if code is None else f"{code}: {detail}")
        self.trouble = trouble
        self.code = code
        self.retry_after = retry_after
        self.retries = retries
        self.parts = tuple(parts)


class ForgedError(Exception):
    """An inbound request does not come from the platform, or cannot be shown to."""


class Channel(Protocol):
    """A platform that citizens write on."""

    @property
    def name(self) -> str:
        """The channel's name in addresses and in :attr:`Inbound.channel`."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can do now."""
        ...

    @property
    def settle_seconds(self) -> float:
        """How long a message waits for earlier ones that were delivered late."""
        ...

    @property
    def expiry_hours(self) -> float:
        """How long after a question an answer may still be sent."""
        ...

    @property
    def refusal_status(self) -> int:
        """What a delivery that cannot be verified is answered with."""
        ...

    def parse(self, headers: Mapping[str, str], body: bytes) -> list[Event]:
        """Verifies a webhook delivery and reads it.

        Args:
            headers: The request's headers with names in lower case.
            body: The bytes as they were received.

        Returns:
            What happened; empty where there is nothing to do.

        Raises:
            ForgedError: When the sender cannot be verified.
        """
        ...

    async def send(self, conversation: str, message: Outgoing) -> str:
        """Sends one message.

        Returns:
            The platform's id of the message; empty where it gives none.

        Raises:
            SendError: When it was not sent, or nobody knows.
        """
        ...

    async def ready(self) -> None:
        """Waits until the account may send again, as far as its rate is known.

        Raises:
            SendError: When the account cannot send at all.
        """
        ...

    async def confirm(self, conversation: str, message: Outgoing, after: str) -> bool | None:
        """Looks whether a message arrived.

        Args:
            conversation: Whose conversation.
            message: What was sent, perhaps.
            after: The platform's id of the citizen's message that it answers.

        Returns:
            None where the platform gives no way to tell.
        """
        ...

    async def typing(self, conversation: str) -> None:
        """Shows that an answer is on its way; errors are nobody's concern."""
        ...

    def choice_data(self, choice: Choice, token: str) -> str:
        """The data of a button: made of the choice, or of the short token that stands for it."""
        ...

    async def start(self, accept: Accept) -> None:
        """Starts what runs in the background, for example polling."""
        ...

    async def stop(self) -> None:
        """Stops it and closes connections."""
        ...


class Accept(Protocol):
    """Takes events into the persistent inbox; returns once they are safe."""

    async def __call__(self, channel: str, events: Sequence[Event]) -> int:
        """Returns how many of the events were new."""
        ...


class Alerts(Protocol):
    """Tells the people who run the assistant that something needs them."""

    def raise_alert(self, key: str, text: str) -> None:
        """Raises an alert; the same key again only counts."""
        ...

    def clear_alerts(self, prefix: str) -> None:
        """Takes back every alert whose key begins so."""
        ...


def inbound_as_json(message: Inbound) -> dict[str, Any]:
    """An inbound message as plain data, for the queue; without channel and conversation."""
    return {
        "text": message.text,
        "choice": message.choice,
        "kind": message.kind.value,
        "message_id": message.message_id,
        "sent_at": message.sent_at.timestamp() if message.sent_at else None,
        "latitude": message.latitude,
        "longitude": message.longitude,
    }


def inbound_from_json(channel: str, conversation: str, data: Mapping[str, Any]) -> Inbound:
    """Reads back what :func:`inbound_as_json` wrote."""
    sent_at = data["sent_at"]
    message = Inbound(channel, conversation)
    return replace(
        message,
        text=data["text"],
        choice=data["choice"],
        kind=InboundKind(data["kind"]),
        message_id=data["message_id"],
        sent_at=datetime.fromtimestamp(sent_at, UTC) if sent_at is not None else None,
        latitude=data["latitude"],
        longitude=data["longitude"],
    )
