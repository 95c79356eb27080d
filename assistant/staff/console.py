"""What the pages of the console work with, made of the running program for each request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from fastapi import HTTPException, Request
from sqlalchemy import Engine as Database

from assistant.feedback.audit import AuditLog
from assistant.feedback.items import ReviewItems
from assistant.feedback.limits import Attempts
from assistant.feedback.notices import Notices
from assistant.feedback.seal import Seal
from assistant.settings import Settings
from assistant.staff.accounts import Accounts
from assistant.staff.conversation import readable
from assistant.staff.notes import Notes
from assistant.staff.sessions import Sessions
from assistant.web.state import app_state

if TYPE_CHECKING:
    from assistant.knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class Keys:
    """What is made of the installation's secret, once."""

    secret: bytes
    seal: Seal


@dataclass(frozen=True, slots=True)
class Console:
    """The parts of the running program that the console uses."""

    settings: Settings
    keys: Keys
    database: Database
    knowledge: Knowledge

    @property
    def accounts(self) -> Accounts:
        """Members of staff."""
        return Accounts(self.database, self.keys.seal)

    @property
    def sessions(self) -> Sessions:
        """Signed-in browsers."""
        return Sessions(
            self.database,
            timedelta(minutes=self.settings.staff_idle_minutes),
            timedelta(hours=self.settings.staff_session_hours),
        )

    @property
    def audit(self) -> AuditLog:
        """Who did what."""
        return AuditLog(self.database)

    @property
    def attempts(self) -> Attempts:
        """Wrong attempts by address."""
        return Attempts(self.database)

    @property
    def notices(self) -> Notices:
        """Notices and pauses."""
        return Notices(self.database, self.audit)

    @property
    def notes(self) -> Notes:
        """What members of staff write to each other."""
        return Notes(self.database, self.audit)

    def title_of(self, code: str | None) -> str:
        """The name of a procedure with its code; the code alone where it is not known."""
        record = self.knowledge.catalogue.get(code) if code else None
        return f"{record.title} ({code})" if record else code or ""

    def said(self, text: str) -> str:
        """What a citizen typed or tapped, in words."""
        return readable(text, self.knowledge.catalogue)

    @property
    def items(self) -> ReviewItems:
        """The queue."""
        return ReviewItems(self.database)


def console_of(request: Request) -> Console:
    """The console of the application that serves a request; 503 as long as it loads."""
    state = app_state(request)
    if state.engine is None:
        raise HTTPException(503, "The assistant is starting.", {"Retry-After": "5"})
    keys: Keys = request.app.state.staff_keys
    return Console(state.settings, keys, state.engine.database, state.engine.knowledge)
