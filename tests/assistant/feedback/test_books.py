from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from assistant.feedback.flows import EXPIRY, FlowBook, Step
from assistant.feedback.ratings import Ratings
from assistant.feedback.tables import ratings

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_a_place_in_a_dialogue_is_kept_for_half_an_hour(database: Engine) -> None:
    now = [START]
    book = FlowBook(database, lambda: now[0])
    assert book.get("zalo:1") is None
    book.put("zalo:1", Step.KIND, {"channel": "zalo"})
    book.put("zalo:1", Step.ABOUT, {"channel": "zalo", "kind": "complaint"})
    flow = book.get("zalo:1")
    assert flow is not None
    assert flow.running
    assert (flow.step, flow.data["kind"]) == (Step.ABOUT, "complaint")
    assert book.left_behind() == []
    now[0] += EXPIRY
    old = book.get("zalo:1")
    assert old is not None
    assert not old.running
    assert [name for name, _ in book.left_behind()] == ["zalo:1"]


def test_one_process_alone_sends_what_was_left_behind(database: Engine) -> None:
    now = [START]
    book = FlowBook(database, lambda: now[0])
    book.put("zalo:1", Step.TEXT, {"channel": "zalo"})
    now[0] += EXPIRY
    ((name, flow),) = book.left_behind()
    assert [book.claim(name, flow), book.claim(name, flow)] == [True, False]
    assert book.left_behind() == []


def test_a_rating_of_the_same_conversation_is_changed_within_a_day(database: Engine) -> None:
    now = [START]
    book = Ratings(database, lambda: now[0])
    first = book.record("zalo", 2, "zalo:1")
    assert book.record("zalo", 4, "zalo:1", comment="tốt") == first
    assert book.record("page", 5) != book.record("page", 5)
    now[0] += timedelta(days=2)
    assert book.record("zalo", 3, "zalo:1") != first
    with database.connect() as connection:
        query = select(ratings.c.score).order_by(ratings.c.id)
        assert list(connection.execute(query).scalars()) == [4, 5, 5, 3]
    for score in (0, 6):
        with pytest.raises(ValueError, match="1 to 5"):
            book.record("zalo", score)
