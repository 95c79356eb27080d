"""The channels inside the application."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from assistant.engine import Engine
from assistant.settings import Settings
from assistant.web.channels import CANNOT_READ, ChannelAnswerer
from connectors.message import Inbound, InboundKind, Paragraph, Reply, ReplyKind

sys.path.insert(0, str(Path(__file__).parents[2] / "connectors"))

from fakes.harness import eventually
from fakes.server import Server
from fakes.telegram import FakeTelegram
from fakes.zalo_bot import FakeZaloBot


class Listening:
    """Remembers what it is asked, and on which thread."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.heard: list[Inbound] = []
        self.threads: set[str] = set()
        self.forgotten: list[tuple[str, str]] = []
        self._seconds = seconds

    async def answer(self, message: Inbound) -> Sequence[Reply]:
        time.sleep(self._seconds)
        self.heard.append(message)
        self.threads.add(threading.current_thread().name)
        return [Reply(ReplyKind.ANSWER, (Paragraph("vâng"),))]

    async def forget(self, channel: str, conversation: str) -> None:
        self.forgotten.append((channel, conversation))


@pytest.fixture
def listening() -> Listening:
    return Listening()


@pytest.fixture
def answerer(listening: Listening) -> Iterator[ChannelAnswerer]:
    settings = Settings(
        _env_file=None, office_name="UBND phường Thử Nghiệm", office_hotline="024 1234"
    )
    answerer = ChannelAnswerer(listening, settings)
    answerer.start()
    yield answerer
    answerer.stop()


async def test_words_are_answered_on_a_thread_of_their_own(
    answerer: ChannelAnswerer, listening: Listening
) -> None:
    (reply,) = await answerer.answer(Inbound("zalo", "u", "khai sinh"))
    assert reply.text == "vâng"
    assert listening.threads == {"channel-answers"}
    await answerer.forget("zalo", "u")
    assert listening.forgotten == [("zalo", "u")]


async def test_a_turn_that_computes_leaves_the_event_loop_free() -> None:
    busy = ChannelAnswerer(Listening(0.5), Settings(_env_file=None))
    busy.start()
    task = asyncio.create_task(busy.answer(Inbound("zalo", "u", "chậm")))  # type: ignore[arg-type]
    ticks = 0
    while not task.done():
        await asyncio.sleep(0.01)
        ticks += 1
    await task
    await asyncio.to_thread(busy.stop)
    assert ticks > 5


async def test_hidden_messages_get_office_and_hotline(
    answerer: ChannelAnswerer, listening: Listening
) -> None:
    (reply,) = await answerer.answer(Inbound("zalo-bot", "u", kind=InboundKind.UNSUPPORTED))
    assert "UBND phường Thử Nghiệm" in reply.text
    assert "024 1234" in reply.text
    assert reply.kind is ReplyKind.HANDOFF
    assert listening.heard == []


async def test_a_location_reaches_the_assistant(
    answerer: ChannelAnswerer, listening: Listening
) -> None:
    place = Inbound("zalo", "u", kind=InboundKind.LOCATION, latitude=10.7, longitude=106.6)
    await answerer.answer(place)
    assert listening.heard == [place]


@pytest.mark.parametrize("kind", sorted(CANNOT_READ))
async def test_what_is_not_made_of_words_gets_help(
    answerer: ChannelAnswerer, listening: Listening, kind: InboundKind
) -> None:
    (reply,) = await answerer.answer(Inbound("zalo", "u", kind=kind))
    assert reply.text.startswith(CANNOT_READ[kind])
    assert listening.heard == []


async def test_a_caption_is_a_question(answerer: ChannelAnswerer, listening: Listening) -> None:
    await answerer.answer(Inbound("zalo", "u", "giấy này xin ở đâu", kind=InboundKind.IMAGE))
    assert listening.heard[0].kind is InboundKind.TEXT


@pytest.mark.parametrize(
    ("text", "heard", "choice"), [("", "/start", None), ("1.001193", "1.001193", "p:1.001193")]
)
async def test_a_beginning_greets_or_names_a_procedure(
    answerer: ChannelAnswerer, listening: Listening, text: str, heard: str, choice: str | None
) -> None:
    await answerer.answer(Inbound("telegram", "u", text, kind=InboundKind.START))
    assert (listening.heard[0].text, listening.heard[0].choice) == (heard, choice)


@pytest.mark.slow
def test_the_whole_assistant_on_telegram_and_zalo(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.web.app import create_app

    telegram, bot = FakeTelegram(), FakeZaloBot()
    with Server(telegram.app) as one, Server(bot.app) as two:
        monkeypatch.setenv("MOTCUA_TELEGRAM_API_BASE", one.url)
        monkeypatch.setenv("MOTCUA_TELEGRAM_TOKEN", telegram.token)
        monkeypatch.setenv("MOTCUA_TELEGRAM_WEBHOOK_SECRET", "s3cret")
        monkeypatch.setenv("MOTCUA_ZALO_BOT_API_BASE", two.url)
        monkeypatch.setenv("MOTCUA_ZALO_BOT_TOKEN", bot.token)
        monkeypatch.setenv("MOTCUA_ZALO_BOT_SECRET", "a-long-secret")
        with Server(create_app(settings, engine)) as server:
            url = f"{server.url}/webhooks/telegram"
            telegram.deliver(url, telegram.message(1, text="/start tt-1_001193"), "s3cret")
            eventually(lambda: telegram.sent, 60)
            assert "khai sinh" in telegram.words(42)[0].lower()
            button = telegram.sent[-1]["rows"][0][0]["callback_data"]
            count = len(telegram.sent)
            telegram.deliver(url, telegram.tap(2, button), "s3cret")
            eventually(lambda: len(telegram.sent) > count, 60)
            url = f"{server.url}/webhooks/zalo-bot"
            chat = "6ede9afa66b88fe6d6a9"
            ask = bot.update("message.text.received", text="đăng ký thường trú mất bao nhiêu tiền")
            bot.deliver(url, ask, "a-long-secret")
            eventually(lambda: bot.texts(chat), 60)
            assert "thường trú" in " ".join(bot.texts(chat)).lower()
            count = len(bot.sent)
            bot.deliver(url, bot.update("message.text.received", text="1"), "a-long-secret")
            eventually(lambda: len(bot.sent) > count, 60)
            bot.deliver(url, bot.update("message.unsupported.received"), "a-long-secret")
            eventually(lambda: "không đọc được nội dung" in bot.sent[-1][1], 60)
