"""The review queue: what citizens said and what could not be answered, until the office acted."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    and_,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from assistant.feedback.audit import AuditLog
from assistant.feedback.codes import new_code, read_code
from assistant.feedback.period import Period, vietnam_day
from assistant.feedback.tables import items
from assistant.feedback.values import CLOSED, Kind, Origin, State
from assistant.moments import Clock, aware, utc_now
from vietnamese.fold import fold

SYSTEM: Final = "system"
"""The actor of what nobody did by hand."""

CHANGEABLE: Final = frozenset(
    {
        "state", "procedure", "field", "about", "place", "group_id", "times", "assignee", "due_at",
        "decision", "decision_data", "reply", "release_id", "text", "snapshot", "contact",
        "consent_at", "kind",
    }
)  # fmt: skip
_NEVER_AUDITED: Final = frozenset({"contact", "snapshot", "text"})
"""Columns whose change is recorded without their content: the citizen's own words and contact."""

_MOMENTS: Final = (
    "consent_at", "due_at", "replied_at", "closed_at", "created_at", "updated_at",
)  # fmt: skip


class ItemMissingError(LookupError):
    """Raised when there is no such item."""


class ItemChangedError(RuntimeError):
    """Raised when somebody else has changed the item since it was read."""


@dataclass(frozen=True, slots=True)
class NewItem:
    """What is put into the queue; every text is masked already.

    Attributes:
        text: What the citizen said, or the question that had no good answer.
        snapshot: See :mod:`assistant.feedback.tables`.
        contact: Sealed by :class:`assistant.feedback.seal.Seal`; needs ``consent_at``.
        tracked: Whether the citizen gets a code to look it up with.
    """

    kind: Kind
    origin: Origin
    channel: str
    text: str
    conversation: str = ""
    handle: str = ""
    procedure: str | None = None
    field: str = ""
    about: str = ""
    place: str = ""
    snapshot: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    contact: str = ""
    consent_at: datetime | None = None
    group_id: int | None = None
    tracked: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the queue; the columns of ``review_items``."""

    id: int
    kind: Kind
    origin: Origin
    state: State
    channel: str
    conversation: str
    handle: str
    procedure: str | None
    field: str
    about: str
    place: str
    text: str
    snapshot: Mapping[str, Any]
    contact: str
    consent_at: datetime | None
    code: str | None
    group_id: int | None
    times: int
    assignee: int | None
    due_at: datetime | None
    decision: str
    decision_data: Mapping[str, Any]
    reply: str
    replied_at: datetime | None
    closed_at: datetime | None
    release_id: int | None
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def from_row(cls, row: RowMapping) -> Item:
        """Reads a row of the table."""
        values = {f.name: row[f.name] for f in fields(cls)}
        for name in _MOMENTS:
            values[name] = aware(values[name]) if values[name] is not None else None
        values["kind"] = Kind(values["kind"])
        values["origin"] = Origin(values["origin"])
        values["state"] = State(values["state"])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which items to find; an empty value asks for nothing.

    Attributes:
        query: Words, with or without diacritics, or a tracking code.
        assignee: Account of a member of staff.
        unassigned: Only what nobody has taken.
        overdue: Only what should have been done by now and is not.
        since: Created then or later.
        until: Created before then.
    """

    states: Iterable[State] = ()
    kinds: Iterable[Kind] = ()
    origins: Iterable[Origin] = ()
    channel: str = ""
    conversation: str = ""
    handle: str = ""
    procedure: str = ""
    about: str = ""
    decision: str = ""
    group_id: int | None = None
    release_id: int | None = None
    assignee: int | None = None
    unassigned: bool = False
    overdue: bool = False
    query: str = ""
    since: datetime | None = None
    until: datetime | None = None


_ORDERS: Final = {
    "newest": (items.c.created_at.desc(), items.c.id.desc()),
    "oldest": (items.c.created_at, items.c.id),
    "due": (items.c.due_at.is_(None), items.c.due_at, items.c.id),
    "often": (items.c.times.desc(), items.c.id.desc()),
}


