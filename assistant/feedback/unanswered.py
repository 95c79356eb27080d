"""Questions without a good answer: they enter the queue without anybody voting.

A turn is marked as it is recorded, which costs nothing; putting it into the queue and grouping it
is done every minute, off the way of a message.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Engine, RowMapping, ScalarSelect, exists, func, select, update

from assistant.dialogue.database import turns
from assistant.feedback.items import NewItem, ReviewItems
from assistant.feedback.tables import items
from assistant.feedback.values import CLOSED, Kind, Origin
from assistant.feedback.votes import snapshot_of
from assistant.moments import Clock, utc_now
from connectors.message import Reply, ReplyKind

CITIZENS: Final = frozenset({"telegram", "zalo", "zalo-bot", "web", "api"})
"""Channels of citizens; what is asked in the terminal or by a benchmark is nobody's question."""

BATCH: Final = 200
_LOOK_BACK: Final = timedelta(days=3)


def outcome_of(
    reply: Reply, channel: str, declined: bool, before: str | None, review_below: float
) -> str:
    """Tells why an answer should be looked at; empty where nothing is wrong.

    Args:
        reply: The answer.
        channel: Where it was asked.
        declined: Whether the assistant said that it does not know.
        before: Kind of the answer just before, in the same conversation.
        review_below: Answers less sure than this are looked at.

    Returns:
        A value of :class:`assistant.feedback.values.Origin`, or an empty text.
    """
    if channel not in CITIZENS:
        return ""
    if declined:
        return Origin.DECLINED.value
    if reply.kind is ReplyKind.CLARIFY and before == ReplyKind.CLARIFY:
        return Origin.ASKED_TWICE.value
    if reply.kind is ReplyKind.ANSWER and reply.confidence < review_below:
        return Origin.LOW_CONFIDENCE.value
    return ""


class Unanswered:
    """Puts marked turns into the queue."""

    def __init__(
        self,
        database: Engine,
        queue: ReviewItems,
        expiry: timedelta,
        clock: Clock = utc_now,
    ) -> None:
        """Takes the queue, and how long a conversation lives without a message."""
        self._database = database
        self._queue = queue
        self._expiry = expiry
        self._clock = clock

    def collect(self) -> int:
        """Puts what is marked and not yet queued into the queue, each turn once.

        The same question, asked again while the first is still open, only counts there.

        Returns:
            How many turns were queued.
        """
        query = (
            select(turns)
            .where(turns.c.outcome != "", turns.c.queued_at.is_(None))
            .order_by(turns.c.id)
            .limit(BATCH)
        )
        with self._database.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return sum(self._queue_one(row) for row in rows)

    def mark_abandoned(self) -> int:
        """Marks the questions back that nobody answered before the conversation expired.

        Returns:
            How many there were.
        """
        now = self._clock()
        later = turns.alias("later")
        answered = exists().where(
            later.c.conversation == turns.c.conversation, later.c.id > turns.c.id
        )
        statement = (
            update(turns)
            .where(
                turns.c.kind == ReplyKind.CLARIFY.value,
                turns.c.outcome == "",
                turns.c.channel.in_(CITIZENS),
                turns.c.asked_at < now - self._expiry,
                turns.c.asked_at > now - self._expiry - _LOOK_BACK,
                ~answered,
            )
            .values(outcome=Origin.ABANDONED.value)
        )
        with self._database.begin() as connection:
            return int(connection.execute(statement).rowcount)

    def _queue_one(self, turn: RowMapping) -> bool:
        now = self._clock()
        with self._database.begin() as connection:
            claimed = connection.execute(
                update(turns)
                .where(turns.c.id == turn["id"], turns.c.queued_at.is_(None))
                .values(queued_at=now)
            )
            if claimed.rowcount != 1:  # another process was faster
                return False
            again = connection.execute(
                update(items)
                .where(items.c.id == _same(turn))
                .values(times=items.c.times + 1, updated_at=now)
            )
            if not again.rowcount:
                self._queue.create(_item(turn), connection)
        return True


def _same(turn: RowMapping) -> ScalarSelect[Any]:
    """The newest open item of the same question."""
    return (
        select(func.max(items.c.id))
        .where(
            items.c.kind == Kind.UNANSWERED.value,
            items.c.state.not_in([state.value for state in CLOSED]),
            func.lower(items.c.text) == turn["question"].lower(),
            items.c.procedure.is_not_distinct_from(turn["procedure"]),
        )
        .scalar_subquery()
    )


def _item(turn: RowMapping) -> NewItem:
    return NewItem(
        kind=Kind.UNANSWERED,
        origin=Origin(turn["outcome"]),
        channel=turn["channel"],
        text=turn["question"],
        conversation=turn["conversation"],
        handle=turn["handle"],
        procedure=turn["procedure"],
        snapshot={**snapshot_of(dict(turn)), "vote_reason": "", "comment": ""},
    )
