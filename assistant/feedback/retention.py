"""How long each kind of data is kept, what goes soon, and the job that deletes it.

One list of rules serves both: what :meth:`Retention.soon` announces is what
:meth:`Retention.clean_up` deletes when its time has come.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    and_,
    delete,
    exists,
    func,
    select,
    true,
    update,
)

from assistant.dialogue.database import conversations, turns
from assistant.feedback.flows import REMEMBERED
from assistant.feedback.limits import Attempts
from assistant.feedback.tables import audit, flows, groups, items, ratings, votes
from assistant.feedback.values import CLOSED, Kind, State
from assistant.moments import Clock, aware, utc_now
from assistant.settings import Settings

_CLOSED: Final = tuple(state.value for state in CLOSED)
_OWN_FINDINGS: Final = (Kind.ANSWER.value, Kind.UNANSWERED.value)


class Kept(StrEnum):
    """A kind of data with a time of its own."""

    CONVERSATIONS = "conversations"
    FLOWS = "flows"
    TURNS = "turns"
    VOTES = "votes"
    RATINGS = "ratings"
    UNREVIEWED = "unreviewed"
    CONTACTS = "contacts"
    CLOSED_ITEMS = "closed_items"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class Rule:
    """How long one kind is kept.

    Attributes:
        table: Where it is.
        moment: The column from which the time runs.
        keep: How long.
        applies: Which rows.
        clears: Columns that are emptied; without any the row is deleted.
    """

    kind: Kept
    table: Table
    moment: ColumnElement[Any]
    keep: timedelta
    applies: ColumnElement[bool]
    clears: tuple[str, ...] = ()

    def due(self, now: datetime) -> ColumnElement[bool]:
        """The rows whose time is over."""
        return and_(self.applies, self.moment < now - self.keep)


@dataclass(frozen=True, slots=True)
class Soon:
    """What of one kind goes within the days that were asked for.

    Attributes:
        kept: How long the kind is kept.
        total: How many there are in all.
        going: How many of them go.
        first: When the first of them goes; None when none does.
    """

    kind: Kept
    kept: timedelta
    total: int
    going: int
    first: datetime | None


class Retention:
    """Knows the rules and carries them out."""

    def __init__(self, database: Engine, settings: Settings, clock: Clock = utc_now) -> None:
        """Takes a migrated database and how long to keep what."""
        self._database = database
        self._clock = clock
        self.rules: Sequence[Rule] = _rules(settings)

    def clean_up(self) -> dict[Kept, int]:
        """Deletes everything whose time is over.

        Returns:
            How many rows of each kind were deleted or emptied; kinds without any are left out.
        """
        now = self._clock()
        done: dict[Kept, int] = {}
        for rule in self.rules:
            with self._database.begin() as connection:
                count = _carry_out(connection, rule, now)
            if count:
                done[rule.kind] = count
        with self._database.begin() as connection:
            delete_empty_groups(connection)
        Attempts(self._database, self._clock).delete_old()
        return done

    def soon(self, days: int) -> list[Soon]:
        """Says for each kind what goes within ``days`` days."""
        now = self._clock()
        found = []
        with self._database.connect() as connection:
            for rule in self.rules:
                total = connection.execute(
                    select(func.count()).select_from(rule.table).where(rule.applies)
                ).scalar_one()
                going, first = connection.execute(
                    select(func.count(), func.min(rule.moment))
                    .select_from(rule.table)
                    .where(rule.due(now + timedelta(days=days)))
                ).one()
                goes = aware(first) + rule.keep if first is not None else None
                found.append(Soon(rule.kind, rule.keep, total, going, goes))
        return found


def delete_empty_groups(connection: Connection) -> None:
    """Deletes groups of which no item is left: their title is somebody's question."""
    used = exists().where(items.c.group_id == groups.c.id)
    connection.execute(delete(groups).where(~used))


def _carry_out(connection: Connection, rule: Rule, now: datetime) -> int:
    if rule.clears:
        empty = {name: None if rule.table.c[name].nullable else "" for name in rule.clears}
        result = connection.execute(update(rule.table).where(rule.due(now)).values(**empty))
    else:
        result = connection.execute(delete(rule.table).where(rule.due(now)))
    return int(result.rowcount)


def _rules(settings: Settings) -> Sequence[Rule]:
    def days(number: int) -> timedelta:
        return timedelta(days=number)

    closed = items.c.state.in_(_CLOSED)
    unreviewed = and_(items.c.kind.in_(_OWN_FINDINGS), items.c.state == State.NEW.value)
    expiry = timedelta(hours=settings.conversation_expiry_hours)
    return (
        Rule(Kept.CONVERSATIONS, conversations, conversations.c.updated_at, expiry, true()),
        Rule(Kept.FLOWS, flows, flows.c.updated_at, REMEMBERED, true()),
        Rule(Kept.TURNS, turns, turns.c.asked_at, days(settings.turn_retention_days), true()),
        Rule(Kept.VOTES, votes, votes.c.updated_at, days(settings.vote_retention_days), true()),
        Rule(
            Kept.RATINGS,
            ratings,
            ratings.c.created_at,
            days(settings.rating_retention_days),
            true(),
        ),
        Rule(
            Kept.UNREVIEWED,
            items,
            items.c.updated_at,
            days(settings.unreviewed_retention_days),
            unreviewed,
        ),
        Rule(
            Kept.CONTACTS,
            items,
            items.c.closed_at,
            days(settings.contact_retention_days),
            and_(closed, items.c.contact != ""),
            clears=("contact", "consent_at"),
        ),
        Rule(
            Kept.CLOSED_ITEMS,
            items,
            items.c.closed_at,
            days(settings.item_retention_days),
            closed,
        ),
        Rule(Kept.AUDIT, audit, audit.c.at, days(settings.audit_retention_days), true()),
    )
