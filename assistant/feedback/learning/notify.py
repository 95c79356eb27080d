"""Tells citizens what came of their feedback, where they can be written to.

Whoever wrote through a web page finds it with the tracking code; nobody is told twice.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, or_, select, update

from assistant.feedback.items import Item, ReviewItems
from assistant.feedback.tables import items
from assistant.feedback.values import State
from assistant.moments import Clock, utc_now
from assistant.settings import Settings, channel_settings
from connectors.delivery.queue import Pushed
from connectors.reach import Reach

logger = logging.getLogger(__name__)

TOLD_WITHIN: Final = timedelta(days=7)
"""Who could not be told for so long is not told any more; the code still shows it."""

_MOST_AT_ONCE: Final = 200
_LONGEST_QUOTE: Final = 120

LEARNED: Final = (
    "Bạn từng báo câu hỏi “{quote}” chưa được trả lời đúng (mã {code}). Góp ý của bạn đã được xử "
    "lý: bạn hỏi lại sẽ nhận được câu trả lời đã sửa. Cảm ơn bạn!"
)
REPLIED: Final = "Trả lời của cơ quan về góp ý mã {code}:\n\n{reply}"


class Notifier:
    """Writes to citizens through the outbox of the channels."""

    def __init__(
        self,
        settings: Settings,
        database: Engine,
        reach: Reach | None = None,
        clock: Clock = utc_now,
    ) -> None:
        """Takes the settings and a migrated database."""
        self._database = database
        self._reach = reach or Reach(channel_settings(settings), database)
        self._items = ReviewItems(database, clock=clock)
        self._clock = clock

    def reply(self, item_id: int) -> Pushed:
        """Sends the office's reply that an item holds; the same reply is sent once.

        Raises:
            ItemMissingError: When there is no such item.
        """
        item = self._items.get(item_id)
        if not item.reply or not item.code:
            return Pushed.UNREACHABLE
        text = REPLIED.format(code=item.code, reply=item.reply)
        moment = item.replied_at.isoformat() if item.replied_at else ""
        return self._tell(item, text, f"reply:{item.id}:{moment}")

    def sweep(self) -> int:
        """Tells everyone whose item a release has resolved and who does not know yet.

        Returns:
            How many were written to.
        """
        told = 0
        for item in self._untold():
            text = LEARNED.format(quote=_quote(item), code=item.code)
            closed = item.closed_at.isoformat() if item.closed_at else ""
            found = self._tell(item, text, f"done:{item.id}:{closed}")
            told += found is Pushed.QUEUED
            if found is not Pushed.TAKEN_OVER:
                self._mark(item)
        return told

    def _tell(self, item: Item, text: str, key: str) -> Pushed:
        channel, _, conversation = item.conversation.partition(":")
        if not conversation or not self._reach.knows(channel):
            return Pushed.UNREACHABLE
        found = self._reach.tell(channel, conversation, text, key)
        logger.info("Item %s on %s: %s", item.id, channel, found)
        return found

    def _untold(self) -> list[Item]:
        now: datetime = self._clock()
        query = (
            select(items)
            .where(
                items.c.state == State.DONE.value,
                items.c.release_id.is_not(None),
                items.c.code.is_not(None),
                items.c.closed_at > now - TOLD_WITHIN,
                or_(items.c.told_at.is_(None), items.c.told_at < items.c.closed_at),
            )
            .order_by(items.c.id)
            .limit(_MOST_AT_ONCE)
        )
        with self._database.connect() as connection:
            return [Item.from_row(row) for row in connection.execute(query).mappings()]

    def _mark(self, item: Item) -> None:
        """Notes that the citizen knows, or cannot be told; staff's view of the item stays valid."""
        with self._database.begin() as connection:
            connection.execute(
                update(items).where(items.c.id == item.id).values(told_at=self._clock())
            )


def _quote(item: Item) -> str:
    text = " ".join(str(item.snapshot.get("question") or item.text).split())
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1].rstrip()}…"
