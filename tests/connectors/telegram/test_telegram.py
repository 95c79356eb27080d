"""Telegram from webhook or polling to answer, against the fake Bot API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fakes.harness import Program, eventually
from fakes.program import LONG_ID, OPTIONS
from fakes.telegram import FakeTelegram, parse_html
from telegram import Update

from connectors.message import InboundKind
from connectors.telegram.links import code_of, deep_link, start_payload
from connectors.telegram.updates import Bot, events_of

SECRET = "s3cret_-A"
FILE = {"file_id": "f", "file_unique_id": "u"}


@pytest.fixture
def program(start: Callable[..., Program], telegram: FakeTelegram) -> Program:
    return start(**settings(telegram))


def settings(fake: FakeTelegram, **more: Any) -> dict[str, Any]:
    return {
        "telegram_api_base": fake.url,  # type: ignore[attr-defined]
        "telegram_token": fake.token,
        "telegram_webhook_secret": SECRET,
        **more,
    }


def send(program: Program, fake: FakeTelegram, update: dict[str, Any]) -> None:
    assert fake.deliver(program.webhook("telegram"), update, SECRET).status_code == 200


def test_answers_a_text_once(telegram: FakeTelegram, program: Program) -> None:
    for _ in range(3):
        send(program, telegram, telegram.message(1, text="xin chào"))
    send(program, telegram, telegram.message(2, text="tiếp"))
    eventually(lambda: telegram.words(42) == ["Trả lời: xin chào", "Trả lời: tiếp"])


@pytest.mark.parametrize("secret", [None, "", "wrong", "s3cret_-B"])
def test_refuses_what_lacks_the_secret(
    telegram: FakeTelegram, program: Program, secret: str | None
) -> None:
    update = telegram.message(1, text="giả")
    assert telegram.deliver(program.webhook("telegram"), update, secret).status_code == 403
    assert program.queue.counts()["inbox"] == 0


def test_refuses_everything_without_a_secret_of_its_own(
    telegram: FakeTelegram, start: Callable[..., Program]
) -> None:
    program = start(**settings(telegram, telegram_webhook_secret=""))
    update = telegram.message(1, text="giả")
    assert telegram.deliver(program.webhook("telegram"), update, "").status_code == 403


def test_buttons_fit_and_taps_come_back(telegram: FakeTelegram, program: Program) -> None:
    send(program, telegram, telegram.message(1, text="chọn"))
    (message,) = eventually(lambda: telegram.sent)
    buttons = [button for row in message["rows"] for button in row]
    assert [b["text"] for b in buttons] == [choice.title for choice in OPTIONS]
    assert all(len(b["callback_data"].encode()) <= 64 for b in buttons)
    markup = {"inline_keyboard": message["rows"]}
    for number, button in enumerate(buttons, start=2):
        send(program, telegram, telegram.tap(number, button["callback_data"], reply_markup=markup))
    eventually(lambda: len(telegram.sent) == 4)
    assert telegram.words(42)[1:] == [f"Đã chọn {choice.id}" for choice in OPTIONS]
    assert program.assistant.heard[-1].choice == LONG_ID
    assert program.assistant.heard[-1].text == OPTIONS[-1].title
    eventually(lambda: len(telegram.called("answerCallbackQuery")) == 3)


def test_a_vote_is_a_row_of_two_and_comes_back(telegram: FakeTelegram, program: Program) -> None:
    send(program, telegram, telegram.message(1, text="phí"))
    (message,) = eventually(lambda: telegram.sent)
    votes = message["rows"][-1]
    assert [len(row) for row in message["rows"]] == [1, 1, 2]
    assert [b["callback_data"] for b in votes] == [
        "c:v:+:h4ndl3-0123456_x",
        "c:v:-:h4ndl3-0123456_x",
    ]
    for number, button in enumerate((*votes, votes[0]), start=2):
        send(program, telegram, telegram.tap(number, button["callback_data"]))
    eventually(lambda: len(telegram.sent) == 4)
    assert [heard.choice for heard in program.assistant.heard[1:]] == [
        "v:+:h4ndl3-0123456_x", "v:-:h4ndl3-0123456_x", "v:+:h4ndl3-0123456_x"
    ]  # fmt: skip
    send(program, telegram, telegram.message(9, text="phí nào"))
    eventually(lambda: len(telegram.sent) == 5)
    assert [len(row) for row in telegram.sent[-1]["rows"]] == [2]


def test_a_tap_on_an_old_button_whose_message_is_gone(
    telegram: FakeTelegram, program: Program
) -> None:
    update = telegram.tap(1, "c:p:1.001193")
    update["callback_query"].pop("message")
    send(program, telegram, update)
    eventually(lambda: telegram.words(42) == ["Đã chọn p:1.001193"])
    update = telegram.tap(2, "c:p:1.001193", date=0)  # inaccessible
    send(program, telegram, update)
    eventually(lambda: len(telegram.sent) == 2)


def test_a_tap_with_foreign_data_is_acknowledged_only(
    telegram: FakeTelegram, program: Program
) -> None:
    send(program, telegram, telegram.tap(1, "delete everything"))
    eventually(lambda: telegram.called("answerCallbackQuery"))
    assert program.assistant.heard == []


def test_long_answer_is_split_with_valid_markup_and_buttons_last(
    telegram: FakeTelegram, program: Program
) -> None:
    send(program, telegram, telegram.message(1, text="dài"))
    eventually(lambda: len(telegram.sent) >= 2)
    eventually(program.idle)
    assert all(len(sent["text"]) <= 4096 for sent in telegram.sent)
    assert [bool(sent["rows"]) for sent in telegram.sent] == [False] * (len(telegram.sent) - 1) + [
        True
    ]


def test_refused_markup_is_sent_as_plain_text(telegram: FakeTelegram, program: Program) -> None:
    telegram.refuse_html = True
    send(program, telegram, telegram.message(1, text="đậm <&>"))
    (message,) = eventually(lambda: telegram.sent)
    assert "parse_mode" not in message
    assert message["words"] == "Trả lời: đậm <&>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/start", "Chào bạn"),
        ("/start 1_001193", "Chào bạn 1.001193"),
        ("/start tt-1_001193", "Chào bạn 1.001193"),
        ("/start 1-001193", "Chào bạn 1.001193"),
        ("/start 1_001193_H01", "Chào bạn 1.001193.H01"),
        ("/start ref_abc-1", "Chào bạn"),
        ("/start@motcua_bot", "Chào bạn"),
        ("/huongdan", "Trả lời: /huongdan"),
        ("/huongdan@motcua_bot", "Trả lời: /huongdan"),
    ],
)
def test_commands_and_deep_links(
    telegram: FakeTelegram, program: Program, text: str, expected: str
) -> None:
    send(program, telegram, telegram.message(1, text=text))
    eventually(lambda: telegram.words(42) == [expected])


def test_deep_links_hold_codes_and_nothing_else() -> None:
    assert deep_link("motcua_bot", "1.001193") == "https://t.me/motcua_bot?start=tt-1_001193"
    assert code_of(start_payload("2.000908.H17")) == "2.000908.H17"
    assert code_of("../etc") is None
    assert code_of("x" * 65) is None
    with pytest.raises(ValueError, match="not a procedure"):
        start_payload("khai sinh")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"photo": [{**FILE, "width": 1, "height": 1}]}, "image"),
        ({"voice": {**FILE, "duration": 1}}, "audio"),
        (
            {"video_note": {**FILE, "length": 1, "duration": 1}},
            "video",
        ),
        ({"document": {**FILE}}, "file"),
        ({"contact": {"phone_number": "84", "first_name": "A"}}, "contact"),
        ({"location": {"latitude": 10.5, "longitude": 106.5}}, "location"),
        ({"dice": {"emoji": "🎲", "value": 3}}, "unsupported"),
    ],
)
def test_other_kinds_are_answered(
    telegram: FakeTelegram, program: Program, fields: dict[str, Any], kind: str
) -> None:
    send(program, telegram, telegram.message(1, **fields))
    eventually(lambda: telegram.words(42) == [f"Loại {kind}"])
    if kind == "location":
        assert program.assistant.heard[0].latitude == 10.5


def test_notices_of_the_platform_are_left_alone(telegram: FakeTelegram, program: Program) -> None:
    send(program, telegram, telegram.message(1, group_chat_created=True))
    send(program, telegram, {"update_id": 2, "poll_answer": {"poll_id": "1", "option_ids": []}})
    send(program, telegram, {"update_id": 3, "something_new": {}})
    send(program, telegram, telegram.message(4, text="sau"))
    eventually(lambda: telegram.words(42) == ["Trả lời: sau"])


def test_an_edited_question_is_answered_anew(telegram: FakeTelegram, program: Program) -> None:
    send(program, telegram, telegram.message(1, text="khai snh"))
    edited = telegram.message(2, text="khai sinh")
    edited["edited_message"] = {**edited.pop("message"), "message_id": 1, "edit_date": 1700000001}
    send(program, telegram, edited)
    eventually(lambda: telegram.words(42) == ["Trả lời: khai snh", "Trả lời: khai sinh"])


def group(fake: FakeTelegram, update: int, text: str, **more: Any) -> Update:
    chat = {"id": -100, "type": "supergroup", "title": "Tổ dân phố"}
    made = fake.message(update, text=text, **more)
    made["message"]["chat"] = chat
    if not text:
        del made["message"]["text"]
    found = Update.de_json(made, None)
    assert found is not None
    return found


def test_groups_are_ignored_unless_addressed() -> None:
    fake, bot = FakeTelegram(), Bot(42, "motcua_bot")
    mention = [{"type": "mention", "offset": 0, "length": 11}]
    command = [{"type": "bot_command", "offset": 0, "length": 17}]
    reply = {
        "message_id": 9,
        "date": 1700000000,
        "chat": {"id": -100, "type": "supergroup"},
        "from": {"id": 42, "is_bot": True, "first_name": "Một Cửa"},
    }
    assert events_of(group(fake, 1, "chào cả nhà"), bot) == []
    assert events_of(group(fake, 2, "@someone_b khai sinh", entities=mention), bot) == []
    photo = group(fake, 6, "", photo=[{**FILE, "width": 1, "height": 1}])
    assert events_of(photo, bot) == []
    (named,) = events_of(group(fake, 3, "@motcua_bot khai sinh", entities=mention), bot)
    assert named.inbound is not None
    assert (named.inbound.text, named.conversation) == ("khai sinh", "-100:42")
    (replied,) = events_of(group(fake, 4, "còn phí?", reply_to_message=reply), bot)
    assert replied.inbound is not None
    assert replied.inbound.text == "còn phí?"
    (started,) = events_of(group(fake, 5, "/start@motcua_bot", entities=command), bot)
    assert started.inbound is not None
    assert started.inbound.kind is InboundKind.START


def test_a_blocked_bot_deletes_what_it_knows(telegram: FakeTelegram, program: Program) -> None:
    send(program, telegram, telegram.message(1, text="hỏi"))
    eventually(lambda: telegram.sent)
    user = {"id": 42, "is_bot": False, "first_name": "A"}
    bot = {"id": 42, "is_bot": True, "first_name": "B"}
    left = {
        "chat": {"id": 42, "type": "private"},
        "from": user,
        "date": 1700000000,
        "old_chat_member": {"user": bot, "status": "member"},
        "new_chat_member": {"user": bot, "status": "kicked", "until_date": 0},
    }
    send(program, telegram, {"update_id": 2, "my_chat_member": left})
    eventually(lambda: program.assistant.forgotten == [("telegram", "42")])


def test_forbidden_drops_the_rest(telegram: FakeTelegram, program: Program) -> None:
    telegram.blocked = {42}
    send(program, telegram, telegram.message(1, text="dài"))
    eventually(lambda: telegram.called("sendMessage"))
    eventually(program.idle)
    assert len(telegram.called("sendMessage")) == 1


def test_flood_control_is_waited_for(telegram: FakeTelegram, program: Program) -> None:
    telegram.fail_next = [(429, {"parameters": {"retry_after": 1}}), (502, {})]
    send(program, telegram, telegram.message(1, text="hỏi"))
    eventually(lambda: telegram.words(42) == ["Trả lời: hỏi"])
    assert len(telegram.called("sendMessage")) == 3


def test_wrong_token_alerts(telegram: FakeTelegram, start: Callable[..., Program]) -> None:
    program = start(**settings(telegram, telegram_token="43:WRONG"))
    alerts = eventually(program.queue.open_alerts)
    assert alerts[0].key == "telegram.token"
    assert "43:WRONG" not in alerts[0].text


def test_polling_takes_each_update_once(
    telegram: FakeTelegram, start: Callable[..., Program]
) -> None:
    telegram.webhook = {"url": "https://example.vn/old"}
    telegram.pending = [telegram.message(n, text=f"câu {n}") for n in range(1, 4)]
    start(**settings(telegram, telegram_mode="polling"))
    eventually(lambda: len(telegram.sent) == 3)
    assert telegram.words(42) == [f"Trả lời: câu {n}" for n in range(1, 4)]
    eventually(lambda: telegram.pending == [])


def test_typing_is_shown_while_the_assistant_thinks(
    telegram: FakeTelegram, start: Callable[..., Program]
) -> None:
    from fakes.program import Scripted

    program = start(Scripted(seconds=1), **settings(telegram))
    send(program, telegram, telegram.message(1, text="chậm"))
    eventually(lambda: telegram.sent)
    assert telegram.called("sendChatAction")


def test_the_fake_refuses_what_telegram_refuses() -> None:
    assert parse_html("<b>a</b> &lt; &amp;") == "a < &"
    for wrong in ("<b>a", "a</b>", "<x>a</x>", "a &nbsp; b", "<b><i>a</b></i>"):
        with pytest.raises(ValueError, match=r"\w"):
            parse_html(wrong)
