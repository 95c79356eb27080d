"""Deletes everything that is stored of one conversation, in every table.

What the office still has to answer, a suggestion or a complaint that is not closed, keeps its words
and its tracking code, but nothing leads from it to the person any more: conversation, contact and
what was said around it go. The same holds of a question that others have asked too. What the office
has acted on stays as an empty row, because figures and releases count it. Everything else is
deleted. ``docs/privacy.md`` says so to those who run it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    delete,
    false,
    func,
    not_,
    null,
    or_,
    select,
    update,
)

from assistant.dialogue.database import conversations, turns
from assistant.feedback.retention import delete_empty_groups
from assistant.feedback.tables import flows, groups, items, notes, ratings, votes
from assistant.feedback.values import CLOSED, Kind, State
from connectors.delivery.tables import citizens, inbox, outbox

_TO_KEEP: Final = and_(
    items.c.state.not_in([state.value for state in CLOSED]),
    or_(
        items.c.kind.in_([Kind.SUGGESTION.value, Kind.COMPLAINT.value]),
        and_(items.c.kind == Kind.UNANSWERED.value, items.c.times > 1, items.c.decision == ""),
    ),
)
_ACTED_ON: Final = or_(
    items.c.state.in_([State.WAITING.value, *(state.value for state in CLOSED)]),
    items.c.decision != "",
)
_UNLINKED: Final[dict[str, Any]] = {
    "conversation": "", "handle": "", "snapshot": {}, "contact": "", "consent_at": None,
}  # fmt: skip
_EMPTIED: Final[dict[str, Any]] = {
    **_UNLINKED, "text": "", "folded": "", "reply": "", "place": "", "code": None, "group_id": None,
    "decision_data": {},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows went.

    Attributes:
        emptied: Items that stay as a row without content.
        unlinked: Suggestions that keep their words until the office has answered.
    """

    conversations: int = 0
    turns: int = 0
    votes: int = 0
    ratings: int = 0
    flows: int = 0
    items: int = 0
    emptied: int = 0
    unlinked: int = 0
    messages: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(getattr(self, f.name) for f in fields(self))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose data is meant.

    Attributes:
        channel: Where a conversation is; empty for what was sent with a form of a page.
        conversation: Its name there.
        item: One item of the queue that is theirs too.
    """

    channel: str = ""
    conversation: str = ""
    item: int | None = None

    @classmethod
    def of_item(cls, item: int, name: str) -> Person:
        """Whoever sent an item; ``name`` is the item's conversation, empty for a form's."""
        channel, _, conversation = name.partition(":")
        return cls(channel, conversation, item)

    @property
    def name(self) -> str:
        """The conversation's name in the tables; empty without one."""
        return conversation_name(self.channel, self.conversation) if self.channel else ""

    @property
    def subject(self) -> str:
        """What the audit log calls it."""
        return "conversation" if self.name else "item"

    @property
    def subject_id(self) -> str:
        """Which one, for the audit log: of a conversation only a fingerprint.

        The log is kept for years and must not remember who was forgotten.
        """
        if not self.name:
            return str(self.item)
        return hashlib.sha256(self.name.encode()).hexdigest()[:16]

    @property
    def own_items(self) -> ColumnElement[bool]:
        """The items of the queue that are theirs."""
        of_conversation = items.c.conversation == self.name if self.name else false()
        return or_(of_conversation, items.c.id == self.item) if self.item else of_conversation


def conversation_name(channel: str, conversation: str) -> str:
    """Names a conversation as the tables do."""
    return f"{channel}:{conversation}"


def erase(database: Engine, channel: str, conversation: str) -> Erased:
    """Deletes everything of a conversation; see :func:`erase_person`.

    Args:
        database: Migrated.
        channel: ``zalo``, ``telegram``, ``web``, ``api`` …
        conversation: The conversation's name on that channel.
    """
    return erase_person(database, Person(channel, conversation))


def erase_person(database: Engine, person: Person) -> Erased:
    """Deletes everything of a person, in one transaction.

    A reply that is just being sent still goes out, and a lane of the queue that is being served
    stays with its owner; the words of both go as soon as they are sent.
    """
    name = person.name
    with database.begin() as connection:
        own = person.own_items
        touched = set(
            connection.execute(select(items.c.group_id).where(own, items.c.group_id.is_not(None)))
            .scalars()
            .all()
        )
        ids = list(connection.execute(select(items.c.id).where(own)).scalars())
        own = items.c.id.in_(ids)
        unlinked = _update(connection, and_(own, _TO_KEEP), _UNLINKED)
        own = and_(own, not_(_TO_KEEP))
        acted_on = select(items.c.id).where(own, _ACTED_ON)
        connection.execute(delete(notes).where(notes.c.item_id.in_(acted_on)))
        emptied = _update(connection, and_(own, _ACTED_ON), _EMPTIED)
        deleted = connection.execute(delete(items).where(own, not_(_ACTED_ON))).rowcount
        _rename_groups(connection, touched)
        if not name:
            return Erased(items=deleted, emptied=emptied, unlinked=unlinked)
        return Erased(
            conversations=_delete(connection, conversations, conversations.c.id == name),
            turns=_delete(connection, turns, turns.c.conversation == name),
            votes=_delete(connection, votes, votes.c.conversation == name),
            ratings=_delete(connection, ratings, ratings.c.conversation == name),
            flows=_delete(connection, flows, flows.c.conversation == name),
            items=deleted,
            emptied=emptied,
            unlinked=unlinked,
            messages=_clear_queue(connection, person.channel, person.conversation),
        )


def _update(connection: Connection, where: ColumnElement[bool], values: dict[str, Any]) -> int:
    return connection.execute(
        update(items).where(where).values(**values, version=items.c.version + 1)
    ).rowcount


def _delete(connection: Connection, table: Any, where: ColumnElement[bool]) -> int:
    return int(connection.execute(delete(table).where(where)).rowcount)


def _rename_groups(connection: Connection, touched: set[int]) -> None:
    """Gives groups whose title may be the citizen's words the words of an item that is left."""
    for group in touched:
        left = select(items.c.text).where(items.c.group_id == group).order_by(items.c.id.desc())
        text = connection.execute(left.limit(1)).scalar()
        if text is None:
            continue
        size = select(func.count()).select_from(items).where(items.c.group_id == group)
        connection.execute(
            update(groups)
            .where(groups.c.id == group)
            .values(title=text, size=size.scalar_subquery())
        )
    delete_empty_groups(connection)


def _clear_queue(connection: Connection, channel: str, conversation: str) -> int:
    """Takes a citizen's words and offered choices out of the channels' queue."""

    def own(table: Any) -> ColumnElement[bool]:
        return and_(table.c.channel == channel, table.c.conversation == conversation)

    heard = connection.execute(
        update(inbox)
        .where(own(inbox), inbox.c.state == "done")
        .values(payload=null(), conversation="")
    ).rowcount
    sent = _delete(connection, outbox, and_(own(outbox), outbox.c.finished_at.is_not(None)))
    connection.execute(
        update(citizens).where(own(citizens)).values(choices=null(), choices_at=None)
    )
    return int(heard + sent)
