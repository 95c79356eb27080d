"""How fast an account sends."""

from __future__ import annotations

import pytest

from connectors.channel import SendError, Trouble
from connectors.delivery.rate import RateLimiter


class Clock:
    now = 1_700_000_010.0

    def __call__(self) -> float:
        return self.now


async def test_a_window_lets_so_many_pass_and_no_more() -> None:
    clock = Clock()
    limiter = RateLimiter(3, 60.0, clock)
    for _ in range(3):
        await limiter.acquire()
    with pytest.raises(SendError) as caught:
        await limiter.acquire()
    assert caught.value.trouble is Trouble.RATE
    assert caught.value.retry_after == 60.0
    clock.now += 60
    await limiter.acquire()


async def test_the_platform_corrects_the_limit() -> None:
    clock = Clock()
    limiter = RateLimiter(1, 60.0, clock)
    await limiter.acquire()
    limiter.correct(1000, 999)
    await limiter.acquire()
    limiter.correct(1000, 0)
    with pytest.raises(SendError) as caught:
        await limiter.acquire()
    assert caught.value.retry_after is not None
    assert (clock.now + caught.value.retry_after) % 60 == pytest.approx(0.5)
    limiter.correct(None, None)
    limiter.correct(0, 5)
    assert limiter.limit == 1000
