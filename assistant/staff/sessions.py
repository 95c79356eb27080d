"""Signed-in browsers.

The browser holds a random token; the database holds only its hash. A token is replaced whenever
the person behind it has shown more (password, second factor), so that a token that somebody planted
before is worth nothing afterwards.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine as Database
from sqlalchemy import RowMapping, delete, insert, select, update

from assistant.feedback.tables import sessions
from assistant.moments import Clock, aware, utc_now

PENDING = timedelta(minutes=15)
"""How long a sign-in may take from the password to its last step."""

_TOUCH_SECONDS = 30


class Stage(StrEnum):
    """What is still wanted of a browser."""

    FACTOR = "factor"
    """The second factor."""
    PASSWORD = "password"  # noqa: S105 - a stage, not a password
    """A new password, as the present one was given by somebody else."""
    ENROL = "enrol"
    """Setting up the second factor."""
    FULL = "full"
    """Nothing."""


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser.

    Attributes:
        key: Hash of the token; names the session without opening it.
        csrf: Must come with every form of this session.
    """

    key: str
    account_id: int
    stage: Stage
    csrf: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    browser: str


def hash_token(token: str) -> str:
    """The name of a session; the token cannot be had from it."""
    return hashlib.sha256(token.encode()).hexdigest()


class Sessions:
    """Begins, finds and ends sessions."""

    def __init__(
        self,
        database: Database,
        idle: timedelta = timedelta(minutes=30),
        absolute: timedelta = timedelta(hours=12),
        clock: Clock = utc_now,
    ) -> None:
        """Takes a migrated database and how long a session lasts without and with use."""
        self._database = database
        self._idle = idle
        self._absolute = absolute
        self._clock = clock

    def begin(self, account_id: int, stage: Stage, *, browser: str = "", replaces: str = "") -> str:
        """Begins a session.

        Args:
            account_id: Whose.
            stage: What is still wanted.
            browser: A few words about the browser, for the list of sessions.
            replaces: The token that the browser held before; it ends.

        Returns:
            The token for the browser.
        """
        token = secrets.token_urlsafe(32)
        now = self._clock()
        lasts = self._absolute if stage is Stage.FULL else PENDING
        self.delete_expired()
        with self._database.begin() as connection:
            if replaces:
                connection.execute(
                    delete(sessions).where(sessions.c.token_hash == hash_token(replaces))
                )
            connection.execute(
                insert(sessions).values(
                    token_hash=hash_token(token),
                    account_id=account_id,
                    stage=stage.value,
                    csrf=secrets.token_urlsafe(32),
                    created_at=now,
                    seen_at=now,
                    expires_at=now + lasts,
                    browser=browser[:120],
                )
            )
        return token

    def find(self, token: str) -> Session | None:
        """Finds a session that still lasts, and notes that it is in use."""
        if not token or len(token) > 200:
            return None
        key = hash_token(token)
        now = self._clock()
        with self._database.connect() as connection:
            row = (
                connection.execute(select(sessions).where(sessions.c.token_hash == key))
                .mappings()
                .first()
            )
        if row is None:
            return None
        session = _session(row)
        if now >= session.expires_at or now - session.seen_at >= self._idle:
            self.end(key)
            return None
        if (now - session.seen_at).total_seconds() >= _TOUCH_SECONDS:
            with self._database.begin() as connection:
                connection.execute(
                    update(sessions).where(sessions.c.token_hash == key).values(seen_at=now)
                )
        return session

    def of_account(self, account_id: int) -> list[Session]:
        """Lists the sessions of an account that still last, the latest used first."""
        now = self._clock()
        query = (
            select(sessions)
            .where(
                sessions.c.account_id == account_id,
                sessions.c.expires_at > now,
                sessions.c.seen_at > now - self._idle,
            )
            .order_by(sessions.c.seen_at.desc())
        )
        with self._database.connect() as connection:
            return [_session(row) for row in connection.execute(query).mappings()]

    def end(self, key: str) -> None:
        """Ends one session."""
        self._delete(sessions.c.token_hash == key)

    def end_all(self, account_id: int, keep: str = "") -> int:
        """Ends the sessions of an account, but for one, and says how many there were."""
        return self._delete(sessions.c.account_id == account_id, sessions.c.token_hash != keep)

    def delete_expired(self) -> int:
        """Deletes sessions that are over and says how many there were."""
        return self._delete(sessions.c.expires_at <= self._clock())

    def _delete(self, *conditions: Any) -> int:
        with self._database.begin() as connection:
            return int(connection.execute(delete(sessions).where(*conditions)).rowcount)


def _session(row: RowMapping) -> Session:
    return Session(
        key=row["token_hash"],
        account_id=row["account_id"],
        stage=Stage(row["stage"]),
        csrf=row["csrf"],
        created_at=aware(row["created_at"]),
        seen_at=aware(row["seen_at"]),
        expires_at=aware(row["expires_at"]),
        browser=row["browser"],
    )
