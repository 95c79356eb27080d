"""Looks up what became of a citizen's feedback, by its tracking code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from assistant.feedback.codes import read_code
from assistant.feedback.items import Item, ReviewItems
from assistant.feedback.limits import Attempts
from assistant.feedback.values import PUBLIC_KINDS, PUBLIC_STATES, State

TRIES: Final = 10
WINDOW: Final = 600
"""So many wrong codes in so many seconds, then one has to wait."""

ALL_TRIES: Final = 500
ALL_WINDOW: Final = 3600
"""So many wrong codes of everybody together: then only one's own conversation is shown."""


@dataclass(frozen=True, slots=True)
class Status:
    """What a citizen may see of an item; nothing of what was written, nothing of staff.

    Attributes:
        released: Whether a release of the assistant's data resolved it.
    """

    code: str
    kind: str
    state: str
    sent_at: datetime
    reply: str
    replied_at: datetime | None
    released: bool


class TooManyLookupsError(RuntimeError):
    """Raised when too many wrong codes were tried."""


class Lookup:
    """Finds items by code, and makes guessing codes hopeless."""

    def __init__(self, items: ReviewItems, attempts: Attempts) -> None:
        """Takes the queue and the counters."""
        self._items = items
        self._attempts = attempts

    def find(self, text: str, who: str, conversation: str = "") -> Status | None:
        """Finds what a code stands for.

        Args:
            text: The code, however it is written.
            who: Whose attempts are counted together: a conversation or an address.
            conversation: Where the question comes from; its own items are always shown.

        Returns:
            The status; None where there is no such code.

        Raises:
            TooManyLookupsError: After too many wrong codes.
        """
        code = read_code(text)
        item = self._items.by_code(code) if code else None
        if item is not None and conversation and item.conversation == conversation:
            return _status(item)
        if self._attempts.spent(f"lookup:{who}", TRIES, WINDOW) or self._attempts.spent(
            "lookup-all:", ALL_TRIES, ALL_WINDOW
        ):
            raise TooManyLookupsError
        if item is None:
            self._attempts.allow(f"lookup:{who}", TRIES, WINDOW)
            self._attempts.allow("lookup-all:", ALL_TRIES, ALL_WINDOW)
            return None
        return _status(item)


def _status(item: Item) -> Status:
    return Status(
        code=item.code or "",
        kind=PUBLIC_KINDS[item.kind],
        state=PUBLIC_STATES[item.state],
        sent_at=item.created_at,
        reply=item.reply,
        replied_at=item.replied_at,
        released=item.state is State.DONE and item.release_id is not None,
    )
