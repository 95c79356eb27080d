"""Answers a message once, however often it is delivered."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Generic, TypeVar

Result = TypeVar("Result")

KEEP_SECONDS = 600.0
KEEP_MOST = 5_000


class Replay(Generic[Result]):
    """Remembers for a while what was answered to a message, by the key the sender gave it.

    A second delivery waits for the first one's answer when that is still being made. What fails is
    not remembered, so it can be tried again.
    """

    def __init__(
        self,
        seconds: float = KEEP_SECONDS,
        most: int = KEEP_MOST,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Sets how long and how many results are kept."""
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, asyncio.Future[Result]]] = OrderedDict()

    async def once(self, key: str, work: Callable[[], Awaitable[Result]]) -> Result:
        """Does a piece of work, or returns what it gave the first time.

        Args:
            key: Names the message; empty: nothing is remembered.
            work: Makes the result. It runs to its end even when the sender has gone away.
        """
        if not key:
            return await work()
        self._drop_old()
        known = self._kept.get(key)
        if known is None:
            task: asyncio.Future[Result] = asyncio.ensure_future(work())
            self._kept[key] = (self._clock(), task)
            task.add_done_callback(lambda done: self._drop_failed(key, done))
        else:
            task = known[1]
        return await asyncio.shield(task)

    def forget(self, part: str) -> None:
        """Drops every result whose key has this part."""
        for key in [key for key in self._kept if part in key.split(" ")]:
            del self._kept[key]

    def _drop_failed(self, key: str, done: asyncio.Future[Result]) -> None:
        if done.cancelled() or done.exception() is not None:
            self._kept.pop(key, None)

    def _drop_old(self) -> None:
        limit = self._clock() - self._seconds
        while self._kept:
            since, _ = next(iter(self._kept.values()))
            if since > limit and len(self._kept) < self._most:
                return
            self._kept.popitem(last=False)
