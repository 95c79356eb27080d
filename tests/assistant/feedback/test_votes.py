from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine

from assistant.dialogue.turns import Turn, TurnLog
from assistant.feedback.audit import AuditLog
from assistant.feedback.items import Filter, ReviewItems
from assistant.feedback.values import Kind, Origin, State
from assistant.feedback.votes import VoteBook


def _answered(database: Engine, handle: str = "h1", conversation: str = "web:1") -> None:
    TurnLog(database).record(
        Turn(
            conversation=conversation,
            channel="web",
            question="tạm trú bao nhiêu tiền",
            read_as="tạm trú bao nhiêu tiền",
            intent="ask_procedure",
            kind="answer",
            procedure="1.004194",
            aspects=["fees"],
            candidates=[["1.004194", 0.9]],
            confidence=0.9,
            reply="15.000 đồng",
            latency_ms=5.0,
            catalogue_version="v1",
            handle=handle,
        )
    )


def test_a_vote_against_an_answer_becomes_an_item_with_what_was_understood(
    database: Engine,
) -> None:
    _answered(database)
    queue = ReviewItems(database)
    vote = VoteBook(database, queue).cast("h1", "web:1", False, "outdated", "phí mới là 20.000")
    assert vote is not None
    item = vote.item
    assert item is not None
    assert (item.kind, item.origin, item.state) == (Kind.ANSWER, Origin.VOTE, State.NEW)
    assert item.code is not None
    assert item.procedure == "1.004194"
    assert item.snapshot == {
        "question": "tạm trú bao nhiêu tiền",
        "read_as": "tạm trú bao nhiêu tiền",
        "intent": "ask_procedure",
        "aspects": ["fees"],
        "candidates": [["1.004194", 0.9]],
        "confidence": 0.9,
        "reply": "15.000 đồng",
        "kind": "answer",
        "procedure": "1.004194",
        "catalogue_version": "v1",
        "vote_reason": "outdated",
        "comment": "phí mới là 20.000",
    }


def test_a_vote_can_be_changed_and_there_is_never_more_than_one(database: Engine) -> None:
    _answered(database)
    queue = ReviewItems(database)
    book = VoteBook(database, queue)
    first = book.cast("h1", "web:1", False)
    assert first is not None
    assert first.item is not None
    again = book.cast("h1", "web:1", False, "missing", "thiếu nơi nộp")
    assert again is not None
    assert again.item is not None
    assert again.item.id == first.item.id
    assert again.item.snapshot["comment"] == "thiếu nơi nộp"
    for_it = book.cast("h1", "web:1", True)
    assert for_it is not None
    assert for_it.item is not None
    assert for_it.item.state is State.DISMISSED
    stored = book.of("h1")
    assert stored is not None
    assert (stored["useful"], stored["reason"], stored["comment"]) == (True, "", "")
    back = book.cast("h1", "web:1", False)
    assert back is not None
    assert back.item is not None
    assert back.item.state is State.NEW
    assert queue.find()[1] == 1


def test_what_staff_have_taken_up_stays_when_the_vote_turns(database: Engine) -> None:
    _answered(database)
    queue = ReviewItems(database)
    book = VoteBook(database, queue)
    vote = book.cast("h1", "web:1", False)
    assert vote is not None
    assert vote.item is not None
    queue.update(vote.item.id, None, {"state": State.OPEN}, "lan")
    book.cast("h1", "web:1", True)
    assert queue.get(vote.item.id).state is State.OPEN
    actors = {entry.actor for entry in AuditLog(database).find(subject="item")[0]}
    assert actors == {"lan"}


def test_only_whoever_got_the_answer_votes_on_it(database: Engine) -> None:
    _answered(database)
    queue = ReviewItems(database)
    book = VoteBook(database, queue)
    assert book.cast("h1", "web:2", False) is None
    assert book.cast("h2", "web:1", False) is None
    assert book.cast("", "web:1", False) is None
    assert queue.find(Filter()) == ([], 0)
    assert book.of("h1") is None


def test_a_useful_answer_needs_no_item(database: Engine) -> None:
    _answered(database)
    queue = ReviewItems(database)
    vote = VoteBook(database, queue).cast("h1", "web:1", True)
    assert vote is not None
    assert vote.item is None
    assert queue.find()[1] == 0


def test_two_taps_at_once_make_one_item(database: Engine) -> None:
    _answered(database)
    queue = ReviewItems(database)
    with ThreadPoolExecutor(4) as pool:
        cast = [pool.submit(VoteBook(database, queue).cast, "h1", "web:1", False) for _ in range(8)]
        assert all(vote.result() is not None for vote in cast)
    assert queue.find()[1] == 1
