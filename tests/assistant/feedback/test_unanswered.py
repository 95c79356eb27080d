from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from assistant.dialogue.turns import Turn, TurnLog
from assistant.feedback.items import Filter, ReviewItems
from assistant.feedback.unanswered import Unanswered, outcome_of
from assistant.feedback.values import Kind, Origin, State
from connectors.message import Reply, ReplyKind

EXPIRY = timedelta(hours=24)
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
TURN = Turn(
    conversation="zalo:1",
    channel="zalo",
    question="báo đèn đường hỏng ở đâu",
    read_as="báo đèn đường hỏng ở đâu",
    intent="ask_procedure",
    kind="handoff",
    procedure=None,
    aspects=["where"],
    candidates=[["1.004194", 0.1]],
    confidence=0.1,
    reply="Tôi chưa có thông tin chắc chắn",
    latency_ms=5.0,
    catalogue_version="v1",
    outcome="declined",
    asked_at=NOW,
)


def _record(database: Engine, **changes: object) -> None:
    TurnLog(database).record(replace(TURN, **changes))  # type: ignore[arg-type]


def _gatherer(database: Engine, now: datetime = NOW) -> Unanswered:
    return Unanswered(database, ReviewItems(database), EXPIRY, lambda: now)


@pytest.mark.parametrize(
    ("kind", "confidence", "declined", "before", "channel", "outcome"),
    [
        (ReplyKind.HANDOFF, 0.1, True, None, "zalo", "declined"),
        (ReplyKind.HANDOFF, 0.0, False, None, "zalo", ""),
        (ReplyKind.CLARIFY, 0.3, False, "clarify", "web", "asked_twice"),
        (ReplyKind.CLARIFY, 0.3, False, "answer", "web", ""),
        (ReplyKind.CLARIFY, 0.3, False, None, "web", ""),
        (ReplyKind.ANSWER, 0.39, False, None, "api", "low_confidence"),
        (ReplyKind.ANSWER, 0.4, False, None, "api", ""),
        (ReplyKind.SMALLTALK, 0.0, False, None, "zalo", ""),
        (ReplyKind.OUT_OF_SCOPE, 0.0, False, None, "zalo", ""),
        (ReplyKind.HANDOFF, 0.1, True, None, "terminal", ""),
        (ReplyKind.HANDOFF, 0.1, True, None, "benchmark", ""),
    ],
)
def test_what_is_looked_at(
    kind: ReplyKind,
    confidence: float,
    declined: bool,
    before: str | None,
    channel: str,
    outcome: str,
) -> None:
    reply = Reply(kind, (), confidence=confidence)
    assert outcome_of(reply, channel, declined, before, 0.4) == outcome


def test_a_marked_turn_enters_the_queue_once_with_what_was_understood(database: Engine) -> None:
    _record(database)
    _record(database, question="xin chào", outcome="", conversation="zalo:2")
    gatherer = _gatherer(database)
    assert gatherer.collect() == 1
    assert gatherer.collect() == 0
    (item,), total = ReviewItems(database).find()
    assert total == 1
    assert (item.kind, item.origin, item.state) == (Kind.UNANSWERED, Origin.DECLINED, State.NEW)
    assert item.text == TURN.question
    assert item.snapshot["candidates"] == [["1.004194", 0.1]]
    assert item.snapshot["vote_reason"] == item.snapshot["comment"] == ""
    assert item.code is None


def test_the_same_question_again_is_counted(database: Engine) -> None:
    queue, gatherer = ReviewItems(database), _gatherer(database)
    for number in range(3):
        _record(database, conversation=f"zalo:{number}")
    _record(database, procedure="1.004194", outcome="low_confidence")
    assert gatherer.collect() == 4
    found, total = queue.find(order="often")
    assert total == 2
    assert [item.times for item in found] == [3, 1]
    queue.update(found[0].id, found[0].version, {"state": State.DONE}, "lan")
    _record(database)
    gatherer.collect()
    assert queue.find()[1] == 3, "what is closed does not count on"


def test_a_question_back_without_an_answer_is_found_when_the_conversation_has_expired(
    database: Engine,
) -> None:
    _record(database, kind="clarify", outcome="", conversation="zalo:left")
    _record(database, kind="clarify", outcome="", conversation="zalo:went-on")
    _record(database, kind="answer", outcome="", conversation="zalo:went-on")
    _record(database, kind="clarify", outcome="", conversation="terminal:1", channel="terminal")
    soon, later = _gatherer(database, NOW + EXPIRY), _gatherer(database, NOW + EXPIRY * 1.1)
    assert soon.mark_abandoned() == 0
    assert later.mark_abandoned() == 1
    assert later.mark_abandoned() == 0
    later.collect()
    (item,), _ = ReviewItems(database).find(Filter(origins=[Origin.ABANDONED]))
    assert item.conversation == "zalo:left"


def test_two_processes_do_not_queue_a_turn_twice(database: Engine) -> None:
    _record(database)
    one, other = _gatherer(database), _gatherer(database)
    assert one.collect() + other.collect() == 1
    assert ReviewItems(database).find()[0][0].times == 1
