"""Keeps conversations between messages: small, bounded, and gone when they expire."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import Engine, bindparam, select

from assistant.dialogue.database import conversations, upserting
from assistant.moments import aware

REMEMBERED_SLOTS = ("procedure", "aspects", "province", "pending", "awaiting_choice")

_BY_ID = select(conversations.c.state, conversations.c.updated_at).where(
    conversations.c.id == bindparam("sender")
)


class ConversationStore(TrackerStore):
    """A Rasa tracker store that keeps what a follow-up needs instead of every event.

    The rules look at the latest message and the slots, and the actions look at the slots; replaying
    old events would make each turn slower than the one before. So a conversation is one row with
    its slots, and its tracker begins anew with them.
    """

    def __init__(self, engine: Engine, expiry: timedelta, domain: Domain | None = None) -> None:
        """Opens the store.

        Args:
            engine: The database, migrated.
            expiry: A conversation without a message for so long is forgotten.
            domain: Rasa's domain; set by the agent when it loads a model.
        """
        super().__init__(domain)
        self._engine = engine
        self._expiry = expiry
        new = upserting(engine, conversations)
        self._upsert = new.on_conflict_do_update(
            index_elements=["id"],
            set_={"state": new.excluded.state, "updated_at": new.excluded.updated_at},
        )

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Writes the slots of a conversation."""
        values = tracker.current_slot_values()
        state = {name: values.get(name) for name in REMEMBERED_SLOTS}
        row = {"id": tracker.sender_id, "state": state, "updated_at": datetime.now(UTC)}
        with self._engine.begin() as connection:
            connection.execute(self._upsert, row)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Reads a conversation; an expired one is as good as none."""
        with self._engine.connect() as connection:
            found = connection.execute(_BY_ID, {"sender": sender_id}).first()
        if found is None:
            return None
        state, updated = found
        if datetime.now(UTC) - aware(updated) > self._expiry:
            return None
        tracker = self.init_tracker(sender_id)
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        for name in REMEMBERED_SLOTS:
            if name in tracker.slots and state.get(name) is not None:
                tracker.update(SlotSet(name, state[name]))
        return tracker

    async def keys(self) -> Iterable[str]:
        """Lists the ids of all conversations that are kept."""
        with self._engine.connect() as connection:
            return list(connection.execute(select(conversations.c.id)).scalars())
