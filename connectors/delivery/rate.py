"""How fast an account may send, and when it has to wait altogether."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

from connectors.channel import SendError, Trouble

_MARGIN_SECONDS = 0.5
"""Clocks differ; a call that comes too early is refused again."""


_PATIENCE_SECONDS = 1.0


class RateLimiter:
    """Lets at most so many calls pass in any window; bursts within the window are fine.

    The limit and what remains of it are corrected by what the platform says of itself.
    """

    def __init__(
        self,
        limit: int,
        window_seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Takes the limit to begin with.

        Args:
            limit: Most calls in a window.
            window_seconds: Length of the window.
            clock: Gives the time in seconds.
        """
        self.limit = limit
        self._window = window_seconds
        self._clock = clock
        self._passed: deque[float] = deque()
        self._closed_until = 0.0
        self._turn = asyncio.Lock()

    async def acquire(self) -> None:
        """Waits for a turn; turns are given in the order in which they are asked for.

        Raises:
            SendError: When the turn is further away than a moment, so that whoever asks does
                something else in the meantime.
        """
        async with self._turn:
            while (wait := self._wait()) > 0:
                if wait > _PATIENCE_SECONDS:
                    raise SendError(Trouble.RATE, "our own rate limit", retry_after=wait)
                await asyncio.sleep(wait)
            self._passed.append(self._clock())

    def correct(self, limit: int | None, remaining: int | None) -> None:
        """Takes over what the platform said with its last answer."""
        if limit is not None and limit > 0:
            self.limit = limit
        if remaining is not None and remaining <= 0:
            self.close_until(self.next_window())

    def close_until(self, moment: float) -> None:
        """Lets nothing pass before a moment, in seconds of the clock."""
        self._closed_until = max(self._closed_until, moment)

    def next_window(self) -> float:
        """When the platform's next window has begun for sure, on the clock."""
        return (self._clock() // self._window + 1) * self._window + _MARGIN_SECONDS

    def until(self, moment: float) -> float:
        """Seconds from now to a moment of the clock, at least a tenth."""
        return max(moment - self._clock(), 0.1)

    def _wait(self) -> float:
        now = self._clock()
        while self._passed and now - self._passed[0] >= self._window:
            self._passed.popleft()
        wait = self._closed_until - now
        if len(self._passed) >= self.limit:
            wait = max(wait, self._window - (now - self._passed[0]))
        return wait
