"""Pauses of the assistant or of one channel, and notices that are shown with its answers.

Staff put them up; every worker reads them again after a few seconds, so a message costs no query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from time import monotonic
from typing import Final

from sqlalchemy import ColumnElement, Engine, RowMapping, insert, or_, select, update

from assistant.feedback.audit import AuditLog
from assistant.feedback.tables import notices
from assistant.moments import Clock, aware, utc_now

FRESH_SECONDS: Final = 3.0
"""How long what was read counts as the present state."""


class NoticeKind(StrEnum):
    """What was put up."""

    PAUSE = "pause"
    """The assistant answers no questions; the text is what citizens read instead."""
    NOTICE = "notice"
    """The text is shown above answers."""


class NoticeMissingError(LookupError):
    """Raised when there is no such notice, or it has ended already."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A pause or a notice.

    Attributes:
        channel: The channel it is for; empty: all.
        text: What citizens read.
        reason: Why, for colleagues.
        starts_at: From when.
        ends_at: Until when; None: until somebody ends it.
        ended_at: When somebody did.
    """

    id: int
    kind: NoticeKind
    channel: str
    text: str
    reason: str
    starts_at: datetime
    ends_at: datetime | None
    ended_at: datetime | None
    created_by: str
    created_at: datetime

    def active(self, now: datetime) -> bool:
        """Tells whether it holds at a moment."""
        over = self.ended_at is not None or (self.ends_at is not None and self.ends_at <= now)
        return self.starts_at <= now and not over

    def planned(self, now: datetime) -> bool:
        """Tells whether it will hold later."""
        return self.ended_at is None and self.starts_at > now


class Notices:
    """Puts up notices and pauses, ends them, and says which hold now."""

    def __init__(
        self,
        database: Engine,
        audit: AuditLog | None = None,
        clock: Clock = utc_now,
        fresh_seconds: float = FRESH_SECONDS,
    ) -> None:
        """Takes a migrated database."""
        self._database = database
        self._audit = audit or AuditLog(database, clock)
        self._clock = clock
        self._fresh_seconds = fresh_seconds
        self._known: list[Notice] = []
        self._read_at: float | None = None

    # --- what holds now -------------------------------------------------------------------

    def pause(self, channel: str) -> Notice | None:
        """Returns the pause that holds for a channel, its own before one of all channels."""
        found = [one for one in self._active(channel) if one.kind is NoticeKind.PAUSE]
        return max(found, key=lambda one: (bool(one.channel), one.id), default=None)

    def texts(self, channel: str) -> list[str]:
        """Returns the notices to show on a channel, the oldest first."""
        return [one.text for one in self._active(channel) if one.kind is NoticeKind.NOTICE]

    def _active(self, channel: str) -> list[Notice]:
        read = self._read_at
        if read is None or monotonic() - read >= self._fresh_seconds:
            now = self._clock()
            over = or_(notices.c.ends_at.is_(None), notices.c.ends_at > now)
            self._known = self._read(notices.c.ended_at.is_(None) & over, newest_first=False)
            self._read_at = monotonic()
        if not self._known:
            return []
        now = self._clock()
        return [one for one in self._known if one.channel in {"", channel} and one.active(now)]

    # --- what staff do --------------------------------------------------------------------

    def publish(
        self,
        kind: NoticeKind,
        text: str,
        reason: str,
        actor: str,
        *,
        channel: str = "",
        starts_at: datetime | None = None,
        ends_at: datetime | None = None,
    ) -> int:
        """Puts up a notice or a pause.

        Args:
            kind: Which of both.
            text: What citizens read.
            reason: Why, for the record.
            actor: Who does it.
            channel: The channel it is for; empty: all.
            starts_at: From when; None: now.
            ends_at: Until when; None: until it is ended.

        Returns:
            Its id.

        Raises:
            ValueError: When text or reason is missing or it would end before it begins.
        """
        now = self._clock()
        begins = starts_at or now
        if not text.strip() or not reason.strip():
            raise ValueError("a notice needs a text and a reason")
        if ends_at is not None and ends_at <= max(begins, now):
            raise ValueError("a notice has to end after it begins")
        row = {
            "kind": kind.value,
            "channel": channel,
            "text": text.strip(),
            "reason": reason.strip(),
            "starts_at": begins,
            "ends_at": ends_at,
            "created_by": actor,
            "created_at": now,
        }
        with self._database.begin() as connection:
            made = connection.execute(insert(notices).values(row).returning(notices.c.id))
            identifier = int(made.scalar_one())
            self._audit.record(
                actor, f"{kind.value}.start", "notice", identifier, {}, row, connection
            )
        self._read_at = None
        return identifier

    def end(self, identifier: int, actor: str) -> None:
        """Takes a notice down, or lets the assistant answer again.

        Raises:
            NoticeMissingError: When there is none, or it has ended.
        """
        now = self._clock()
        own = notices.c.id == identifier
        with self._database.begin() as connection:
            done = connection.execute(
                update(notices).where(own, notices.c.ended_at.is_(None)).values(ended_at=now)
            )
            if done.rowcount != 1:
                raise NoticeMissingError(f"there is no notice {identifier} to end")
            kind = connection.execute(select(notices.c.kind).where(own)).scalar_one()
            self._audit.record(
                actor, f"{kind}.end", "notice", identifier, {}, {"ended_at": now}, connection
            )
        self._read_at = None

    def all(self, limit: int = 100) -> Sequence[Notice]:
        """Lists notices and pauses, newest first."""
        return self._read(limit=limit)

    def get(self, identifier: int) -> Notice:
        """Reads one.

        Raises:
            NoticeMissingError: When there is none.
        """
        found = self._read(notices.c.id == identifier)
        if not found:
            raise NoticeMissingError(f"there is no notice {identifier}")
        return found[0]

    def _read(
        self,
        condition: ColumnElement[bool] | None = None,
        *,
        newest_first: bool = True,
        limit: int = 1000,
    ) -> list[Notice]:
        order = notices.c.id.desc() if newest_first else notices.c.id
        query = select(notices).order_by(order).limit(limit)
        if condition is not None:
            query = query.where(condition)
        with self._database.connect() as connection:
            return [_notice(row) for row in connection.execute(query).mappings()]


def _notice(row: RowMapping) -> Notice:
    values = dict(row)
    for name in ("starts_at", "ends_at", "ended_at", "created_at"):
        values[name] = aware(values[name]) if values[name] is not None else None
    values["kind"] = NoticeKind(values["kind"])
    return Notice(**values)
