"""Proposed changes: made by decisions, accepted or rejected by editors, used by releases."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Engine, RowMapping, insert, select, update

from assistant.feedback.audit import AuditLog
from assistant.feedback.items import Item, ItemChangedError, ReviewItems
from assistant.feedback.learning.changes import (
    AliasChange,
    Change,
    ExampleChange,
    FieldChange,
    as_payload,
    read_change,
)
from assistant.feedback.learning.decisions import Draft, draft
from assistant.feedback.learning.patches import patch_of
from assistant.feedback.learning.yaml_text import YamlTextError
from assistant.feedback.period import vietnam_day
from assistant.feedback.tables import items, proposals
from assistant.feedback.values import DecisionKind, State
from assistant.moments import Clock, aware, utc_now
from knowledge_base.store import Catalogue


class ProposalState(StrEnum):
    """How far a proposal is."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    RELEASED = "released"
    REFUSED = "refused"


PROPOSAL_STATES: Final = {
    ProposalState.PROPOSED: "Chờ duyệt",
    ProposalState.ACCEPTED: "Đã duyệt, chờ bản cập nhật",
    ProposalState.REJECTED: "Không duyệt",
    ProposalState.RELEASED: "Đã đưa vào sử dụng",
    ProposalState.REFUSED: "Kiểm tra không đạt",
}
"""What staff read of a proposal's state."""

CHANGE_NAMES: Final = {
    "alias": "Tên gọi thường ngày",
    "example": "Câu mẫu",
    "field": "Sửa thông tin thủ tục",
}

_OPEN: Final = (ProposalState.PROPOSED, ProposalState.ACCEPTED)
_REPLACED: Final = "Thay bằng quyết định sau."


class ProposalMissingError(LookupError):
    """Raised when there is no such proposal."""


class ProposalStateError(RuntimeError):
    """Raised when a proposal is not in a state in which this can be done to it."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposed change.

    Attributes:
        change: What is to be changed.
        patch: The change as a unified diff against the project's files.
        regression: The question that proves it.
        reason: Why it was rejected or refused.
    """

    id: int
    item_id: int | None
    kind: str
    state: ProposalState
    change: Change
    patch: str
    regression: Mapping[str, Any]
    created_by: str
    created_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str
    release_id: int | None

    @classmethod
    def from_row(cls, row: RowMapping) -> Proposal:
        """Reads a row of the table."""
        decided = row["decided_at"]
        return cls(
            id=row["id"],
            item_id=row["item_id"],
            kind=row["kind"],
            state=ProposalState(row["state"]),
            change=read_change(row["payload"]),
            patch=row["patch"],
            regression=row["regression"],
            created_by=row["created_by"],
            created_at=aware(row["created_at"]),
            decided_by=row["decided_by"],
            decided_at=aware(decided) if decided is not None else None,
            reason=row["reason"],
            release_id=row["release_id"],
        )

    @property
    def summary(self) -> str:
        """The change in one line of Vietnamese."""
        match self.change:
            case AliasChange(code=code, phrase=phrase):
                return f"“{phrase}” là tên gọi của thủ tục {code}"
            case ExampleChange(intent="out_of_scope", text=text):
                return f"“{text}” nằm ngoài phạm vi trả lời"
            case ExampleChange(text=text):
                return f"“{text}” là câu hỏi về thủ tục"
            case FieldChange(correction=correction):
                return f"Sửa {correction.field} của thủ tục {correction.code}"


