"""The Zalo Bot Platform, by webhook and by polling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fakes.harness import Program, eventually
from fakes.zalo_bot import FakeZaloBot

SECRET = "a-long-secret"
CHAT = "6ede9afa66b88fe6d6a9"


def settings(fake: FakeZaloBot, **more: Any) -> dict[str, Any]:
    return {
        "zalo_bot_api_base": fake.url,  # type: ignore[attr-defined]
        "zalo_bot_token": fake.token,
        "zalo_bot_secret": SECRET,
        **more,
    }


@pytest.fixture
def program(start: Callable[..., Program], zalo_bot: FakeZaloBot) -> Program:
    return start(**settings(zalo_bot))


@pytest.mark.parametrize("wrapped", [True, False])
def test_answers_wrapped_and_bare_updates_once(
    zalo_bot: FakeZaloBot, program: Program, wrapped: bool
) -> None:
    update = zalo_bot.update("message.text.received", text="Xin chào")
    for _ in range(2):
        answer = zalo_bot.deliver(program.webhook("zalo-bot"), update, SECRET, wrapped)
        assert answer.status_code == 200
    eventually(lambda: zalo_bot.texts(CHAT) == ["Trả lời: Xin chào"])
    eventually(program.idle)
    assert len(zalo_bot.sent) == 1


@pytest.mark.parametrize("secret", ["", "wrong-secret", "a-long-secre"])
def test_drops_what_lacks_the_secret(zalo_bot: FakeZaloBot, program: Program, secret: str) -> None:
    update = zalo_bot.update("message.text.received", text="giả")
    answer = zalo_bot.deliver(program.webhook("zalo-bot"), update, secret)
    assert answer.json() == {"processed": False}
    assert program.queue.counts()["inbox"] == 0


def test_protected_people_are_always_answered(zalo_bot: FakeZaloBot, program: Program) -> None:
    update = zalo_bot.update("message.unsupported.received")
    zalo_bot.deliver(program.webhook("zalo-bot"), update, SECRET)
    eventually(lambda: zalo_bot.texts(CHAT) == ["Loại unsupported"])


def test_an_update_without_a_chat_is_only_logged(zalo_bot: FakeZaloBot, program: Program) -> None:
    url = program.webhook("zalo-bot")
    bare = {"event_name": "message.unsupported.received"}
    assert zalo_bot.deliver(url, bare, SECRET).json() == {"processed": True}
    assert zalo_bot.deliver(url, {"event_name": "new.thing"}, SECRET).status_code == 200
    crowd = zalo_bot.update(
        "message.text.received", text="x", chat={"id": "g", "chat_type": "GROUP"}
    )
    assert zalo_bot.deliver(url, crowd, SECRET).status_code == 200
    assert program.assistant.heard == []


@pytest.mark.parametrize(
    ("name", "fields", "kind"),
    [
        ("message.image.received", {"photo": "https://x/a.jpg"}, "image"),
        ("message.image.received", {"photo_url": "https://x/a.jpg", "caption": ""}, "image"),
        ("message.sticker.received", {"sticker": "1", "url": "u"}, "sticker"),
        ("message.voice.received", {"voice_url": "https://x/a.aac"}, "audio"),
        ("message.link.received", {"url": "https://x"}, "link"),
    ],
)
def test_other_kinds_are_answered(
    zalo_bot: FakeZaloBot, program: Program, name: str, fields: dict[str, Any], kind: str
) -> None:
    zalo_bot.deliver(program.webhook("zalo-bot"), zalo_bot.update(name, **fields), SECRET)
    eventually(lambda: zalo_bot.texts(CHAT) == [f"Loại {kind}"])


def test_choices_are_numbered_and_the_numbers_work(zalo_bot: FakeZaloBot, program: Program) -> None:
    url = program.webhook("zalo-bot")
    zalo_bot.deliver(url, zalo_bot.update("message.text.received", text="chọn"), SECRET)
    eventually(lambda: len(zalo_bot.sent) == 1)
    assert "2. Đăng ký tạm trú" in zalo_bot.sent[0][1]
    zalo_bot.deliver(url, zalo_bot.update("message.text.received", text=" 2. "), SECRET)
    eventually(lambda: zalo_bot.texts(CHAT)[1:] == ["Đã chọn p:1.004194"])
    zalo_bot.deliver(url, zalo_bot.update("message.text.received", text="9"), SECRET)
    eventually(lambda: zalo_bot.texts(CHAT)[2:] == ["Trả lời: 9"])


def test_internal_errors_are_retried(zalo_bot: FakeZaloBot, program: Program) -> None:
    zalo_bot.fail_next = [403]
    update = zalo_bot.update("message.text.received", text="hỏi")
    zalo_bot.deliver(program.webhook("zalo-bot"), update, SECRET)
    eventually(lambda: zalo_bot.texts(CHAT) == ["Trả lời: hỏi"])


def test_a_wrong_token_alerts_and_keeps_the_answer(zalo_bot: FakeZaloBot, program: Program) -> None:
    zalo_bot.fail_next = [401]
    update = zalo_bot.update("message.text.received", text="hỏi")
    zalo_bot.deliver(program.webhook("zalo-bot"), update, SECRET)
    alerts = eventually(program.queue.open_alerts)
    assert alerts[0].key == "zalo-bot.token"
    assert program.queue.counts()["outbox"] == 1


def test_polling_survives_idle_polls(zalo_bot: FakeZaloBot, start: Callable[..., Program]) -> None:
    start(**settings(zalo_bot, zalo_bot_mode="polling"))
    for number in range(3):
        zalo_bot.pending.append(zalo_bot.update("message.text.received", text=f"câu {number}"))
        eventually(lambda number=number: len(zalo_bot.sent) == number + 1)
    assert zalo_bot.texts(CHAT) == [f"Trả lời: câu {n}" for n in range(3)]


def test_polling_beside_a_webhook_alerts(
    zalo_bot: FakeZaloBot, start: Callable[..., Program]
) -> None:
    zalo_bot.webhook = "https://example.vn/webhooks/zalo-bot"
    program = start(**settings(zalo_bot, zalo_bot_mode="polling"))
    alerts = eventually(program.queue.open_alerts)
    assert alerts[0].key == "zalo-bot.webhook"


def test_a_vote_is_given_by_the_numbers_after_the_choices(
    zalo_bot: FakeZaloBot, program: Program
) -> None:
    def say(text: str) -> None:
        update = zalo_bot.update("message.text.received", text=text)
        assert zalo_bot.deliver(program.webhook("zalo-bot"), update, SECRET).status_code == 200

    say("phí")
    (text,) = eventually(lambda: zalo_bot.texts(CHAT))
    assert text.endswith("Trả lời 3 nếu đúng, 4 nếu chưa đúng.")
    say("4")
    eventually(lambda: len(zalo_bot.texts(CHAT)) == 2)
    assert program.assistant.heard[-1].choice == "v:-:h4ndl3-0123456_x"
    say("phí nào")
    eventually(lambda: len(zalo_bot.texts(CHAT)) == 3)
    assert zalo_bot.texts(CHAT)[-1] == "20.000 đồng", "no second invitation unless it is asked for"
