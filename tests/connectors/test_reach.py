"""Writing to citizens who did not just write: once, in time, never to those who left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from fakes.program import open_database

from connectors.channel import Event, EventKind, Outgoing
from connectors.delivery.queue import HOUR, Lane, Pushed, Queue, StepKind
from connectors.delivery.tables import citizens, metadata
from connectors.message import Inbound
from connectors.reach import LONGEST, Reach
from connectors.settings import ChannelSettings

DAY = 24 * HOUR


class Clock:
    def __init__(self) -> None:
        self.now = 1_700_000_000_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path / 'queue.sqlite'}")
    else:
        engine = sa.create_engine(request.getfixturevalue("postgres"))
        metadata.drop_all(engine)
        metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(database: sa.Engine, clock: Clock) -> Queue:
    return Queue(database, clock)


def reach(database: sa.Engine, clock: Clock, **settings: object) -> Reach:
    return Reach(ChannelSettings(_env_file=None, **settings), database, clock)


def write(queue: Queue, channel: str, key: str = "m1", user: str = "u1") -> None:
    inbound = Inbound(channel, user, "hỏi", message_id=key)
    queue.accept(channel, [Event(EventKind.MESSAGE, key, user, None, inbound)])


def answer_all(queue: Queue, lane: Lane) -> list[str]:
    """Serves a citizen; returns what was sent, in order."""
    sent = []
    queue.claim(10)
    while (step := queue.next_step(lane)) is not None:
        if step.kind is StepKind.ANSWER:
            queue.answered(lane, step, [Outgoing("trả lời")], queue._clock() + HOUR)
        elif step.kind is StepKind.SEND:
            assert step.outgoing is not None
            assert queue.begin_send(lane, step.row)
            queue.sent(lane, step.row)
            sent.append(step.outgoing.text)
    queue.release(lane)
    return sent


def test_it_goes_out_once_and_behind_what_waits(
    queue: Queue, database: sa.Engine, clock: Clock
) -> None:
    write(queue, "telegram")
    outreach = reach(database, clock)
    lane = Lane("telegram", "u1")
    queue.claim(1)
    step = queue.next_step(lane)
    assert step is not None
    queue.answered(lane, step, [Outgoing("một"), Outgoing("hai")], clock.now + HOUR)
    assert outreach.tell("telegram", "u1", "đã xử lý", "done:1") is Pushed.QUEUED
    assert outreach.tell("telegram", "u1", "đã xử lý", "done:1") is Pushed.KNOWN
    queue.release(lane)
    assert answer_all(queue, lane) == ["một", "hai", "đã xử lý"]
    assert queue.next_due() is None


def test_a_waiting_question_is_still_answered(
    queue: Queue, database: sa.Engine, clock: Clock
) -> None:
    write(queue, "telegram")
    answer_all(queue, Lane("telegram", "u1"))
    clock.now += 10 * DAY
    assert reach(database, clock).tell("telegram", "u1", "tin", "a") is Pushed.QUEUED
    assert queue.next_due() == clock.now
    write(queue, "telegram", "m2")
    assert answer_all(queue, Lane("telegram", "u1")) == ["tin", "trả lời"]


@pytest.mark.parametrize(
    ("channel", "paid", "days", "expected"),
    [
        ("zalo", False, 1.9, Pushed.QUEUED),
        ("zalo", False, 2.1, Pushed.TOO_LATE),
        ("zalo", True, 6.9, Pushed.QUEUED),
        ("zalo", True, 7.1, Pushed.TOO_LATE),
        ("zalo-bot", False, 2.1, Pushed.TOO_LATE),
        ("telegram", False, 25.0, Pushed.QUEUED),
        ("web", False, 0.1, Pushed.UNREACHABLE),
    ],
)
def test_the_platforms_window_is_respected(
    queue: Queue, database: sa.Engine, clock: Clock, channel: str, paid: bool, days: float,
    expected: Pushed,
) -> None:  # fmt: skip
    write(queue, channel)
    clock.now += int(days * DAY)
    outreach = reach(database, clock, zalo_paid_messages=paid)
    assert outreach.tell(channel, "u1", "tin", "a") is expected


def test_a_message_that_waited_beyond_the_window_is_given_up(
    queue: Queue, database: sa.Engine, clock: Clock
) -> None:
    write(queue, "zalo")
    answer_all(queue, Lane("zalo", "u1"))
    clock.now += 2 * DAY - HOUR
    reach(database, clock).tell("zalo", "u1", "tin", "a")
    queue.claim(1)
    step = queue.next_step(Lane("zalo", "u1"))
    assert step is not None
    assert step.expires_at == clock.now + HOUR


def test_nobody_who_left_is_written_to(queue: Queue, database: sa.Engine, clock: Clock) -> None:
    outreach = reach(database, clock)
    assert outreach.tell("telegram", "u1", "tin", "a") is Pushed.UNREACHABLE
    write(queue, "telegram")
    lane = Lane("telegram", "u1")
    queue.claim(1)
    step = queue.next_step(lane)
    assert step is not None
    queue.answered(lane, step, [Outgoing("trả lời")], clock.now + HOUR)
    sending = queue.next_step(lane)
    assert sending is not None
    queue.give_up(lane, sending.row, "blocked", blocked=True)
    queue.release(lane)
    assert outreach.tell("telegram", "u1", "tin", "a") is Pushed.UNREACHABLE
    write(queue, "telegram", "m2")
    assert outreach.tell("telegram", "u1", "tin", "a") is Pushed.QUEUED
    queue.erase(lane)
    assert outreach.tell("telegram", "u1", "tin", "b") is Pushed.UNREACHABLE


def test_a_conversation_with_staff_is_not_interrupted(
    queue: Queue, database: sa.Engine, clock: Clock
) -> None:
    write(queue, "zalo")
    queue.accept("zalo", [Event(EventKind.TAKEOVER, "t1", "u1")])
    outreach = reach(database, clock)
    assert outreach.tell("zalo", "u1", "tin", "a") is Pushed.TAKEN_OVER
    clock.now += 2 * HOUR
    assert outreach.tell("zalo", "u1", "tin", "a") is Pushed.QUEUED


def test_a_long_text_is_cut(queue: Queue, database: sa.Engine, clock: Clock) -> None:
    write(queue, "telegram")
    answer_all(queue, Lane("telegram", "u1"))
    reach(database, clock).tell("telegram", "u1", "dài " * 1000, "a")
    (sent,) = answer_all(queue, Lane("telegram", "u1"))
    assert len(sent) <= LONGEST
    with database.connect() as connection:
        assert connection.execute(sa.select(citizens.c.due_at)).scalar_one() is None
