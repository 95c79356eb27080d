"""The Official Account from webhook to answer, against the fake platform."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from fakes.harness import Program, eventually, zalo_settings
from fakes.program import OPTIONS, Scripted
from fakes.zalo import FakeZalo

HMAC = "c950471c094450c1498030f6dc2201949a0885bd21bd95e19bea1559bd8df402"


def test_answers_a_text(zalo: FakeZalo, zalo_program: Program) -> None:
    answer = zalo.deliver(zalo_program.webhook("zalo"), zalo.text("u1", "xin chào"))
    assert answer.status_code == 200
    eventually(lambda: zalo.texts("u1") == ["Trả lời: xin chào"])
    assert zalo_program.assistant.heard[0].channel == "zalo"


@pytest.mark.parametrize("signature", ["", "0" * 64, HMAC, "ồ" * 3])
def test_drops_what_is_not_signed_with_200(
    zalo: FakeZalo, zalo_program: Program, signature: str
) -> None:
    raw = zalo.raw(zalo.text("u1", "giả"))
    headers = {"X-ZEvent-Signature": f"mac={signature}".encode()}
    answer = httpx.post(zalo_program.webhook("zalo"), content=raw, headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"processed": False})
    assert zalo_program.queue.counts()["inbox"] == 0
    assert zalo_program.assistant.heard == []


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"not json", b"[1]", b'{"timestamp":"1"}', b"\xff\xfe"]
)
def test_console_test_is_answered_200(zalo: FakeZalo, zalo_program: Program, body: bytes) -> None:
    assert zalo.ping(zalo_program.webhook("zalo"), body).status_code == 200
    assert httpx.get(zalo_program.webhook("zalo")).status_code == 200
    assert zalo_program.assistant.heard == []


def test_a_body_that_is_too_long_is_dropped(zalo: FakeZalo, zalo_program: Program) -> None:
    event = zalo.text("u1", "a" * (1 << 20))
    assert zalo.deliver(zalo_program.webhook("zalo"), event).json() == {"processed": False}


def test_a_slow_assistant_does_not_delay_the_acknowledgement(
    zalo: FakeZalo, start: Callable[..., Program]
) -> None:
    program = start(Scripted(seconds=5), **zalo_settings(zalo))
    with httpx.Client() as client:
        for number in range(5):  # the sender gives up after two seconds and would raise
            event = zalo.text(f"u{number}", "chậm")
            assert zalo.deliver(program.webhook("zalo"), event, client=client).status_code == 200
    eventually(lambda: len(zalo.sent) == 5, 20)


def test_a_repeated_delivery_is_answered_once(zalo: FakeZalo, zalo_program: Program) -> None:
    url = zalo_program.webhook("zalo")
    event = zalo.text("u1", "một lần")
    for retry in range(4):
        assert zalo.deliver(url, event, num_retry=retry).status_code == 200
    zalo.deliver(url, zalo.text("u1", "câu sau"))
    eventually(lambda: zalo.texts("u1") == ["Trả lời: một lần", "Trả lời: câu sau"])
    zalo.deliver(url, event, num_retry=5)
    eventually(zalo_program.idle)
    assert len(zalo.sent) == 2


def test_a_retry_of_an_hour_ago_is_answered(zalo: FakeZalo, zalo_program: Program) -> None:
    old = zalo.text("u1", "muộn", timestamp=str(int((time.time() - 3600) * 1000)))
    zalo.deliver(zalo_program.webhook("zalo"), old, num_retry=5)
    eventually(lambda: zalo.texts("u1") == ["Trả lời: muộn"])


def test_a_short_timestamp_of_old_samples_is_accepted(
    zalo: FakeZalo, zalo_program: Program
) -> None:
    event = zalo.text("u1", "cũ", timestamp="154390853474")
    zalo.deliver(zalo_program.webhook("zalo"), event)
    eventually(lambda: zalo.texts("u1") == ["Trả lời: cũ"])


def test_late_deliveries_are_put_in_order(zalo: FakeZalo, start: Callable[..., Program]) -> None:
    program = start(**zalo_settings(zalo, channel_settle_seconds=0.5))
    now = int(time.time() * 1000)
    events = [zalo.text("u1", f"câu {n}", timestamp=str(now + n)) for n in range(4)]
    for event in (events[2], events[0], events[3], events[1]):
        zalo.deliver(program.webhook("zalo"), event)
    eventually(lambda: len(zalo.sent) == 4)
    assert zalo.texts("u1") == [f"Trả lời: câu {n}" for n in range(4)]


def test_expired_token_is_renewed_exactly_once(
    zalo: FakeZalo, start: Callable[..., Program]
) -> None:
    program = start(**zalo_settings(zalo))
    zalo.expire()
    zalo.token_delay = 0.3
    with ThreadPoolExecutor(8) as pool:
        for number in range(8):
            pool.submit(zalo.deliver, program.webhook("zalo"), zalo.text(f"u{number}", "hỏi"))
    eventually(lambda: len(zalo.sent) == 8)
    assert zalo.refreshes == 1


@pytest.mark.parametrize("code", [-216, -220])
def test_token_errors_are_retried_once_with_a_new_token(
    zalo: FakeZalo, zalo_program: Program, code: int
) -> None:
    zalo.fail_next = [code]
    zalo.deliver(zalo_program.webhook("zalo"), zalo.text("u1", "hỏi"))
    eventually(lambda: zalo.texts("u1") == ["Trả lời: hỏi"])
    assert zalo.refreshes == 1


def test_refused_renewal_stops_and_alerts(zalo: FakeZalo, zalo_program: Program) -> None:
    zalo.expire()
    zalo.refresh = "spent elsewhere"
    for number in range(3):
        zalo.deliver(zalo_program.webhook("zalo"), zalo.text(f"u{number}", "hỏi"))
    alerts = eventually(zalo_program.queue.open_alerts)
    assert alerts[0].key == "zalo.token"
    assert "motcua zalo token import" in alerts[0].text
    eventually(lambda: zalo_program.queue.counts() == {"inbox": 0, "outbox": 3})
    assert zalo.calls.count("token") == 1


def test_long_answer_comes_in_three_parts_with_buttons_on_the_last(
    zalo: FakeZalo, zalo_program: Program
) -> None:
    zalo.deliver(zalo_program.webhook("zalo"), zalo.text("u1", "dài"))
    eventually(lambda: len(zalo.sent) == 3)
    whole = " ".join(zalo.texts("u1"))
    sentence = "Một câu trả lời dài về thủ tục hành chính có <dấu> & ký hiệu. "
    assert whole == (sentence * 100)[:5000].strip()
    assert [bool(sent.buttons) for sent in zalo.sent] == [False, False, True]
    assert [b["title"] for b in zalo.sent[-1].buttons] == [choice.title for choice in OPTIONS]


@pytest.mark.parametrize("code", [-210, -233, -201])
def test_refused_buttons_become_a_numbered_list(
    zalo: FakeZalo, zalo_program: Program, code: int
) -> None:
    zalo.fail_next = [code]
    url = zalo_program.webhook("zalo")
    zalo.deliver(url, zalo.text("u1", "chọn"))
    eventually(lambda: len(zalo.sent) == 1)
    assert zalo.sent[0].text == (
        "Bạn hỏi thủ tục nào?\n\nBạn trả lời bằng số thứ tự:\n"
        "1. Đăng ký khai sinh\n2. Đăng ký tạm trú\n3. Lĩnh vực khác"
    )
    assert zalo.sent[0].buttons == []
    zalo.deliver(url, zalo.text("u1", "2"))
    eventually(lambda: zalo.texts("u1")[1:] == ["Đã chọn p:1.004194"])


def test_buttons_rest_when_they_are_always_refused(zalo: FakeZalo, zalo_program: Program) -> None:
    zalo.accept_buttons = False
    url = zalo_program.webhook("zalo")
    for number in range(1, 6):
        zalo.deliver(url, zalo.text("u1", "chọn"))
        eventually(lambda number=number: len(zalo.sent) == number)
    assert zalo.calls.count("cs") == 5 + 3


def test_a_tap_comes_back_as_the_title(zalo: FakeZalo, zalo_program: Program) -> None:
    url = zalo_program.webhook("zalo")
    zalo.deliver(url, zalo.text("u1", "chọn"))
    eventually(lambda: len(zalo.sent) == 1)
    payload = zalo.sent[0].buttons[0]["payload"]
    zalo.deliver(url, zalo.text("u1", payload))
    eventually(lambda: zalo.texts("u1")[1:] == ["Đã chọn p:1.001193"])


def test_text_that_is_too_long_for_the_platform_is_split_again(
    zalo: FakeZalo, zalo_program: Program
) -> None:
    zalo.text_limit = 1000
    zalo.deliver(zalo_program.webhook("zalo"), zalo.text("u1", "dài"))
    eventually(zalo_program.idle)
    assert all(len(sent.text) <= 1000 for sent in zalo.sent)
    words = " ".join(zalo.texts("u1")).split()
    sentence = "Một câu trả lời dài về thủ tục hành chính có <dấu> & ký hiệu. "
    assert words[: len((sentence * 100)[:5000].split())] == (sentence * 100)[:5000].split()


@pytest.mark.parametrize(
    ("name", "attachment", "answer"),
    [
        ("user_send_image", {"type": "image", "payload": {"url": "u"}}, "Loại image"),
        ("user_send_sticker", {"type": "sticker", "payload": {"id": "1"}}, "Loại sticker"),
        ("user_send_audio", {"type": "audio", "payload": {"url": "u"}}, "Loại audio"),
        ("user_send_video", {"type": "video", "payload": {"url": "u"}}, "Loại video"),
        ("user_send_file", {"type": "file", "payload": {"url": "u"}}, "Loại file"),
        ("user_send_link", {"type": "link", "payload": {"url": "u"}}, "Loại link"),
        ("user_send_business_card", {"type": "link", "payload": {}}, "Loại contact"),
        (
            "user_send_location",
            {"payload": {"coordinates": {"latitude": "10.76", "longitude": "106.65"}}},
            "Loại location",
        ),
    ],
)
def test_other_kinds_are_answered(
    zalo: FakeZalo,
    zalo_program: Program,
    name: str,
    attachment: dict[str, Any],
    answer: str,
) -> None:
    message = {"msg_id": "m1", "attachments": [attachment]}
    zalo.deliver(zalo_program.webhook("zalo"), zalo.event(name, "u1", message))
    eventually(lambda: zalo.texts("u1") == [answer])
    heard = zalo_program.assistant.heard[0]
    expected = (10.76, 106.65) if name == "user_send_location" else (None, None)
    assert (heard.latitude, heard.longitude) == expected


def test_hidden_words_count_as_unsupported(zalo: FakeZalo, zalo_program: Program) -> None:
    event = zalo.event("user_send_text", "u1", {"msg_id": "m1"})
    zalo.deliver(zalo_program.webhook("zalo"), event)
    eventually(lambda: zalo.texts("u1") == ["Loại unsupported"])


@pytest.mark.parametrize("name", ["follow", "user_click_chatnow"])
def test_newcomers_are_greeted(zalo: FakeZalo, zalo_program: Program, name: str) -> None:
    subject = {"follower": {"id": "u1"}} if name == "follow" else {"user_id": "u1"}
    event = {"event_name": name, "app_id": zalo.app_id, "timestamp": "1720000000000", **subject}
    zalo.deliver(zalo_program.webhook("zalo"), event)
    zalo.deliver(zalo_program.webhook("zalo"), event, num_retry=1)
    eventually(lambda: zalo.texts("u1") == ["Chào bạn"])


def test_unfollow_deletes_everything(zalo: FakeZalo, zalo_program: Program) -> None:
    url = zalo_program.webhook("zalo")
    zalo.deliver(url, zalo.text("u1", "chọn"))
    eventually(lambda: len(zalo.sent) == 1)
    event = {
        "event_name": "unfollow",
        "app_id": zalo.app_id,
        "oa_id": zalo.oa_id,
        "follower": {"id": "u1"},
        "timestamp": "1720000000000",
    }
    zalo.deliver(url, event)
    eventually(lambda: zalo_program.assistant.forgotten == [("zalo", "u1")])
    eventually(zalo_program.idle)
    with zalo_program.queue._engine.connect() as db:
        for table in ("channel_citizens", "channel_inbox", "channel_outbox"):
            rows = db.exec_driver_sql(f"select * from {table}").fetchall()
            assert not any("u1" in str(row) for row in rows), table


@pytest.mark.parametrize("where", ["sender", "top"])
def test_staff_take_over_and_the_assistant_keeps_quiet(
    zalo: FakeZalo, zalo_program: Program, where: str
) -> None:
    url = zalo_program.webhook("zalo")
    sender = {"id": zalo.oa_id} | ({"admin_id": "9"} if where == "sender" else {})
    more = {"admin_id": "9"} if where == "top" else {}
    event = zalo.event(
        "oa_send_text",
        "u1",
        {"text": "Tôi là cán bộ", "msg_id": "s1"},
        sender=sender,
        recipient={"id": "u1"},
        **more,
    )
    zalo.deliver(url, event)
    zalo.deliver(url, zalo.text("u1", "cảm ơn cán bộ"))
    zalo.deliver(url, zalo.text("u2", "người khác"))
    eventually(lambda: zalo.texts("u2") == ["Trả lời: người khác"])
    eventually(zalo_program.idle)
    assert zalo.texts("u1") == []


def test_our_own_echo_is_no_take_over(zalo: FakeZalo, zalo_program: Program) -> None:
    url = zalo_program.webhook("zalo")
    echo = zalo.event(
        "oa_send_text",
        "u1",
        {"text": "Trả lời", "msg_id": "s1"},
        sender={"id": zalo.oa_id},
        recipient={"id": "u1"},
    )
    zalo.deliver(url, echo)
    zalo.deliver(url, zalo.text("u1", "hỏi tiếp"))
    eventually(lambda: zalo.texts("u1") == ["Trả lời: hỏi tiếp"])


@pytest.mark.parametrize(
    "name",
    [
        "user_seen_message", "user_received_message", "user_reacted_message", "user_submit_info",
        "anonymous_send_text", "user_send_group_text", "event_journey_x", "something_new",
        "user_feedback",
    ],
)  # fmt: skip
def test_other_events_are_left_alone(zalo: FakeZalo, zalo_program: Program, name: str) -> None:
    url = zalo_program.webhook("zalo")
    event = zalo.event(
        name, "u1", {"msg_id": "m1", "text": "x"}, sender={"id": zalo.oa_id}, recipient={"id": "u1"}
    )
    assert zalo.deliver(url, event).status_code == 200
    zalo.deliver(url, zalo.text("u2", "sau"))
    eventually(lambda: zalo.texts("u2") == ["Trả lời: sau"])
    assert [heard.conversation for heard in zalo_program.assistant.heard] == ["u2"]


def test_rate_error_makes_the_account_wait(zalo: FakeZalo, zalo_program: Program) -> None:
    started = time.time_ns() // 1_000_000
    zalo.fail_next = [-32]
    zalo.deliver(zalo_program.webhook("zalo"), zalo.text("u1", "hỏi"))
    eventually(lambda: zalo.calls.count("cs") == 1)

    def waiting() -> list[Any]:
        with zalo_program.queue._engine.connect() as db:
            query = "select due_at, attempts from channel_outbox where error is not null"
            return list(db.exec_driver_sql(query).fetchall())

    ((due_at, attempts),) = eventually(waiting)
    assert due_at > started
    assert 100 <= due_at % 60_000 < 5_000, "it waits for the next minute of the clock"
    assert attempts == 0


def test_gateway_errors_are_retried(zalo: FakeZalo, zalo_program: Program) -> None:
    zalo.fail_next = [("http", 502), -200, -200]  # the second meets the look-up
    zalo.deliver(zalo_program.webhook("zalo"), zalo.text("u1", "hỏi"))
    eventually(lambda: zalo.texts("u1") == ["Trả lời: hỏi"], 20)
    eventually(zalo_program.idle)
    assert zalo.calls.count("cs") == 3


@pytest.mark.parametrize("how", ["cut", "500"])
def test_a_lost_answer_is_looked_up_and_not_sent_twice(
    zalo: FakeZalo, zalo_program: Program, how: str
) -> None:
    zalo.lose_answers = [how]
    zalo.deliver(zalo_program.webhook("zalo"), zalo.text("u1", "hỏi"))
    eventually(lambda: "conversation" in zalo.calls or zalo.calls.count("cs") > 1)
    eventually(zalo_program.idle)
    assert zalo.texts("u1") == ["Trả lời: hỏi"]


@pytest.mark.parametrize("code", [-213, -217, -230, -232, -244])
def test_a_citizen_out_of_reach_is_given_up(
    zalo: FakeZalo, zalo_program: Program, code: int
) -> None:
    zalo.fail_next = [code]
    url = zalo_program.webhook("zalo")
    zalo.deliver(url, zalo.text("u1", "hỏi"))
    eventually(lambda: zalo.calls.count("cs") == 1)
    eventually(zalo_program.idle)
    zalo.deliver(url, zalo.text("u1", "quay lại"))
    eventually(lambda: zalo.texts("u1") == ["Trả lời: quay lại"])


def test_an_account_error_alerts_with_what_to_do(zalo: FakeZalo, zalo_program: Program) -> None:
    zalo.fail_next = [-224]
    zalo.deliver(zalo_program.webhook("zalo"), zalo.text("u1", "hỏi"))
    alerts = eventually(zalo_program.queue.open_alerts)
    assert "package" in alerts[0].text
    assert zalo_program.queue.counts()["outbox"] == 1


def test_a_broken_turn_ends_in_an_apology(zalo: FakeZalo, zalo_program: Program) -> None:
    zalo.deliver(zalo_program.webhook("zalo"), zalo.text("u1", "hỏng"))
    eventually(lambda: len(zalo.texts("u1")) == 1, 30)
    assert zalo.texts("u1")[0].startswith("Xin lỗi")
    assert len(zalo_program.assistant.heard) == 3


def test_wrong_secret_that_is_the_app_secret_is_explained(
    zalo: FakeZalo, zalo_program: Program
) -> None:
    event = zalo.text("u1", "x")
    mac = zalo.sign(zalo.raw(event), event["timestamp"], zalo.app_secret)
    zalo.deliver(zalo_program.webhook("zalo"), event, signature=mac)
    alerts = eventually(zalo_program.queue.open_alerts)
    assert alerts[0].key == "zalo.signature"
    assert zalo_program.assistant.heard == []


def test_verification_file_is_served(
    zalo: FakeZalo, start: Callable[..., Program], tmp_path: Any
) -> None:
    (tmp_path / "zalo_verifierXYZ.html").write_text("proof from the folder")
    program = start(
        **zalo_settings(
            zalo,
            zalo_verifier_filename="zalo_verifierABC.html",
            zalo_verifier_content="proof from the settings",
        )
    )
    assert httpx.get(f"{program.url}/zalo_verifierABC.html").text == "proof from the settings"
    assert httpx.get(f"{program.url}/zalo_verifierXYZ.html").text == "proof from the folder"
    assert httpx.get(f"{program.url}/zalo_verifierQQQ.html").status_code == 404
    (tmp_path / "zalo-tokens.html").write_text("secret")
    assert httpx.get(f"{program.url}/zalo_verifier/../zalo-tokens.html").status_code == 404


def test_a_vote_is_among_the_buttons_and_comes_back_as_words(
    zalo: FakeZalo, zalo_program: Program
) -> None:
    url = zalo_program.webhook("zalo")
    zalo.deliver(url, zalo.text("u1", "phí"))
    eventually(lambda: zalo.texts("u1") == ["20.000 đồng"])
    buttons = zalo.sent[-1].buttons
    assert [b["title"] for b in buttons] == [
        "Đăng ký khai sinh", "Đăng ký tạm trú", "👍 Hữu ích", "👎 Chưa đúng"
    ]  # fmt: skip
    zalo.deliver(url, zalo.text("u1", buttons[-1]["payload"]))
    eventually(lambda: len(zalo.texts("u1")) == 2)
    assert zalo_program.assistant.heard[-1].choice == "v:-:h4ndl3-0123456_x"
