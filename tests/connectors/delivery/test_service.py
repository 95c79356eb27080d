"""The delivery around the queue: restarts, stops and channels that share the workers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from fakes.harness import Program, eventually, zalo_settings
from fakes.program import Scripted, open_database
from fakes.telegram import FakeTelegram
from fakes.zalo import FakeZalo

from connectors.channel import Accept, Capabilities, Event, EventKind, Outgoing
from connectors.delivery.queue import Queue
from connectors.delivery.service import Delivery
from connectors.message import Choice, Inbound


class Memory:
    """A channel that sends into a list."""

    name = "memory"
    capabilities = Capabilities(100)
    settle_seconds = 0.0
    expiry_hours = 48.0
    refusal_status = 200

    def __init__(self, arrived: bool | None = None, seconds: float = 0.0) -> None:
        self.sent: list[tuple[str, str]] = []
        self.closed = False
        self.active = self.most_active = 0
        self._arrived = arrived
        self._seconds = seconds

    def parse(self, headers: Mapping[str, str], body: bytes) -> list[Event]:
        return []

    async def ready(self) -> None:
        return

    async def send(self, conversation: str, message: Outgoing) -> str:
        self.active += 1
        self.most_active = max(self.most_active, self.active)
        await asyncio.sleep(self._seconds)
        self.active -= 1
        assert not self.closed, "connections are closed before everything is sent"
        self.sent.append((conversation, message.text))
        return ""

    async def confirm(self, conversation: str, message: Outgoing, after: str) -> bool | None:
        return self._arrived

    async def typing(self, conversation: str) -> None:
        return

    def choice_data(self, choice: Choice, token: str) -> str:
        return ""

    async def start(self, accept: Accept) -> None:
        return

    async def stop(self) -> None:
        self.closed = True


def said(key: str, user: str = "u1") -> Event:
    return Event(EventKind.MESSAGE, key, user, None, Inbound("memory", user, key, message_id=key))


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    engine = open_database(f"sqlite:///{tmp_path / 'queue.sqlite'}")
    yield Queue(engine)
    engine.dispose()


async def until(check: Callable[[], object]) -> None:
    end = time.monotonic() + 15
    while not check():
        assert time.monotonic() < end, "it did not come about"
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(("arrived", "times"), [(True, 1), (None, 1), (False, 2)])
async def test_an_interrupted_message(queue: Queue, arrived: bool | None, times: int) -> None:
    """Marked as on its way when the program died; it had gone out in this test."""
    channel = Memory(arrived)
    queue.accept("memory", [said("m1")])
    (lane,) = queue.claim(1)
    step = queue.next_step(lane)
    assert step is not None
    queue.answered(lane, step, [Outgoing("một")], step.received_at + 1_000_000)
    step = queue.next_step(lane)
    assert step is not None
    queue.begin_send(lane, step.row)
    channel.sent.append(("u1", "một"))
    queue.release(lane)  # as the lease would end after a while
    delivery = Delivery(queue, {"memory": channel}, Scripted())
    await delivery.start()
    await until(lambda: queue.counts() == {"inbox": 0, "outbox": 0})
    await delivery.stop()
    assert channel.sent == [("u1", "một")] * times


async def test_a_stop_lets_what_is_under_way_end(queue: Queue) -> None:
    channel = Memory(seconds=0.5)
    delivery = Delivery(queue, {"memory": channel}, Scripted())
    await delivery.start()
    await delivery.accept("memory", [said("m1"), said("m2")])
    await until(lambda: channel.active == 1)
    await delivery.stop()
    assert channel.sent == [("u1", "Trả lời: m1")]
    assert channel.closed
    again = Memory()
    delivery = Delivery(queue, {"memory": again}, Scripted())
    await delivery.start()
    await until(lambda: again.sent == [("u1", "Trả lời: m2")])
    await delivery.stop()


async def test_citizens_do_not_wait_for_each_other(queue: Queue) -> None:
    channel = Memory(seconds=0.2)
    delivery = Delivery(queue, {"memory": channel}, Scripted(seconds=0.2), workers=20)
    await delivery.start()
    await delivery.accept("memory", [said(f"m{n}", f"u{n}") for n in range(20)])
    await until(lambda: len(channel.sent) == 20)
    await delivery.stop()
    assert channel.most_active > 5


async def test_what_belongs_to_a_channel_that_is_off_does_not_block(queue: Queue) -> None:
    queue.accept("gone", [said("m1")])
    delivery = Delivery(queue, {"memory": Memory()}, Scripted())
    await delivery.start()
    await until(lambda: queue.counts() == {"inbox": 0, "outbox": 0})
    await delivery.stop()


def test_a_channel_at_its_limit_leaves_the_workers_to_others(
    stack: ExitStack,
    start: Callable[..., Program],
    zalo: FakeZalo,
    telegram: FakeTelegram,
) -> None:
    zalo.rate_limit = 3
    program = start(
        **zalo_settings(zalo, channel_workers=2, zalo_rate_per_minute=3),
        telegram_api_base=telegram.url,  # type: ignore[attr-defined]
        telegram_token=telegram.token,
        telegram_webhook_secret="s",
    )
    for number in range(8):
        zalo.deliver(program.webhook("zalo"), zalo.text(f"u{number}", "hỏi"))
    eventually(lambda: len(zalo.sent) >= 2)
    telegram.deliver(program.webhook("telegram"), telegram.message(1, text="hỏi"), "s")
    eventually(lambda: telegram.words(42) == ["Trả lời: hỏi"])
    assert len(zalo.sent) <= 3


def test_the_server_stops_with_messages_waiting(
    start: Callable[..., Program], zalo: FakeZalo, tmp_path: Path
) -> None:
    """What waits at a stop is sent by the next process."""
    zalo.fail_next = [("http", 502)] * 2
    with ExitStack() as first:
        from connectors.settings import ChannelSettings

        settings = ChannelSettings(
            _env_file=None, data_dir=tmp_path, channel_settle_seconds=0, **zalo_settings(zalo)
        )
        program = Program(settings, Scripted(), first)
        zalo.deliver(program.webhook("zalo"), zalo.text("u1", "hỏi"))
        eventually(lambda: zalo.calls.count("cs") == 1)
    assert zalo.sent == []
    start(**zalo_settings(zalo))
    eventually(lambda: zalo.texts("u1") == ["Trả lời: hỏi"])
