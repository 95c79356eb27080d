from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from assistant.dialogue.database import conversations, turns
from assistant.dialogue.turns import Turn, TurnLog
from assistant.feedback.retention import Kept, Retention
from assistant.feedback.tables import (
    attempts,
    audit,
    flows,
    groups,
    items,
    notes,
    ratings,
    votes,
)
from assistant.settings import Settings

NOW = datetime(2026, 11, 20, tzinfo=UTC)
DAY = timedelta(days=1)
SETTINGS = Settings(
    conversation_expiry_hours=24,
    turn_retention_days=10,
    vote_retention_days=20,
    rating_retention_days=30,
    unreviewed_retention_days=40,
    contact_retention_days=5,
    item_retention_days=50,
    audit_retention_days=60,
)


def _item(kind: str, state: str, age: int, **more: Any) -> dict[str, Any]:
    moment = NOW - age * DAY
    return {
        "kind": kind, "origin": "flow", "state": state, "channel": "web", "text": f"{kind} {age}",
        "snapshot": {}, "decision_data": {}, "contact": "", "created_at": moment,
        "updated_at": moment, "closed_at": moment if state in {"done", "dismissed"} else None,
        "consent_at": None, "group_id": None, **more,
    }  # fmt: skip


@pytest.fixture
def filled(database: Engine) -> Engine:
    """Every kind once just inside its time and once just outside."""
    log = TurnLog(database)
    for age in (9, 11):
        log.record(
            Turn("c", "web", "q", "q", "i", "answer", None, (), (), 1.0, "r", 1.0, "v",
                 handle=str(age), asked_at=NOW - age * DAY)
        )  # fmt: skip
    with database.begin() as connection:
        for hours in (23, 25):
            moment = NOW - timedelta(hours=hours)
            connection.execute(
                insert(conversations).values(id=str(hours), state={}, updated_at=moment)
            )
        for age in (6, 8):
            connection.execute(
                insert(flows).values(
                    conversation=str(age), step="text", data={}, updated_at=NOW - age * DAY
                )
            )
        for age in (19, 21):
            moment = NOW - age * DAY
            connection.execute(
                insert(votes).values(
                    handle=str(age), conversation="c", channel="web", useful=True,
                    created_at=moment - 9 * DAY, updated_at=moment,
                )
            )  # fmt: skip
        for age in (29, 31):
            connection.execute(
                insert(ratings).values(channel="web", score=3, created_at=NOW - age * DAY)
            )
        for age in (59, 61):
            connection.execute(
                insert(audit).values(
                    at=NOW - age * DAY, actor="lan", action="x", subject="y", before={}, after={}
                )
            )
        for number, title in ((1, "còn"), (2, "đi")):
            connection.execute(
                insert(groups).values(
                    id=number, title=title, vector=b"", created_at=NOW, updated_at=NOW
                )
            )
        for row in (
            _item("unanswered", "new", 39, group_id=1),
            _item("unanswered", "new", 41, group_id=2),
            _item("answer", "open", 500),  # somebody works on it
            _item("suggestion", "new", 500),  # the office has to answer
            _item("complaint", "done", 4, contact="sealed", consent_at=NOW),
            _item("complaint", "done", 6, contact="sealed", consent_at=NOW),
            _item("suggestion", "dismissed", 49),
            _item("suggestion", "done", 51),
        ):
            connection.execute(insert(items).values(row))
        last = connection.execute(select(items.c.id).order_by(items.c.id.desc())).scalars().first()
        connection.execute(
            insert(notes).values(item_id=last, author="lan", text="x", created_at=NOW)
        )
        for age in (0, 3):
            minute = int((NOW - age * DAY).timestamp()) // 60
            connection.execute(insert(attempts).values(key=f"k{age}", period=minute, count=1))
    return database


def _values(database: Engine, column: Any) -> list[Any]:
    with database.connect() as connection:
        return sorted(connection.execute(select(column)).scalars())


def test_deletes_what_is_due_and_nothing_else(filled: Engine) -> None:
    done = Retention(filled, SETTINGS, lambda: NOW).clean_up()
    assert done == dict.fromkeys(Kept, 1)
    assert _values(filled, turns.c.handle) == ["9"]
    assert _values(filled, conversations.c.id) == ["23"]
    assert _values(filled, flows.c.conversation) == ["6"]
    assert _values(filled, votes.c.handle) == ["19"]
    assert len(_values(filled, ratings.c.id)) == 1
    assert len(_values(filled, audit.c.id)) == 1
    assert _values(filled, items.c.text) == [
        "answer 500", "complaint 4", "complaint 6", "suggestion 49", "suggestion 500",
        "unanswered 39",
    ]  # fmt: skip
    assert _values(filled, items.c.contact) == ["", "", "", "", "", "sealed"]
    assert _values(filled, groups.c.title) == ["còn"]
    assert _values(filled, notes.c.id) == []
    assert _values(filled, attempts.c.key) == ["k0"]
    assert Retention(filled, SETTINGS, lambda: NOW).clean_up() == {}


@pytest.mark.parametrize("days", [0, 1, 7, 40, 1000])
def test_what_is_announced_is_what_goes(filled: Engine, days: int) -> None:
    announced = Retention(filled, SETTINGS, lambda: NOW).soon(days)
    expected = {soon.kind: soon.going for soon in announced if soon.going}
    # a contact whose item goes too is announced under both
    then = NOW + days * DAY
    assert Retention(filled, SETTINGS, lambda: then).clean_up() == expected


def test_says_when_the_first_goes(filled: Engine) -> None:
    soon = {s.kind: s for s in Retention(filled, SETTINGS, lambda: NOW).soon(0)}
    assert set(soon) == set(Kept)
    assert soon[Kept.TURNS].total == 2
    assert soon[Kept.TURNS].going == 1
    assert soon[Kept.TURNS].first == NOW - DAY
    assert soon[Kept.TURNS].kept == 10 * DAY
    assert soon[Kept.CONTACTS].total == 2
