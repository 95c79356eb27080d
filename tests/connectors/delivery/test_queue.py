"""The queue, on SQLite and, where one can be started, on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from fakes.program import open_database

from connectors.channel import Event, EventKind, Outgoing
from connectors.delivery.queue import CHOICES_KEPT, HOUR, Lane, LeaseLostError, Queue, StepKind
from connectors.delivery.tables import inbox, metadata, outbox
from connectors.message import Choice, Inbound

LANE = Lane("zalo", "u1")


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


def said(key: str, text: str = "hỏi", user: str = "u1", order: int | None = None) -> Event:
    inbound = Inbound("zalo", user, text, message_id=key)
    return Event(EventKind.MESSAGE, key, user, order, inbound)


def answer(queue: Queue, clock: Clock, *texts: str) -> None:
    step = queue.next_step(LANE)
    assert step is not None
    assert step.kind is StepKind.ANSWER
    queue.answered(LANE, step, [Outgoing(text) for text in texts], clock.now + HOUR)


def test_an_event_is_taken_once(queue: Queue) -> None:
    assert queue.accept("zalo", [said("m1"), said("m1"), said("m2")]) == 2
    assert queue.accept("zalo", [said("m1")]) == 0
    assert queue.accept("telegram", [said("m1")]) == 1


def test_a_citizen_is_served_by_one_worker(queue: Queue, database: sa.Engine, clock: Clock) -> None:
    other = Queue(database, clock)
    queue.accept("zalo", [said("m1"), said("m2", user="u2")])
    assert [lane.conversation for lane in queue.claim(1)] == ["u1"]
    assert [lane.conversation for lane in other.claim(5)] == ["u2"]
    assert other.claim(5) == []
    queue.release(LANE)
    assert other.claim(5) == [LANE]


def test_a_lease_ends_when_its_holder_is_silent(
    queue: Queue, database: sa.Engine, clock: Clock
) -> None:
    other = Queue(database, clock)
    queue.accept("zalo", [said("m1")])
    queue.claim(1)
    clock.now += 20_000
    queue.renew()
    clock.now += 20_000
    assert other.claim(1) == []
    clock.now += 20_000
    assert other.claim(1) == [LANE]
    with pytest.raises(LeaseLostError):
        answer(queue, clock, "zu spät")
    assert queue.counts() == {"inbox": 1, "outbox": 0}


def test_questions_keep_the_platforms_order(queue: Queue, clock: Clock) -> None:
    queue.accept("zalo", [said("m3", order=3), said("m1", order=1), said("m2", order=2)])
    queue.claim(1)
    heard = []
    while (step := queue.next_step(LANE)) is not None:
        assert step.inbound is not None
        heard.append(step.inbound.message_id)
        queue.skip(LANE, step.row)
    assert heard == ["m1", "m2", "m3"]


def test_a_question_waits_for_earlier_ones(queue: Queue, clock: Clock) -> None:
    queue.accept("zalo", [said("m2", order=2)], settle_ms=800)
    assert queue.claim(1) == []
    assert queue.next_due() == clock.now + 800
    clock.now += 500
    queue.accept("zalo", [said("m1", order=1)], settle_ms=800)
    clock.now += 300
    assert queue.claim(1) == [LANE]
    step = queue.next_step(LANE)
    assert step is not None
    assert step.inbound is not None
    assert step.inbound.message_id == "m1"


def test_nothing_is_answered_before_everything_is_sent(queue: Queue, clock: Clock) -> None:
    queue.accept("zalo", [said("m1"), said("m2")])
    queue.claim(1)
    answer(queue, clock, "một", "hai")
    for text in ("một", "hai"):
        step = queue.next_step(LANE)
        assert step is not None
        assert step.kind is StepKind.SEND
        assert step.outgoing == Outgoing(text)
        assert queue.begin_send(LANE, step.row)
        queue.sent(LANE, step.row)
    step = queue.next_step(LANE)
    assert step is not None
    assert step.kind is StepKind.ANSWER


def test_a_failed_part_holds_the_rest_until_its_time(queue: Queue, clock: Clock) -> None:
    queue.accept("zalo", [said("m1")])
    queue.claim(1)
    answer(queue, clock, "một", "hai")
    step = queue.next_step(LANE)
    assert step is not None
    queue.begin_send(LANE, step.row)
    queue.retry(LANE, step.row, clock.now + 5000, "502", attempts=1)
    assert queue.next_step(LANE) is None
    queue.release(LANE)
    assert queue.next_due() == clock.now + 5000
    clock.now += 5000
    assert queue.claim(1) == [LANE]
    step = queue.next_step(LANE)
    assert step is not None
    assert (step.outgoing, step.attempts) == (Outgoing("một"), 1)


def test_a_message_on_its_way_at_a_crash_is_checked(
    queue: Queue, database: sa.Engine, clock: Clock
) -> None:
    queue.accept("zalo", [said("m1")])
    queue.claim(1)
    answer(queue, clock, "một")
    step = queue.next_step(LANE)
    assert step is not None
    queue.begin_send(LANE, step.row)
    clock.now += 60_000
    after = Queue(database, clock)
    assert after.claim(1) == [LANE]
    step = after.next_step(LANE)
    assert step is not None
    assert (step.kind, step.answers) == (StepKind.CHECK, "m1")


def test_replacements_take_the_place_of_a_part(queue: Queue, clock: Clock) -> None:
    queue.accept("zalo", [said("m1")])
    queue.claim(1)
    answer(queue, clock, "một", "hai", "ba")
    step = queue.next_step(LANE)
    assert step is not None
    queue.begin_send(LANE, step.row)
    queue.replace(LANE, step.row, [Outgoing("1a"), Outgoing("1b")])
    sent = []
    while (step := queue.next_step(LANE)) is not None:
        assert step.outgoing is not None
        sent.append(step.outgoing.text)
        queue.begin_send(LANE, step.row)
        queue.sent(LANE, step.row)
    assert sent == ["1a", "1b", "hai", "ba"]


def test_giving_up_drops_the_rest_of_that_answer_only(queue: Queue, clock: Clock) -> None:
    queue.accept("zalo", [said("m1"), said("m2")])
    queue.claim(1)
    answer(queue, clock, "một", "hai")
    step = queue.next_step(LANE)
    assert step is not None
    queue.begin_send(LANE, step.row)
    queue.give_up(LANE, step.row, "no")
    answer(queue, clock, "ba")
    assert queue.counts() == {"inbox": 0, "outbox": 1}


def test_words_go_when_they_are_not_needed(queue: Queue, database: sa.Engine, clock: Clock) -> None:
    queue.accept("zalo", [said("m1", "câu hỏi riêng")])
    queue.claim(1)
    answer(queue, clock, "câu trả lời riêng")
    step = queue.next_step(LANE)
    assert step is not None
    queue.begin_send(LANE, step.row)
    queue.sent(LANE, step.row)
    with database.connect() as db:
        for table in (inbox, outbox):
            assert db.execute(sa.select(table.c.payload)).scalars().all() == [None]


def test_staff_pause_drops_what_waits_and_ends(queue: Queue, clock: Clock) -> None:
    queue.accept("zalo", [said("m1")])
    queue.claim(1)
    answer(queue, clock, "một")
    takeover = Event(EventKind.TAKEOVER, "s1", "u1")
    assert queue.accept("zalo", [takeover], pause_ms=HOUR) == 1
    assert queue.counts() == {"inbox": 0, "outbox": 0}
    queue.accept("zalo", [said("m2"), said("m3")])
    step = queue.next_step(LANE)
    assert step is not None
    assert step.paused
    clock.now += HOUR + 1
    assert queue.accept("zalo", [takeover], pause_ms=HOUR) == 0, "a retry pauses nothing"
    step = queue.next_step(LANE)
    assert step is not None
    assert not step.paused


def test_an_answer_that_was_under_way_at_a_take_over_is_not_sent(
    queue: Queue, clock: Clock
) -> None:
    queue.accept("zalo", [said("m1")])
    queue.claim(1)
    step = queue.next_step(LANE)
    assert step is not None
    queue.accept("zalo", [Event(EventKind.TAKEOVER, "s1", "u1")], pause_ms=HOUR)
    queue.answered(LANE, step, [Outgoing("một")], clock.now + HOUR)
    assert queue.counts() == {"inbox": 0, "outbox": 0}


def test_leaving_goes_before_everything_else(queue: Queue, clock: Clock) -> None:
    queue.accept("zalo", [said("m1"), said("m2")])
    queue.claim(1)
    answer(queue, clock, "một")
    step = queue.next_step(LANE)
    assert step is not None
    queue.begin_send(LANE, step.row)
    queue.retry(LANE, step.row, clock.now + HOUR, "502", attempts=1)
    queue.release(LANE)
    queue.accept("zalo", [Event(EventKind.FORGET, "bye", "u1")])
    assert queue.claim(1) == [LANE]
    step = queue.next_step(LANE)
    assert step is not None
    assert step.kind is StepKind.FORGET
    queue.erase(LANE)
    queue.release(LANE)
    assert queue.counts() == {"inbox": 0, "outbox": 0}
    assert queue.accept("zalo", [said("m1")]) == 0, "what was answered stays answered"


def test_choices_are_remembered_for_half_an_hour(queue: Queue, clock: Clock) -> None:
    queue.accept("zalo", [said("m1")])
    queue.claim(1)
    step = queue.next_step(LANE)
    assert step is not None
    offered = [Choice("a", "Một"), Choice("b", "Hai")]
    queue.answered(LANE, step, [Outgoing("?")], clock.now + HOUR, offered)
    clock.now += CHOICES_KEPT
    assert queue.choices(LANE) == offered
    clock.now += 1
    assert queue.choices(LANE) == []


def test_old_rows_go(queue: Queue, database: sa.Engine, clock: Clock) -> None:
    queue.accept("zalo", [said("m1"), said("m2", user="u2")])
    queue.claim(1)
    answer(queue, clock, "một")
    step = queue.next_step(LANE)
    assert step is not None
    queue.begin_send(LANE, step.row)
    queue.sent(LANE, step.row)
    queue.release(LANE)
    queue.keep_tokens([("t", "x")])
    clock.now += 31 * 24 * HOUR
    queue.clean_up()
    with database.connect() as db:
        assert db.execute(sa.select(inbox.c.event)).scalars().all() == ["m2"], "it still waits"
        assert db.execute(sa.select(sa.func.count()).select_from(outbox)).scalar() == 0
        people = db.exec_driver_sql("select conversation from channel_citizens").scalars().all()
    assert people == ["u2"]
    assert queue.choice_of("t") == "x"


def test_alerts_count_and_clear(queue: Queue) -> None:
    for _ in range(2):
        queue.raise_alert("zalo.token", "…")
    queue.raise_alert("zalo-bot.token", "…")
    counted = {alert.key: alert.times for alert in queue.open_alerts()}
    assert counted == {"zalo.token": 2, "zalo-bot.token": 1}
    queue.clear_alerts("zalo.")
    assert [alert.key for alert in queue.open_alerts()] == ["zalo-bot.token"]


def test_threads_and_processes_share_the_work_without_overlap(database: sa.Engine) -> None:
    """Two queues on one database, as two processes would have: nobody is served twice."""
    first = Queue(database)
    for number in range(60):
        first.accept("zalo", [said(f"m{number}", user=f"u{number}")])
    claimed: list[str] = []
    lock = threading.Lock()

    def work(queue: Queue) -> None:
        while lanes := queue.claim(3):
            with lock:
                claimed.extend(lane.conversation for lane in lanes)

    threads = [threading.Thread(target=work, args=(Queue(database),)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(f"u{number}" for number in range(60))


def test_a_dead_process_of_this_machine_gives_back_at_once(
    queue: Queue, database: sa.Engine, clock: Clock
) -> None:
    queue.accept("zalo", [said("m1")])
    host = queue.owner.split(":")[0]
    queue.owner = f"{host}:999999999:dead"
    queue.claim(1)
    after = Queue(database, clock)
    after.release_dead()
    assert after.claim(1) == [LANE]


def test_migrations_make_the_tables(tmp_path: Path) -> None:
    from assistant.dialogue.database import connect

    engine = connect(f"sqlite:///{tmp_path / 'migrated.sqlite'}")
    with engine.connect() as db:
        context = MigrationContext.configure(db)
        differences = [
            difference
            for difference in compare_metadata(context, metadata)
            if not (difference[0] == "remove_table" or difference[0] == "remove_index")
        ]
    engine.dispose()
    assert differences == []
