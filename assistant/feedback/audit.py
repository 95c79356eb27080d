"""The record of who did what and when; rows are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select

from assistant.feedback.tables import audit
from assistant.moments import Clock, aware, utc_now


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that was done.

    Attributes:
        actor: User name of a member of staff; ``system`` for the program itself.
        action: What was done: ``item.update``, ``account.create``.
        subject: To what kind of thing: ``item``, ``account``, ``notice``.
        before: The changed values as they were.
        after: The changed values as they are.
    """

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    subject_id: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


class AuditLog:
    """Writes and reads the record."""

    def __init__(self, database: Engine, clock: Clock = utc_now) -> None:
        """Takes a migrated database."""
        self._database = database
        self._clock = clock

    def record(
        self,
        actor: str,
        action: str,
        subject: str,
        subject_id: str | int = "",
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        connection: Connection | None = None,
    ) -> None:
        """Adds an entry; never hand over a secret, a password or a citizen's contact.

        Args:
            actor: User name, or ``system``.
            action: What was done.
            subject: To what kind of thing.
            subject_id: To which of them.
            before: The changed values as they were.
            after: The changed values as they are.
            connection: The transaction of the change itself, so that neither is without the other.
        """
        row = {
            "at": self._clock(),
            "actor": actor[:80],
            "action": action[:60],
            "subject": subject[:40],
            "subject_id": str(subject_id)[:80],
            "before": _plain(before or {}),
            "after": _plain(after or {}),
        }
        if connection is not None:
            connection.execute(insert(audit).values(row))
            return
        with self._database.begin() as own:
            own.execute(insert(audit).values(row))

    def find(
        self,
        *,
        actor: str = "",
        action: str = "",
        subject: str = "",
        subject_id: str | int = "",
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> tuple[list[AuditEntry], int]:
        """Finds entries, newest first.

        Args:
            actor: Only what this one did.
            action: Only this action; its beginning will do: ``item`` finds ``item.update``.
            subject: Only what was done to this kind of thing.
            subject_id: Only what was done to this one.
            since: Only then or later.
            until: Only before then.
            limit: Most entries to return.
            offset: How many to leave out before.

        Returns:
            One page of entries, and how many there are in all.
        """
        wanted = []
        if actor:
            wanted.append(audit.c.actor == actor)
        if action:
            wanted.append(audit.c.action.startswith(action, autoescape=True))
        if subject:
            wanted.append(audit.c.subject == subject)
        if str(subject_id):
            wanted.append(audit.c.subject_id == str(subject_id))
        if since is not None:
            wanted.append(audit.c.at >= since)
        if until is not None:
            wanted.append(audit.c.at < until)
        query = select(audit).where(*wanted).order_by(audit.c.id.desc()).limit(limit)
        with self._database.connect() as connection:
            total = connection.execute(
                select(func.count()).select_from(audit).where(*wanted)
            ).scalar_one()
            rows = connection.execute(query.offset(offset)).mappings().all()
        return [AuditEntry(**{**row, "at": aware(row["at"])}) for row in rows], int(total)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime | date) else value
        for name, value in values.items()
    }
