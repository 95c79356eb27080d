"""Where each citizen is in a short dialogue; gone after half an hour without a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Engine, RowMapping, bindparam, select, update

from assistant.dialogue.database import upserting
from assistant.feedback.tables import flows
from assistant.moments import Clock, aware, utc_now

EXPIRY: Final = timedelta(minutes=30)
REMEMBERED: Final = timedelta(days=7)
"""How long it is known that a citizen was asked for a rating, so as not to ask again."""

RATING_ASKED: Final = "rating_asked"


class Step(StrEnum):
    """What was asked last."""

    IDLE = "idle"
    """Nothing; the row says that feedback was spoken of a moment ago."""
    REASON = "reason"
    COMMENT = "comment"
    KIND = "kind"
    ABOUT = "about"
    PLACE = "place"
    TEXT = "text"
    CONTACT = "contact"
    CONTACT_VALUE = "contact_value"
    CONTACT_CONFIRM = "contact_confirm"
    RATING = "rating"
    RATING_COMMENT = "rating_comment"


SUGGESTING: Final = frozenset({Step.KIND, Step.ABOUT, Step.PLACE, Step.TEXT})
"""Steps before a suggestion or complaint has been sent."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One citizen's place.

    Attributes:
        data: What was said so far, masked or sealed.
        running: Whether an answer to the step's question is still waited for.
        recent: Whether feedback was spoken of within the last half hour.
    """

    step: Step
    data: Mapping[str, Any]
    updated_at: datetime
    recent: bool

    @property
    def running(self) -> bool:
        """Whether an answer to the step's question is still waited for."""
        return self.recent and self.step is not Step.IDLE


_BY_NAME = select(flows).where(flows.c.conversation == bindparam("name"))


class FlowBook:
    """Keeps the places."""

    def __init__(self, database: Engine, clock: Clock = utc_now) -> None:
        """Takes a migrated database."""
        self._database = database
        self._clock = clock

    def get(self, conversation: str) -> Flow | None:
        """Reads a place; None where nothing is known."""
        with self._database.connect() as connection:
            row = connection.execute(_BY_NAME, {"name": conversation}).mappings().first()
        return None if row is None else self._flow(row)

    def put(self, conversation: str, step: Step, data: Mapping[str, Any] | None = None) -> None:
        """Writes a place."""
        row = {"step": step.value, "data": dict(data or {}), "updated_at": self._clock()}
        statement = upserting(self._database, flows).values(conversation=conversation, **row)
        with self._database.begin() as connection:
            connection.execute(
                statement.on_conflict_do_update(index_elements=["conversation"], set_=row)
            )

    def left_behind(self) -> list[tuple[str, Flow]]:
        """Lists what nobody has gone on with for half an hour and must not just lie there.

        These are suggestions, which are to be sent, and contacts without consent, which go.
        """
        query = select(flows).where(
            flows.c.updated_at <= self._clock() - EXPIRY,
            flows.c.step.in_([step.value for step in (*SUGGESTING, Step.CONTACT_CONFIRM)]),
        )
        with self._database.connect() as connection:
            rows = connection.execute(query).mappings().all()
        return [(row["conversation"], self._flow(row)) for row in rows]

    def claim(self, conversation: str, flow: Flow) -> bool:
        """Ends a dialogue that was left behind; of several processes one is told so."""
        kept = {name: flow.data[name] for name in (RATING_ASKED,) if name in flow.data}
        statement = (
            update(flows)
            .where(flows.c.conversation == conversation, flows.c.step == flow.step.value)
            .values(step=Step.IDLE.value, data=kept, updated_at=self._clock())
        )
        with self._database.begin() as connection:
            return bool(connection.execute(statement).rowcount == 1)

    def _flow(self, row: RowMapping) -> Flow:
        updated = aware(row["updated_at"])
        recent = self._clock() - updated < EXPIRY
        return Flow(Step(row["step"]), row["data"], updated, recent)