class Proposals:
    """Makes proposals of decisions, and keeps what became of them."""

    def __init__(
        self,
        database: Engine,
        items: ReviewItems | None = None,
        audit: AuditLog | None = None,
        clock: Clock = utc_now,
        patch: Callable[[Change], str] = patch_of,
    ) -> None:
        """Takes a migrated database; ``patch`` writes a change as a diff."""
        self._database = database
        self._audit = audit or AuditLog(database, clock)
        self._items = items or ReviewItems(database, self._audit, clock)
        self._clock = clock
        self._patch = patch

    # --- deciding -------------------------------------------------------------------------

    def decide(
        self,
        item_id: int,
        version: int | None,
        decision: DecisionKind,
        data: Mapping[str, Any],
        catalogue: Catalogue,
        actor: str,
    ) -> list[Proposal]:
        """Records a decision about an item and proposes the changes that it asks for.

        Proposals of an earlier decision that no release has used are rejected.

        Args:
            item_id: The item.
            version: Its version as it was read; None: whatever it is now.
            decision: One of :data:`assistant.feedback.learning.decisions.LEARNABLE`.
            data: The form, see :class:`assistant.feedback.learning.decisions.DecisionForm`.
            catalogue: The records in use.
            actor: Who decides.

        Returns:
            The new proposals.

        Raises:
            DecisionError: When the form is not complete or not sound.
            ItemMissingError: When there is no such item.
            ItemChangedError: When somebody else has changed it.
        """
        item = self._items.get(item_id)
        drafts = draft(item, decision, data, catalogue, actor, vietnam_day(self._clock()))
        patches = [self._patch_of(one.change) for one in drafts]
        with self._database.begin() as connection:
            self._close(connection, item_id, actor)
            changes = {
                "state": State.OPEN,
                "decision": decision.value,
                "decision_data": _kept(data),
            }
            self._items.update(item_id, version, changes, actor, "item.decide", connection)
            made = [
                self._insert(connection, item_id, one, patch, actor)
                for one, patch in zip(drafts, patches, strict=True)
            ]
        return made

    def accept(self, proposal_id: int, actor: str) -> Proposal:
        """Lets the next release use a proposal.

        Raises:
            ProposalMissingError: When there is none.
            ProposalStateError: When it was decided already.
        """
        with self._database.begin() as connection:
            return self._decide(connection, proposal_id, ProposalState.ACCEPTED, actor, "")

    def reject(self, proposal_id: int, actor: str, reason: str) -> Proposal:
        """Turns a proposal down; the item is open again.

        Raises:
            ProposalMissingError: When there is none.
            ProposalStateError: When a release has used it, or it was turned down before.
        """
        with self._database.begin() as connection:
            return self._decide(connection, proposal_id, ProposalState.REJECTED, actor, reason)

    def end(
        self, item_id: int, version: int | None, changes: Mapping[str, Any], actor: str
    ) -> Item:
        """Records a decision that changes nothing; open proposals of an earlier one are rejected.

        Args:
            item_id: The item.
            version: Its version as it was read; None: whatever it is now.
            changes: What the decision makes of the item.
            actor: Who decides.

        Raises:
            ItemMissingError: When there is no such item.
            ItemChangedError: When somebody else has changed it.
        """
        item = self._items.get(item_id)
        if version is not None and item.version != version:
            raise ItemChangedError(f"item {item_id} is at version {item.version}")
        with self._database.begin() as connection:
            self._close(connection, item_id, actor)
            return self._items.update(item_id, None, changes, actor, "item.decide", connection)

    # --- reading --------------------------------------------------------------------------

    def get(self, proposal_id: int) -> Proposal:
        """Reads one proposal.

        Raises:
            ProposalMissingError: When there is none.
        """
        with self._database.connect() as connection:
            return self._read(connection, proposal_id)

    def find(
        self,
        states: Collection[ProposalState] = (),
        item_id: int | None = None,
        release_id: int | None = None,
        limit: int = 500,
    ) -> list[Proposal]:
        """Finds proposals, oldest first; no states: any state."""
        query = select(proposals).order_by(proposals.c.id).limit(limit)
        if states:
            query = query.where(proposals.c.state.in_([state.value for state in states]))
        if item_id is not None:
            query = query.where(proposals.c.item_id == item_id)
        if release_id is not None:
            query = query.where(proposals.c.release_id == release_id)
        with self._database.connect() as connection:
            return [Proposal.from_row(row) for row in connection.execute(query).mappings()]

    # --- what releases and imports do -----------------------------------------------------

    def add(
        self,
        connection: Connection,
        drafted: Draft,
        actor: str,
        item_id: int | None = None,
    ) -> Proposal:
        """Adds a proposal that no decision here made, for example of an import."""
        patch = self._patch_of(drafted.change)
        return self._insert(connection, item_id, drafted, patch, actor)

    def replace(
        self,
        connection: Connection,
        proposal_id: int,
        change: Change,
        regression: Mapping[str, Any],
        actor: str,
    ) -> Proposal:
        """Gives an open proposal another content."""
        before = self._read(connection, proposal_id)
        if before.state not in _OPEN:
            raise ProposalStateError(f"proposal {proposal_id} is {before.state}")
        values = {
            "payload": as_payload(change),
            "kind": change.kind,
            "patch": self._patch_of(change),
            "regression": dict(regression),
        }
        connection.execute(update(proposals).where(proposals.c.id == proposal_id).values(values))
        old = {"payload": as_payload(before.change)}
        new = {"payload": values["payload"]}
        self._audit.record(actor, "proposal.edit", "proposal", proposal_id, old, new, connection)
        return self._read(connection, proposal_id)

    def settle(
        self,
        connection: Connection,
        proposal_id: int,
        state: ProposalState,
        actor: str,
        reason: str = "",
        release_id: int | None = None,
    ) -> Proposal:
        """Records what a release made of a proposal; the state of its item follows.

        A released proposal closes its item as soon as no other of it is open; a refused one opens
        it again.
        """
        before = self._read(connection, proposal_id)
        connection.execute(
            update(proposals)
            .where(proposals.c.id == proposal_id)
            .values(state=state.value, reason=reason, release_id=release_id)
        )
        self._audit.record(
            actor,
            f"proposal.{state.value}",
            "proposal",
            proposal_id,
            {"state": before.state.value},
            {"state": state.value, "reason": reason, "release": release_id},
            connection,
        )
        self._follow(connection, before.item_id, actor, release_id)
        return self._read(connection, proposal_id)

    def decide_within(
        self,
        connection: Connection,
        proposal_id: int,
        state: ProposalState,
        actor: str,
        reason: str = "",
    ) -> Proposal:
        """Accepts or rejects within a transaction of the caller's."""
        return self._decide(connection, proposal_id, state, actor, reason)

    # --- inside ---------------------------------------------------------------------------

    def _patch_of(self, change: Change) -> str:
        try:
            return self._patch(change)
        except (YamlTextError, OSError) as error:
            return f"# {error}\n"

    def _insert(
        self, connection: Connection, item_id: int | None, one: Draft, patch: str, actor: str
    ) -> Proposal:
        row = {
            "item_id": item_id,
            "kind": one.change.kind,
            "state": ProposalState.PROPOSED.value,
            "payload": as_payload(one.change),
            "patch": patch,
            "regression": dict(one.regression),
            "created_by": actor,
            "created_at": self._clock(),
        }
        made = connection.execute(insert(proposals).values(row).returning(proposals.c.id))
        proposal = self._read(connection, made.scalar_one())
        after = {"item": item_id, "payload": row["payload"]}
        self._audit.record(actor, "proposal.create", "proposal", proposal.id, {}, after, connection)
        return proposal

    def _read(self, connection: Connection, proposal_id: int) -> Proposal:
        query = select(proposals).where(proposals.c.id == proposal_id)
        row = connection.execute(query).mappings().first()
        if row is None:
            raise ProposalMissingError(f"there is no proposal {proposal_id}")
        return Proposal.from_row(row)

    def _close(self, connection: Connection, item_id: int, actor: str) -> None:
        """Rejects what an earlier decision proposed, so that it no longer counts."""
        mine = proposals.c.item_id == item_id
        opened = proposals.c.state.in_([state.value for state in _OPEN])
        for proposal_id in list(connection.scalars(select(proposals.c.id).where(mine, opened))):
            self._decide(connection, proposal_id, ProposalState.REJECTED, actor, _REPLACED)
        connection.execute(
            update(proposals)
            .where(mine, proposals.c.state == ProposalState.REFUSED.value)
            .values(state=ProposalState.REJECTED.value)
        )

    def _decide(
        self,
        connection: Connection,
        proposal_id: int,
        state: ProposalState,
        actor: str,
        reason: str,
    ) -> Proposal:
        before = self._read(connection, proposal_id)
        allowed: Sequence[ProposalState] = (ProposalState.PROPOSED,)
        if state is ProposalState.REJECTED:
            allowed = _OPEN
        if before.state not in allowed:
            raise ProposalStateError(f"proposal {proposal_id} is {before.state}")
        done = connection.execute(
            update(proposals)
            .where(proposals.c.id == proposal_id, proposals.c.state == before.state.value)
            .values(state=state.value, decided_by=actor, decided_at=self._clock(), reason=reason)
        )
        if done.rowcount != 1:
            raise ProposalStateError(f"proposal {proposal_id} was decided at the same time")
        self._audit.record(
            actor,
            f"proposal.{'accept' if state is ProposalState.ACCEPTED else 'reject'}",
            "proposal",
            proposal_id,
            {"state": before.state.value},
            {"state": state.value, "reason": reason},
            connection,
        )
        self._follow(connection, before.item_id, actor, None)
        return self._read(connection, proposal_id)

    def _follow(
        self, connection: Connection, item_id: int | None, actor: str, release_id: int | None
    ) -> None:
        """Puts an item into the state that its proposals give it; a dismissed one stays so."""
        if item_id is None:
            return
        found = connection.execute(select(items.c.state).where(items.c.id == item_id)).scalar()
        if found is None or found == State.DISMISSED.value:
            return
        query = select(proposals.c.state).where(
            proposals.c.item_id == item_id,
            proposals.c.state != ProposalState.REJECTED.value,
        )
        states = set(connection.execute(query).scalars())
        changes: dict[str, Any] = {"state": State.OPEN}
        if ProposalState.ACCEPTED in states:
            changes = {"state": State.WAITING}
        elif states == {ProposalState.RELEASED}:
            changes = {"state": State.DONE}
            if release_id is not None:
                changes["release_id"] = release_id
        self._items.update(item_id, None, changes, actor, "item.follow", connection)


def _kept(data: Mapping[str, Any]) -> dict[str, Any]:
    """The entered values as plain data."""
    return {
        str(name): list(value) if isinstance(value, tuple) else value
        for name, value in data.items()
        if isinstance(value, str | int | float | bool | list | tuple)
    }
