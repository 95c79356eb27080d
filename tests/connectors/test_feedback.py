"""A vote with its reason and comment, from each platform to the review queue."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes.harness import Program, eventually, zalo_settings
from fakes.telegram import FakeTelegram
from fakes.zalo import FakeZalo
from fakes.zalo_bot import FakeZaloBot

from assistant.feedback.items import Item
from assistant.feedback.values import State

SCRIPTED = "motcua_tests_scripted"
SECRET = "a-long-secret"
BOT_CHAT = "6ede9afa66b88fe6d6a9"
QUESTION = "làm khai sinh"
COMMENT = "thiếu tờ khai, gọi tôi 0912 345 678"


@pytest.fixture
def assistant() -> Any:
    """The scripted assistant with a real feedback desk."""
    if SCRIPTED not in sys.modules:
        path = Path(__file__).parent / "web" / "scripted.py"
        spec = importlib.util.spec_from_file_location(SCRIPTED, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[SCRIPTED] = module
        spec.loader.exec_module(module)
    return sys.modules[SCRIPTED].ScriptedEngine()


def queued(assistant: Any) -> Item:
    (item,), total = assistant.feedback.items.find()
    assert total == 1
    found: Item = item
    return found


def test_telegram(start: Callable[..., Program], telegram: FakeTelegram, assistant: Any) -> None:
    program = start(
        assistant,
        telegram_api_base=telegram.url,  # type: ignore[attr-defined]
        telegram_token=telegram.token,
        telegram_webhook_secret=SECRET,
    )
    numbers = iter(range(1, 20))

    def send(update: dict[str, Any], sent: int) -> dict[str, Any]:
        url = program.webhook("telegram")
        assert telegram.deliver(url, update, SECRET).status_code == 200
        eventually(lambda: len(telegram.sent) >= sent)
        last: dict[str, Any] = telegram.sent[-1]
        return last

    answer = send(telegram.message(next(numbers), text=QUESTION), 1)
    up, down = answer["rows"][-1]
    assert send(telegram.tap(next(numbers), up["callback_data"]), 2)["rows"] == []
    asked = send(telegram.tap(next(numbers), down["callback_data"]), 3)
    assert queued(assistant).code in telegram.words(42)[-1]
    assert [len(row) for row in asked["rows"]] == [1] * 5, "no vote on the question why"
    send(telegram.tap(next(numbers), asked["rows"][1][0]["callback_data"]), 4)
    send(telegram.message(next(numbers), text=COMMENT), 5)
    item = queued(assistant)
    assert item.snapshot["vote_reason"] == "missing"
    assert item.snapshot["comment"].startswith("thiếu tờ khai")
    send(telegram.tap(next(numbers), up["callback_data"]), 6)
    assert queued(assistant).state is State.DISMISSED


def test_zalo_bot(start: Callable[..., Program], zalo_bot: FakeZaloBot, assistant: Any) -> None:
    program = start(
        assistant,
        zalo_bot_api_base=zalo_bot.url,  # type: ignore[attr-defined]
        zalo_bot_token=zalo_bot.token,
        zalo_bot_secret=SECRET,
    )

    def say(text: str) -> str:
        before = len(zalo_bot.texts(BOT_CHAT))
        update = zalo_bot.update("message.text.received", text=text)
        assert zalo_bot.deliver(program.webhook("zalo-bot"), update, SECRET).status_code == 200
        eventually(lambda: len(zalo_bot.texts(BOT_CHAT)) > before and program.idle())
        last: str = zalo_bot.texts(BOT_CHAT)[-1]
        return last

    line = say(QUESTION).splitlines()[-1]
    assert "Câu trả lời có đúng ý bạn không?" in line
    number = line.split("đúng, ")[1].split(" ")[0]
    asked = say(number)
    assert "1. Không đúng thủ tục tôi hỏi" in asked
    assert "5. Lý do khác" in asked
    assert "đúng ý bạn không" not in say("3")
    say("bỏ qua")
    assert queued(assistant).snapshot["vote_reason"] == "outdated"
    assert "đúng ý bạn không" not in say(QUESTION), "it does not nag"


def test_zalo_account(start: Callable[..., Program], zalo: FakeZalo, assistant: Any) -> None:
    program = start(assistant, **zalo_settings(zalo))

    def say(text: str) -> Any:
        before = len(zalo.sent)
        zalo.deliver(program.webhook("zalo"), zalo.text("u1", text))
        eventually(lambda: len(zalo.sent) > before and program.idle())
        return zalo.sent[-1]

    say(QUESTION)
    asked = say("chưa đúng")
    assert [button["title"] for button in asked.buttons][1] == "Thiếu thông tin"
    say(asked.buttons[1]["payload"])
    say(COMMENT)
    item = queued(assistant)
    assert item.snapshot["vote_reason"] == "missing"
    assert item.channel == "zalo"
    status = say(item.code or "")
    assert "Đã tiếp nhận" in status.text
