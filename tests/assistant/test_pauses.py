"""Pauses and notices in the whole assistant."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.engine import Engine
from assistant.feedback.notices import NoticeKind, Notices
from assistant.replies import wording
from connectors.message import Inbound, InboundKind, Reply

pytestmark = pytest.mark.slow

QUESTION = "đăng ký thường trú cần giấy tờ gì"


@pytest.fixture
def book(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Notices]:
    """Notices that hold at once; none is left behind."""
    book = Notices(engine.database, fresh_seconds=0)
    monkeypatch.setattr(engine, "_notices", book)
    yield book
    for one in book.all():
        if one.ended_at is None:
            book.end(one.id, "test")


async def ask(engine: Engine, text: str, channel: str = "telegram") -> Reply:
    (reply,) = await engine.answer(Inbound(channel, f"pause-{channel}", text))
    return reply


async def test_a_paused_channel_says_so_and_the_others_answer(
    engine: Engine, book: Notices
) -> None:
    pause = book.publish(NoticeKind.PAUSE, "Trợ lý tạm nghỉ.", "lỗi", "lan", channel="telegram")
    paused = await ask(engine, QUESTION)
    assert paused.text.startswith("Trợ lý tạm nghỉ.")
    assert paused.procedure is None
    assert not paused.choices
    assert (await ask(engine, QUESTION, "zalo")).procedure is not None
    book.end(pause, "lan")
    assert (await ask(engine, QUESTION)).procedure is not None


async def test_a_pause_does_not_take_away_the_right_to_be_forgotten(
    engine: Engine, book: Notices
) -> None:
    await ask(engine, QUESTION)
    book.publish(NoticeKind.PAUSE, "Trợ lý tạm nghỉ.", "lỗi", "lan")
    assert (await ask(engine, "xoá dữ liệu của tôi")).text == wording.FORGOTTEN
    assert engine.turns.of_conversation("telegram:pause-telegram") == []
    await ask(engine, QUESTION)
    (reply,) = await engine.answer(Inbound("telegram", "pause-telegram", kind=InboundKind.FORGET))
    assert reply.text == wording.FORGOTTEN


async def test_a_notice_stands_above_answers_but_not_in_the_log(
    engine: Engine, book: Notices
) -> None:
    text = "Thứ Hai 2/3 cơ quan nghỉ."
    book.publish(NoticeKind.NOTICE, text, "nghỉ bù", "lan")
    reply = await ask(engine, QUESTION, "web")
    assert reply.text.startswith(text)
    assert reply.procedure is not None
    (last,) = engine.turns.of_conversation("web:pause-web")[-1:]
    assert text not in last["reply"]
    assert text not in (await ask(engine, "cảm ơn nhé", "web")).text
    start = Inbound("web", "pause-web", "/start", kind=InboundKind.START)
    (greeting,) = await engine.answer(start)
    assert greeting.text.startswith(text)
