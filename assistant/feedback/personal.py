"""Gathers everything that is stored of one conversation, for the person whose it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Engine, RowMapping, Table, and_, select

from assistant.dialogue.database import conversations, turns
from assistant.feedback.erasure import Person
from assistant.feedback.seal import Seal, SealBrokenError
from assistant.feedback.tables import flows, items, notes, ratings, votes
from assistant.moments import Clock, aware, utc_now
from connectors.delivery.tables import citizens, inbox, outbox

_OURS: Final[tuple[tuple[Table, Column[Any]], ...]] = (
    (conversations, conversations.c.id),
    (turns, turns.c.conversation),
    (votes, votes.c.conversation),
    (ratings, ratings.c.conversation),
    (flows, flows.c.conversation),
)
_QUEUE: Final = (citizens, inbox, outbox)
_NOT_THEIRS: Final = frozenset({"vector", "folded", "lease_owner", "lease_until"})
"""Columns that say nothing of the person."""

UNREADABLE: Final = "(không đọc được: khoá của máy chủ đã đổi)"


def export(
    database: Engine, seal: Seal, channel: str, conversation: str, clock: Clock = utc_now
) -> dict[str, Any]:
    """Gathers the data of a conversation; see :func:`export_person`."""
    return export_person(database, seal, Person(channel, conversation), clock)


def export_person(
    database: Engine, seal: Seal, person: Person, clock: Clock = utc_now
) -> dict[str, Any]:
    """Gathers a person's data.

    Args:
        database: Migrated.
        seal: Opens the contact that was left with consent.
        person: Whose.
        clock: Tells when it was gathered.

    Returns:
        What can be written as JSON: ``channel``, ``conversation``, ``exported_at``, and under
        ``tables`` the rows of each table that has any, times in UTC.
    """
    tables: dict[str, list[dict[str, Any]]] = {}
    with database.connect() as connection:
        if person.name:
            for table, column in _OURS:
                _gather(connection, tables, table, column == person.name)
            for table in _QUEUE:
                own = and_(
                    table.c.channel == person.channel,
                    table.c.conversation == person.conversation,
                )
                _gather(connection, tables, table, own)
        _gather(connection, tables, items, person.own_items)
        ids = [row["id"] for row in tables.get(items.name, ())]
        _gather(connection, tables, notes, notes.c.item_id.in_(ids))
    for row in tables.get(items.name, ()):
        row["contact"] = _opened(seal, row["contact"])
    return {
        "channel": person.channel,
        "conversation": person.conversation,
        "exported_at": clock().isoformat(),
        "tables": tables,
    }


def _gather(
    connection: Connection,
    tables: dict[str, list[dict[str, Any]]],
    table: Table,
    own: ColumnElement[bool],
) -> None:
    rows = connection.execute(select(table).where(own)).mappings().all()
    if rows:
        tables[table.name] = [_plain(row) for row in rows]


def _plain(row: RowMapping) -> dict[str, Any]:
    plain = {}
    for name, value in row.items():
        if name in _NOT_THEIRS:
            continue
        if isinstance(value, datetime):
            value = aware(value).isoformat()
        elif isinstance(value, date):
            value = value.isoformat()
        plain[name] = value
    return plain


def _opened(seal: Seal, contact: str) -> str:
    try:
        return seal.open(contact)
    except SealBrokenError:
        return UNREADABLE
