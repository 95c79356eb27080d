"""Takes up a new release of what was learned while the program runs.

The pointer to the current release is looked at every half minute. A new engine is loaded beside the
one in use, in a thread; from one message to the next it takes its place. What the old one has begun
it ends.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import logging
from collections.abc import Sequence
from time import monotonic

from assistant.engine import Engine
from assistant.feedback.learning.notify import Notifier
from assistant.web.state import AppState
from connectors.message import Inbound, Reply

logger = logging.getLogger(__name__)

LOOK_SECONDS = 30.0
RETRY_SECONDS = 600.0
DRAIN_SECONDS = 180.0


class CurrentEngine:
    """Answers with whichever engine is in use."""

    def __init__(self, state: AppState) -> None:
        """Takes the state that holds the engine."""
        self._state = state

    async def answer(self, message: Inbound) -> Sequence[Reply]:
        """Answers one message."""
        return await self._engine().answer(message)

    async def forget(self, channel: str, conversation: str) -> None:
        """Deletes what is stored of one conversation."""
        await self._engine().forget(channel, conversation)

    def _engine(self) -> Engine:
        if self._state.engine is None:
            raise RuntimeError("the assistant has not loaded")
        return self._state.engine


class ReleaseKeeper:
    """Keeps the engine of an application at the current release."""

    def __init__(self, state: AppState, look_seconds: float | None = None) -> None:
        """Takes the state of an application that has started."""
        self._state = state
        self._look = LOOK_SECONDS if look_seconds is None else look_seconds
        self._failed = 0
        self._retry_at = 0.0

    async def run(self) -> None:
        """Looks for a new release, and tells citizens what came of their feedback, for ever."""
        if isinstance(self._state.engine, Engine):
            self._state.metrics.release.set(self._state.engine.settings.release or 0)
        while True:
            await asyncio.sleep(self._look)
            try:
                await self.take_up()
                await asyncio.to_thread(self._tell)
            except Exception:
                logger.exception("Looking for a new release failed; it is tried again")

    async def take_up(self) -> bool:
        """Loads the current release where another one is in use.

        A release that cannot be loaded is tried again after ten minutes, and the one in use stays.

        Returns:
            Whether the engine was changed.
        """
        old, settings = self._state.engine, self._state.settings
        if not isinstance(old, Engine) or settings.release is not None:
            return False
        wanted = settings.learned.current()
        if wanted == old.settings.release:
            return False
        if wanted == self._failed and monotonic() < self._retry_at:
            return False
        logger.warning("Taking up release %s", wanted)
        chosen = settings.model_copy(update={"release": wanted})
        try:
            fresh = await asyncio.to_thread(Engine.load, chosen, old.database)
        except Exception:
            logger.exception("Release %s cannot be loaded; %s stays", wanted, old.settings.release)
            self._failed, self._retry_at = wanted, monotonic() + RETRY_SECONDS
            return False
        fresh.take_over(old)
        self._state.engine = fresh
        self._state.metrics.procedures.set(len(fresh.knowledge.catalogue))
        self._state.metrics.release.set(wanted)
        logger.warning("Release %s is in use", wanted)
        until = monotonic() + DRAIN_SECONDS
        while old.answering and monotonic() < until:
            await asyncio.sleep(0.05)
        del old
        await asyncio.to_thread(give_back_memory)
        return True

    def _tell(self) -> None:
        engine = self._state.engine
        if engine is not None:
            Notifier(self._state.settings, engine.database).sweep()


def give_back_memory() -> None:
    """Frees what nothing refers to, and lets the system have it where the C library can."""
    gc.collect()
    try:
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    except (OSError, AttributeError):  # another C library
        return
