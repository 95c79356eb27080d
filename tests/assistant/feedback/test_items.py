from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from assistant.feedback.audit import AuditLog
from assistant.feedback.items import (
    Filter,
    ItemChangedError,
    ItemMissingError,
    NewItem,
    ReviewItems,
)
from assistant.feedback.values import Kind, Origin, State

SUGGESTION = NewItem(
    kind=Kind.SUGGESTION,
    origin=Origin.FLOW,
    channel="telegram",
    text="Nên có thêm ghế ngồi chờ",
    conversation="telegram:1",
    about="facility",
    place="Phường Đông Hà",
    tracked=True,
)
VOTE = NewItem(
    kind=Kind.ANSWER,
    origin=Origin.VOTE,
    channel="web",
    text="tạm trú hết bao nhiêu",
    handle="h1",
    procedure="1.004194",
    snapshot={"question": "tạm trú hết bao nhiêu", "reply": "15.000 đồng"},
)


def test_an_item_gets_a_code_only_when_a_citizen_may_look_it_up(database: Engine) -> None:
    queue = ReviewItems(database)
    tracked = queue.create(SUGGESTION)
    assert tracked.code is not None
    assert tracked.state is State.NEW
    assert queue.by_code(tracked.code.lower().replace("-", "")) == tracked
    assert queue.create(VOTE).code is None
    assert queue.create(VOTE).code is None
    assert queue.by_code("MC-0000-000A") is None
    assert queue.by_code("không có mã") is None


def test_a_contact_without_consent_is_refused(database: Engine) -> None:
    queue = ReviewItems(database)
    with pytest.raises(ValueError, match="consent"):
        queue.create(replace(SUGGESTION, contact="sealed"))
    kept = queue.create(replace(SUGGESTION, contact="sealed", consent_at=datetime.now(UTC)))
    assert queue.get(kept.id).contact == "sealed"


def test_items_are_found_by_what_they_are_and_say(database: Engine) -> None:
    queue = ReviewItems(database)
    one, two = queue.create(SUGGESTION), queue.create(VOTE)

    def found(**wanted: object) -> list[int]:
        return [item.id for item in queue.find(Filter(**wanted))[0]]  # type: ignore[arg-type]

    assert found() == [two.id, one.id]
    assert found(kinds=[Kind.ANSWER]) == [two.id]
    assert found(origins=[Origin.FLOW, Origin.PAGE]) == [one.id]
    assert found(states=[State.DONE]) == []
    assert found(channel="web", procedure="1.004194") == [two.id]
    assert found(query="ghe ngoi") == [one.id]
    assert found(query="Đông Hà") == [one.id]
    assert found(query="15.000") == [two.id]
    assert found(query="100%") == []
    assert found(query=(one.code or "").lower()) == [one.id]
    assert found(unassigned=True) == [two.id, one.id]
    assert found(since=one.created_at + timedelta(days=1)) == []
    assert found(until=one.created_at + timedelta(days=1)) == [two.id, one.id]
    assert queue.find(limit=1)[1] == 2
    assert queue.by_handle("h1") == two
    assert queue.counts()[State.NEW] == 2


def test_a_change_is_audited_without_the_citizens_words(database: Engine) -> None:
    queue, log = ReviewItems(database), AuditLog(database)
    item = queue.create(SUGGESTION)
    changed = queue.update(item.id, 1, {"state": State.OPEN, "text": "Thêm ghế"}, "lan")
    assert (changed.state, changed.version, changed.text) == (State.OPEN, 2, "Thêm ghế")
    assert queue.find(Filter(query="them ghe"))[1] == 1
    (entry,), total = log.find(subject="item", subject_id=item.id)
    assert total == 1
    assert entry.actor == "lan"
    assert entry.before == {"state": "new", "text": "…"}
    assert entry.after == {"state": "open", "text": "…"}
    assert queue.update(item.id, 2, {"state": State.OPEN}, "lan").version == 2
    assert log.find()[1] == 1


def test_two_members_of_staff_do_not_overwrite_each_other(database: Engine) -> None:
    queue = ReviewItems(database)
    item = queue.create(SUGGESTION)
    queue.update(item.id, item.version, {"reply": "Cảm ơn bạn"}, "lan")
    with pytest.raises(ItemChangedError):
        queue.update(item.id, item.version, {"reply": "Đã ghi nhận"}, "minh")
    assert queue.get(item.id).reply == "Cảm ơn bạn"
    queue.update(item.id, None, {"times": 2}, "system")


def test_closing_and_replying_leave_their_time(database: Engine) -> None:
    now = datetime(2026, 3, 2, 8, tzinfo=UTC)
    queue = ReviewItems(database, clock=lambda: now)
    item = queue.create(SUGGESTION)
    queue.update(item.id, None, {"due_at": now - timedelta(days=1)}, "lan")
    assert queue.find(Filter(overdue=True))[1] == 1
    closed = queue.update(item.id, None, {"state": State.DONE, "reply": "Đã thêm ghế"}, "lan")
    assert closed.closed_at == closed.replied_at == now
    assert queue.find(Filter(overdue=True))[1] == 0
    assert queue.update(item.id, None, {"state": State.OPEN}, "lan").closed_at is None


def test_what_is_not_there_or_not_to_be_changed_is_refused(database: Engine) -> None:
    queue = ReviewItems(database)
    item = queue.create(SUGGESTION)
    with pytest.raises(ItemMissingError):
        queue.get(item.id + 1)
    with pytest.raises(ItemMissingError):
        queue.update(item.id + 1, None, {"state": State.DONE}, "lan")
    with pytest.raises(ValueError, match="code"):
        queue.update(item.id, None, {"code": "MC-0000-0000"}, "lan")


def test_suggestions_are_to_be_answered_by_the_end_of_a_day(database: Engine) -> None:
    def clock() -> datetime:
        return datetime(2026, 3, 1, 20, 0, tzinfo=UTC)  # three in the morning of 2 March

    book = ReviewItems(database, clock=clock, reply_due_days=10)
    wish = book.create(NewItem(Kind.SUGGESTION, Origin.PAGE, "web", "Thêm ghế"))
    assert wish.due_at == datetime(2026, 3, 12, 16, 59, 59, tzinfo=UTC)
    vote = book.create(NewItem(Kind.ANSWER, Origin.VOTE, "web", "câu hỏi"))
    assert vote.due_at is None
