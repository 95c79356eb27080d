"""Writes to citizens who did not just write to us: only where the platform and they allow it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import Engine

from connectors.channel import Outgoing
from connectors.delivery.queue import HOUR, Pushed, Queue, now_ms
from connectors.settings import ChannelSettings
from connectors.telegram.updates import CHANNEL as TELEGRAM
from connectors.zalo.bot import ZaloBotChannel
from connectors.zalo.channel import answer_hours
from connectors.zalo.events import CHANNEL as ZALO

LONGEST: Final = 1500
"""Most characters of such a message: every channel sends it in one piece."""


class Reach:
    """Puts messages into the outbox of the channels."""

    def __init__(
        self, settings: ChannelSettings, database: Engine, clock: Callable[[], int] = now_ms
    ) -> None:
        """Takes the channels' settings, and a database that is up to date."""
        self._queue = Queue(database, clock)
        self._hours: dict[str, float | None] = {
            TELEGRAM: None,
            ZALO: answer_hours(settings),
            ZaloBotChannel.name: ZaloBotChannel.expiry_hours,
        }

    def knows(self, channel: str) -> bool:
        """Whether this is a channel that can be written to; web pages are not."""
        return channel in self._hours

    def tell(self, channel: str, conversation: str, text: str, key: str) -> Pushed:
        """Queues a message; the running program sends it.

        Args:
            channel: The channel.
            conversation: Whose conversation, as the channel names it.
            text: What to say, at most :data:`LONGEST` characters; more are cut.
            key: Names the message, so that it is sent once.
        """
        if channel not in self._hours:
            return Pushed.UNREACHABLE
        hours = self._hours[channel]
        window = None if hours is None else int(hours * HOUR)
        said = text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
        return self._queue.push(channel, conversation, Outgoing(said), key, window)
