"""Counts attempts in windows of time, for everything that could be tried until it works."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, delete, select

from assistant.dialogue.database import upserting
from assistant.feedback.tables import attempts
from assistant.moments import Clock, utc_now

LONGEST_WINDOW = 86_400


class Attempts:
    """Counts in the database, so that several workers count together."""

    def __init__(self, database: Engine, clock: Clock = utc_now) -> None:
        """Takes a migrated database."""
        self._database = database
        self._clock = clock

    def allow(self, key: str, limit: int, seconds: int) -> bool:
        """Counts one attempt and tells whether it may go on.

        Args:
            key: What is limited and whose it is: ``lookup:203.0.113.7``. Only a fingerprint of
                what follows the first colon is stored.
            limit: How many attempts a window allows.
            seconds: Length of a window, whole minutes up to a day.
        """
        period = self._period(seconds)
        statement = upserting(self._database, attempts).values(
            key=_fingerprint(key), period=period, count=1
        )
        counting: Any = statement.on_conflict_do_update(
            index_elements=["key", "period"], set_={"count": attempts.c.count + 1}
        ).returning(attempts.c.count)
        with self._database.begin() as connection:
            count = int(connection.execute(counting).scalar_one())
        return count <= limit

    def spent(self, key: str, limit: int, seconds: int) -> bool:
        """Tells whether a window's attempts are used up, without counting one."""
        query = select(attempts.c.count).where(
            attempts.c.key == _fingerprint(key), attempts.c.period == self._period(seconds)
        )
        with self._database.connect() as connection:
            return int(connection.execute(query).scalar() or 0) >= limit

    def clear(self, key: str) -> None:
        """Forgets the attempts of a key, for example after the right password."""
        with self._database.begin() as connection:
            connection.execute(delete(attempts).where(attempts.c.key == _fingerprint(key)))

    def delete_old(self) -> int:
        """Deletes windows that are over and says how many there were."""
        limit = (self._clock() - timedelta(seconds=LONGEST_WINDOW)).timestamp() // 60
        with self._database.begin() as connection:
            result = connection.execute(delete(attempts).where(attempts.c.period < limit))
        return int(result.rowcount)

    def _period(self, seconds: int) -> int:
        """Names a window by the minute in which it began."""
        if not 60 <= seconds <= LONGEST_WINDOW or seconds % 60:
            raise ValueError("a window is whole minutes, at most a day")
        minutes = seconds // 60
        return int(self._clock().timestamp()) // 60 // minutes * minutes


def _fingerprint(key: str) -> str:
    purpose, _, subject = key.partition(":")
    return f"{purpose[:60]}:{hashlib.sha256(subject.encode()).hexdigest()[:32]}"