class ReviewItems:
    """Puts items into the queue, finds them and changes them, each change with its audit entry."""

    def __init__(
        self,
        database: Engine,
        audit: AuditLog | None = None,
        clock: Clock = utc_now,
        reply_due_days: int | None = None,
    ) -> None:
        """Takes a migrated database, and the days within which suggestions are to be answered."""
        self._database = database
        self._audit = audit or AuditLog(database, clock)
        self._clock = clock
        self._reply_due_days = reply_due_days

    def create(self, new: NewItem, connection: Connection | None = None) -> Item:
        """Puts an item into the queue.

        Raises:
            ValueError: When there is a contact without consent.
        """
        if new.contact and new.consent_at is None:
            raise ValueError("a contact is only stored with consent")
        now = self._clock()
        row = {f.name: getattr(new, f.name) for f in fields(NewItem) if f.name != "tracked"}
        row |= {
            "snapshot": dict(new.snapshot),
            "state": State.NEW.value,
            "kind": new.kind.value,
            "origin": new.origin.value,
            "folded": _folded(new.text, new.snapshot, new.place),
            "due_at": self._due(new.kind, now),
            "created_at": now,
            "updated_at": now,
        }
        if connection is not None:
            return self._insert(connection, row, new.tracked)
        with self._database.begin() as own:
            return self._insert(own, row, new.tracked)

    def get(self, item_id: int) -> Item:
        """Reads one item.

        Raises:
            ItemMissingError: When there is none.
        """
        with self._database.connect() as connection:
            return self._read(connection, item_id)

    def by_code(self, code: str) -> Item | None:
        """Finds the item of a tracking code, however it is written."""
        known = read_code(code)
        if known is None:
            return None
        return self._first(items.c.code == known)

    def by_handle(self, handle: str, connection: Connection | None = None) -> Item | None:
        """Finds the item of a vote against an answer."""
        condition = (items.c.handle == handle) & (items.c.kind == Kind.ANSWER.value)
        return self._first(condition, connection)

    def find(
        self,
        wanted: Filter | None = None,
        *,
        order: str = "newest",
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[list[Item], int]:
        """Finds items.

        Args:
            wanted: Which; None: all.
            order: ``newest``, ``oldest``, ``due`` (what is due first) or ``often``.
            limit: Most items to return.
            offset: How many to leave out before.

        Returns:
            One page of items, and how many there are in all.
        """
        where = list(self._where(wanted or Filter()))
        query = select(items).where(*where).order_by(*_ORDERS[order]).limit(limit).offset(offset)
        with self._database.connect() as connection:
            total = connection.execute(
                select(func.count()).select_from(items).where(*where)
            ).scalar_one()
            rows = connection.execute(query).mappings().all()
        return [Item.from_row(row) for row in rows], int(total)

    def counts(self) -> dict[State, int]:
        """Counts the items of each state."""
        query = select(items.c.state, func.count()).group_by(items.c.state)
        with self._database.connect() as connection:
            found = {row[0]: int(row[1]) for row in connection.execute(query)}
        return {state: found.get(state.value, 0) for state in State}

    def update(
        self,
        item_id: int,
        version: int | None,
        changes: Mapping[str, Any],
        actor: str,
        action: str = "item.update",
        connection: Connection | None = None,
    ) -> Item:
        """Changes an item and records who did it.

        The time of a reply and of closing follow from the changes.

        Args:
            item_id: Which.
            version: The version that was read; None: whatever it is now.
            changes: Columns of :data:`CHANGEABLE` with their new values.
            actor: User name, or :data:`SYSTEM`.
            action: What the audit log calls it.
            connection: A transaction to take part in.

        Raises:
            ItemMissingError: When there is no such item.
            ItemChangedError: When it has another version by now.
            ValueError: When a column cannot be changed this way.
        """
        unknown = set(changes) - CHANGEABLE
        if unknown:
            raise ValueError(f"not changeable: {', '.join(sorted(unknown))}")
        if connection is not None:
            return self._update(connection, item_id, version, changes, actor, action)
        with self._database.begin() as own:
            return self._update(own, item_id, version, changes, actor, action)

    # --- inside ---------------------------------------------------------------------------

    def _due(self, kind: Kind, now: datetime) -> datetime | None:
        """The end of the day by which the office wants to have answered a person."""
        if self._reply_due_days is None or kind not in {Kind.SUGGESTION, Kind.COMPLAINT}:
            return None
        last = vietnam_day(now) + timedelta(days=self._reply_due_days)
        return Period(last, last).end - timedelta(seconds=1)

    def _insert(self, connection: Connection, row: Mapping[str, Any], tracked: bool) -> Item:
        adding = insert(items).returning(items.c.id)
        if not tracked:
            return self._read(connection, connection.execute(adding.values(row)).scalar_one())
        for _ in range(5):
            try:
                with connection.begin_nested():
                    coded = adding.values({**row, "code": new_code()})
                    return self._read(connection, connection.execute(coded).scalar_one())
            except IntegrityError as error:  # the code is taken: once in 10¹² items
                clash = error
        raise clash

    def _read(self, connection: Connection, item_id: int) -> Item:
        row = connection.execute(select(items).where(items.c.id == item_id)).mappings().first()
        if row is None:
            raise ItemMissingError(f"there is no item {item_id}")
        return Item.from_row(row)

    def _first(
        self, condition: ColumnElement[bool], connection: Connection | None = None
    ) -> Item | None:
        query = select(items).where(condition).order_by(items.c.id.desc()).limit(1)
        if connection is not None:
            row = connection.execute(query).mappings().first()
        else:
            with self._database.connect() as own:
                row = own.execute(query).mappings().first()
        return None if row is None else Item.from_row(row)

    def _where(self, wanted: Filter) -> Iterable[ColumnElement[bool]]:
        listed = (
            (items.c.state, wanted.states),
            (items.c.kind, wanted.kinds),
            (items.c.origin, wanted.origins),
        )
        for column, values in listed:
            names = [value.value for value in values]
            if names:
                yield column.in_(names)
        for name in ("channel", "conversation", "handle", "procedure", "about", "decision"):
            if getattr(wanted, name):
                yield items.c[name] == getattr(wanted, name)
        for name in ("group_id", "release_id", "assignee"):
            if getattr(wanted, name) is not None:
                yield items.c[name] == getattr(wanted, name)
        if wanted.unassigned:
            yield items.c.assignee.is_(None)
        if wanted.overdue:
            yield items.c.due_at < self._clock()
            yield items.c.state.not_in([state.value for state in CLOSED])
        if wanted.since is not None:
            yield items.c.created_at >= wanted.since
        if wanted.until is not None:
            yield items.c.created_at < wanted.until
        words = fold(wanted.query).split()
        if words:
            found = and_(*(items.c.folded.contains(word, autoescape=True) for word in words))
            code = read_code(wanted.query)
            yield found if code is None else or_(items.c.code == code, found)

    def _update(
        self,
        connection: Connection,
        item_id: int,
        version: int | None,
        changes: Mapping[str, Any],
        actor: str,
        action: str,
    ) -> Item:
        before = self._read(connection, item_id)
        if version is not None and before.version != version:
            raise ItemChangedError(f"item {item_id} is at version {before.version}")
        changed = {n: v for n, v in changes.items() if getattr(before, n) != v}
        if not changed:
            return before
        row = dict(changed)
        if "state" in changed:
            row["state"] = State(changed["state"]).value
            closed = row["state"] in CLOSED
            row["closed_at"] = (before.closed_at or self._clock()) if closed else None
        if "reply" in changed:
            row["replied_at"] = self._clock() if changed["reply"] else None
        if {"text", "snapshot", "place"} & set(changed):
            row["folded"] = _folded(
                changed.get("text", before.text),
                changed.get("snapshot", before.snapshot),
                changed.get("place", before.place),
            )
        result = connection.execute(
            update(items)
            .where(items.c.id == item_id, items.c.version == before.version)
            .values(**row, updated_at=self._clock(), version=before.version + 1)
        )
        if result.rowcount != 1:
            raise ItemChangedError(f"item {item_id} was changed at the same time")
        self._audit.record(
            actor,
            action,
            "item",
            item_id,
            {n: _shown(n, getattr(before, n)) for n in changed},
            {n: _shown(n, v) for n, v in changed.items()},
            connection,
        )
        return self._read(connection, item_id)


def _shown(name: str, value: Any) -> Any:
    return "…" if name in _NEVER_AUDITED and value else value


def _folded(text: str, snapshot: Mapping[str, Any], place: str) -> str:
    parts = [text, *(str(snapshot.get(n) or "") for n in ("question", "comment", "reply")), place]
    return fold(" ".join(part for part in parts if part))
