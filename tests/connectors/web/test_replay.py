from __future__ import annotations

import asyncio

import pytest

from connectors.web.replay import Replay


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Work:
    def __init__(self, fails: int = 0) -> None:
        self.done = 0
        self._fails = fails

    async def __call__(self) -> int:
        await asyncio.sleep(0)
        self.done += 1
        if self.done <= self._fails:
            raise RuntimeError("fails")
        return self.done


async def test_a_repeated_message_gets_the_first_answer() -> None:
    replay, work = Replay[int](), Work()
    assert [await replay.once("a", work), await replay.once("a", work)] == [1, 1]
    assert await replay.once("b", work) == 2


async def test_a_message_that_is_still_being_answered_is_not_answered_twice() -> None:
    replay, work = Replay[int](), Work()
    assert await asyncio.gather(*(replay.once("a", work) for _ in range(5))) == [1] * 5


async def test_without_a_key_nothing_is_remembered() -> None:
    replay, work = Replay[int](), Work()
    assert [await replay.once("", work), await replay.once("", work)] == [1, 2]


async def test_a_failure_can_be_tried_again() -> None:
    replay, work = Replay[int](), Work(fails=1)
    with pytest.raises(RuntimeError):
        await replay.once("a", work)
    await asyncio.sleep(0)
    assert await replay.once("a", work) == 2


async def test_the_answer_is_finished_when_the_sender_goes_away() -> None:
    replay, work = Replay[int](), Work()
    first = asyncio.create_task(replay.once("a", work))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await replay.once("a", work) == 1
    assert work.done == 1


async def test_answers_are_forgotten_after_a_while_and_when_there_are_too_many() -> None:
    clock = Clock()
    replay, work = Replay[int](seconds=10, most=3, clock=clock), Work()
    await replay.once("a", work)
    clock.now = 11
    assert await replay.once("a", work) == 2
    for key in "bcd":
        await replay.once(key, work)
    assert await replay.once("a", work) == 6


async def test_a_forgotten_conversation_leaves_nothing() -> None:
    replay, work = Replay[int](), Work()
    await replay.once("site token-1 m1", work)
    await replay.once("site token-2 m1", work)
    replay.forget("token-1")
    assert await replay.once("site token-1 m1", work) == 3
    assert await replay.once("site token-2 m1", work) == 2
