from __future__ import annotations

from datetime import UTC, datetime, timedelta

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from sqlalchemy import Engine, inspect, update

from assistant.dialogue.database import conversations
from assistant.dialogue.tracker_store import ConversationStore
from assistant.dialogue.turns import Turn, TurnLog
from assistant.training import DOMAIN


def _store(database: Engine, hours: float = 1) -> ConversationStore:
    return ConversationStore(database, timedelta(hours=hours), Domain.load(str(DOMAIN)))


def _turn(conversation: str, **changes: object) -> Turn:
    values: dict[str, object] = {
        "conversation": conversation,
        "channel": "api",
        "question": "tạm trú bao nhiêu tiền",
        "read_as": "tạm trú bao nhiêu tiền",
        "intent": "ask_procedure",
        "kind": "answer",
        "procedure": "1.004194",
        "aspects": ["fees"],
        "candidates": [["1.004194", 0.9]],
        "confidence": 0.9,
        "reply": "15.000 đồng",
        "latency_ms": 5.0,
        "catalogue_version": "x",
        **changes,
    }
    return Turn(**values)  # type: ignore[arg-type]


def test_migrations_make_the_tables(database: Engine) -> None:
    assert {"conversations", "turns"} <= set(inspect(database).get_table_names())


async def test_slots_survive_and_a_tracker_starts_with_them(database: Engine) -> None:
    store = _store(database)
    tracker = await store.get_or_create_tracker("api:1")
    tracker.update(SlotSet("procedure", "1.004194"))
    tracker.update(SlotSet("pending", [{"id": "p:1.004222", "title": "Thường trú"}]))
    await store.save(tracker)
    again = await _store(database).retrieve("api:1")
    assert again is not None
    assert again.get_slot("procedure") == "1.004194"
    assert again.copy().get_slot("pending") == [{"id": "p:1.004222", "title": "Thường trú"}]
    assert list(await store.keys()) == ["api:1"]


async def test_a_long_conversation_stays_small(database: Engine) -> None:
    store = _store(database)
    for number in range(60):
        tracker = await store.get_or_create_tracker("api:1")
        tracker.update(SlotSet("procedure", f"1.{number:06d}"))
        assert len(tracker.events) < 12
        await store.save(tracker)


async def test_an_expired_conversation_is_forgotten(database: Engine) -> None:
    store = _store(database)
    tracker = await store.get_or_create_tracker("api:old")
    tracker.update(SlotSet("procedure", "1.004194"))
    await store.save(tracker)
    with database.begin() as connection:
        old = datetime.now(UTC) - timedelta(hours=2)
        connection.execute(update(conversations).values(updated_at=old))
    assert await store.retrieve("api:old") is None


def test_turns_are_found_by_conversation(database: Engine) -> None:
    log = TurnLog(database)
    log.record(_turn("api:1"))
    log.record(_turn("api:2"))
    (found,) = log.of_conversation("api:1")
    assert found["candidates"] == [["1.004194", 0.9]]
    assert found["handle"]
