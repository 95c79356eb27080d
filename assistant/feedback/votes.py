"""Votes on answers, and the items that votes against an answer put into the queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine, select

from assistant.dialogue.database import upserting
from assistant.dialogue.turns import TurnLog
from assistant.feedback.items import SYSTEM, Item, NewItem, ReviewItems
from assistant.feedback.tables import votes
from assistant.feedback.values import Kind, Origin, State
from assistant.moments import Clock, utc_now

SNAPSHOT: Final = (
    "question", "read_as", "intent", "aspects", "candidates", "confidence", "reply", "kind",
    "procedure", "catalogue_version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote as it stands.

    Attributes:
        item: What it put into the queue; None where the answer was of use from the beginning.
    """

    handle: str
    useful: bool
    item: Item | None


class VoteBook:
    """Takes down one vote for each answer; a later one replaces it."""

    def __init__(self, database: Engine, items: ReviewItems, clock: Clock = utc_now) -> None:
        """Takes a migrated database and the queue."""
        self._database = database
        self._items = items
        self._turns = TurnLog(database)
        self._clock = clock

    def cast(
        self, handle: str, conversation: str, useful: bool, reason: str = "", comment: str = ""
    ) -> Vote | None:
        """Takes down a vote.

        A vote against an answer puts an item into the queue, with a tracking code; one that turns
        in favour of it takes the item back as long as nobody has taken it up.

        Args:
            handle: The handle that came with the answer.
            conversation: Who votes, as ``channel:id``: only whoever got the answer may.
            useful: Whether it was of use.
            reason: One of :class:`assistant.feedback.values.Reason`, or empty.
            comment: Masked.

        Returns:
            The vote; None where this conversation got no such answer.
        """
        turn = self._turns.by_handle(handle) if handle else None
        if turn is None or turn["conversation"] != conversation:
            return None
        with self._database.begin() as connection:
            self._write(connection, turn, useful, reason, comment)
            # The row of the vote is held now, so of two taps at once only one makes an item.
            item = self._items.by_handle(handle, connection)
            if useful:
                item = self._withdraw(connection, item)
            elif item is None:
                item = self._items.create(_item(turn, reason, comment), connection)
            else:
                item = self._again(connection, item, reason, comment)
        return Vote(handle, useful, item)

    def of(self, handle: str) -> Mapping[str, Any] | None:
        """Reads the vote on an answer."""
        with self._database.connect() as connection:
            row = connection.execute(select(votes).where(votes.c.handle == handle)).mappings()
            found = row.first()
        return None if found is None else dict(found)

    def _write(
        self,
        connection: Connection,
        turn: Mapping[str, Any],
        useful: bool,
        reason: str,
        comment: str,
    ) -> None:
        now = self._clock()
        changes: dict[str, Any] = {"useful": useful, "updated_at": now}
        if useful or reason:
            changes["reason"] = "" if useful else reason
        if useful or comment:
            changes["comment"] = "" if useful else comment
        fresh = {
            "handle": turn["handle"],
            "conversation": turn["conversation"],
            "channel": turn["channel"],
            "procedure": turn["procedure"],
            "created_at": now,
            "reason": "",
            "comment": "",
            **changes,
        }
        statement = upserting(self._database, votes).values(fresh)
        connection.execute(statement.on_conflict_do_update(index_elements=["handle"], set_=changes))

    def _withdraw(self, connection: Connection, item: Item | None) -> Item | None:
        if item is None or item.state is not State.NEW:
            return item
        changes = {"state": State.DISMISSED}
        return self._items.update(item.id, None, changes, SYSTEM, "item.withdraw", connection)

    def _again(self, connection: Connection, item: Item, reason: str, comment: str) -> Item:
        snapshot = dict(item.snapshot)
        if reason:
            snapshot["vote_reason"] = reason
        if comment:
            snapshot["comment"] = comment
        changes: dict[str, Any] = {"snapshot": snapshot}
        if item.state is State.DISMISSED and not item.decision:
            changes["state"] = State.NEW
        return self._items.update(item.id, None, changes, SYSTEM, "item.vote", connection)


def snapshot_of(turn: Mapping[str, Any]) -> dict[str, Any]:
    """What an item keeps of a turn, so that it can be judged after the turn has expired."""
    return {name: turn[name] for name in SNAPSHOT}


def _item(turn: Mapping[str, Any], reason: str, comment: str) -> NewItem:
    return NewItem(
        kind=Kind.ANSWER,
        origin=Origin.VOTE,
        channel=turn["channel"],
        text=turn["question"],
        conversation=turn["conversation"],
        handle=turn["handle"],
        procedure=turn["procedure"],
        snapshot={**snapshot_of(turn), "vote_reason": reason, "comment": comment},
        tracked=True,
    )
