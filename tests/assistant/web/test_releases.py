"""A running program takes up a release from one message to the next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.engine import Engine
from assistant.settings import Settings
from assistant.web.metrics import Metrics
from assistant.web.releases import CurrentEngine, ReleaseKeeper
from assistant.web.state import AppState
from assistant.web.tokens import ConversationTokens
from connectors.message import Inbound, Reply

NAME = '"1.004194": ["xin phiếu lá sen"]\n'
QUESTION = "xin phiếu lá sen cần giấy tờ gì"


def release(data_dir: Path, number: int, text: str = NAME) -> None:
    folder = data_dir / "learned" / "releases" / str(number) / "everyday_names"
    folder.mkdir(parents=True)
    (folder / "office.yml").write_text(text, "utf-8")
    point(data_dir, number)


def point(data_dir: Path, number: int) -> None:
    (data_dir / "learned" / "current").write_text(str(number))


@pytest.fixture
async def state(trained: Path, tmp_path: Path) -> AsyncIterator[AppState]:
    """An application's state with an engine of its own."""
    settings = Settings(data_dir=tmp_path, model=str(trained))
    engine = await asyncio.to_thread(Engine.load, settings)
    yield AppState(settings, Metrics(), ConversationTokens(b"k" * 32), engine)
    engine.database.dispose()


async def ask(state: AppState, text: str = QUESTION, who: str = "c1") -> Reply:
    (reply,) = await CurrentEngine(state).answer(Inbound("telegram", who, text))
    return reply


@pytest.mark.slow
async def test_the_same_question_is_answered_after_the_release(
    state: AppState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = ReleaseKeeper(state)
    assert not await keeper.take_up()
    assert (await ask(state)).procedure is None
    first = state.engine
    assert first is not None

    begun, go_on = asyncio.Event(), asyncio.Event()
    turn = Engine._turn

    async def slow(self: Engine, key: str, message: Inbound, started: float) -> Reply:
        if message.text == "chậm":
            begun.set()
            await go_on.wait()
        return await turn(self, key, message, started)

    monkeypatch.setattr(Engine, "_turn", slow)
    under_way = asyncio.create_task(ask(state, "chậm", "slow"))
    await begun.wait()
    release(tmp_path, 1)
    taking = asyncio.create_task(keeper.take_up())
    while state.engine is first:
        await asyncio.sleep(0.01)
    assert first.answering == 1
    behind = asyncio.create_task(ask(state, QUESTION, "slow"))
    assert (await ask(state)).procedure == "1.004194"
    assert not behind.done()  # the same conversation keeps its order over the change
    assert not taking.done()
    go_on.set()
    await under_way
    assert (await behind).procedure == "1.004194"
    assert await taking
    assert first.answering == 0
    assert b"motcua_release 1.0" in state.metrics.render()

    point(tmp_path, 0)
    assert await keeper.take_up()
    assert (await ask(state, who="c2")).procedure is None


@pytest.mark.slow
async def test_a_release_that_cannot_be_loaded_leaves_the_one_in_use(
    state: AppState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeper = ReleaseKeeper(state)
    release(tmp_path, 1, "- no mapping\n")
    before = state.engine
    assert not await keeper.take_up()
    assert state.engine is before
    assert (await ask(state, "đăng ký tạm trú cần giấy tờ gì")).procedure == "1.004194"
    tried: list[Any] = []
    monkeypatch.setattr(Engine, "load", lambda *given: tried.append(given))
    assert not await keeper.take_up()
    assert tried == []  # not tried again at once


async def test_a_chosen_release_and_a_scripted_engine_stay(tmp_path: Path) -> None:
    class Scripted:
        async def answer(self, message: Inbound) -> Sequence[Reply]:
            return []

    release(tmp_path, 1)
    scripted: Any = Scripted()
    state = AppState(
        Settings(data_dir=tmp_path), Metrics(), ConversationTokens(b"k" * 32), scripted
    )
    assert not await ReleaseKeeper(state).take_up()
    assert await CurrentEngine(state).answer(Inbound("telegram", "1", "x")) == []
    state.engine = None
    with pytest.raises(RuntimeError, match="not loaded"):
        await CurrentEngine(state).answer(Inbound("telegram", "1", "x"))
