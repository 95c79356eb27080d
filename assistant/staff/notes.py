"""What members of staff write to each other about an item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine as Database
from sqlalchemy import insert, select

from assistant.feedback.audit import AuditLog
from assistant.feedback.tables import notes
from assistant.moments import Clock, aware, utc_now
from assistant.privacy import mask


@dataclass(frozen=True, slots=True)
class Note:
    """One note."""

    author: str
    text: str
    created_at: datetime


class Notes:
    """Writes and lists notes; personal numbers in them are masked."""

    def __init__(self, database: Database, audit: AuditLog, clock: Clock = utc_now) -> None:
        """Takes a migrated database."""
        self._database = database
        self._audit = audit
        self._clock = clock

    def add(self, item_id: int, author: str, text: str) -> None:
        """Adds a note to an item."""
        row = {
            "item_id": item_id,
            "author": author,
            "text": mask(text).text,
            "created_at": self._clock(),
        }
        with self._database.begin() as connection:
            connection.execute(insert(notes).values(row))
            self._audit.record(author, "item.note", "item", item_id, connection=connection)

    def of_item(self, item_id: int) -> Sequence[Note]:
        """Lists the notes of an item, oldest first."""
        query = select(notes).where(notes.c.item_id == item_id).order_by(notes.c.id)
        with self._database.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [Note(row["author"], row["text"], aware(row["created_at"])) for row in rows]
