"""The persistent queue: an inbox, an outbox and one lane for each citizen.

The same code runs on SQLite (one process, one writer at a time) and on PostgreSQL (several
processes; ``SELECT … FOR UPDATE SKIP LOCKED`` shares the work). Every method is one short
transaction and blocks; :class:`connectors.delivery.service.Delivery` calls them off the event loop.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, Row
from sqlalchemy.dialects import postgresql, sqlite

from connectors.channel import Event, EventKind, Outgoing, inbound_as_json, inbound_from_json
from connectors.delivery.tables import alerts, citizens, inbox, outbox, tokens
from connectors.message import Choice, Inbound

logger = logging.getLogger(__name__)

HOUR: Final = 3_600_000
CHOICES_KEPT: Final = HOUR // 2
_EVENTS_KEPT: Final = 48 * HOUR
_CITIZENS_KEPT: Final = 30 * 24 * HOUR
_TOKENS_KEPT: Final = 90 * 24 * HOUR

PUSH: Final = "push"
"""The kind of a row in the inbox that stands for a message of ours."""

WAITING, DONE, SENDING, SENT, FAILED, DROPPED = (
    "waiting", "done", "sending", "sent", "failed", "dropped",
)  # fmt: skip


class LeaseLostError(RuntimeError):
    """Another worker serves this citizen now; what was under way must not be recorded."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A citizen whose turn it is."""

    channel: str
    conversation: str


class StepKind(StrEnum):
    """What to do next for a citizen."""

    ANSWER = "answer"
    SEND = "send"
    CHECK = "check"
    """A message was being sent when the program stopped."""
    FORGET = "forget"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do for a citizen.

    Attributes:
        row: Id of the row in the inbox or the outbox.
        attempts: How often it was tried before.
        doubts: How often a try ended without anybody knowing whether it worked.
        answers: The platform's id of the message that is answered.
        received_at: When the citizen's message came, in milliseconds.
        expires_at: When the answer becomes too old to send, in milliseconds.
        paused: Whether a member of staff has taken over.
    """

    kind: StepKind
    row: int
    attempts: int = 0
    doubts: int = 0
    inbound: Inbound | None = None
    outgoing: Outgoing | None = None
    answers: str = ""
    expires_at: int = 0
    received_at: int = 0
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that somebody has to put right."""

    key: str
    text: str
    raised_at: int
    times: int


def now_ms() -> int:
    """The time in milliseconds."""
    return time.time_ns() // 1_000_000


class Pushed(StrEnum):
    """What became of a message that no citizen's message asked for."""

    QUEUED = "queued"
    KNOWN = "known"
    """It was queued before."""
    UNREACHABLE = "unreachable"
    """The citizen never wrote, left, blocked us, or had everything deleted."""
    TOO_LATE = "too_late"
    """The platform allows no message so long after the citizen's last one."""
    TAKEN_OVER = "taken_over"
    """A member of staff is talking with the citizen: try again later."""


class Queue:
    """The queue of all channels."""

    def __init__(
        self, engine: Engine, clock: Callable[[], int] = now_ms, lease_ms: int = 30_000
    ) -> None:
        """Takes a database whose tables exist.

        Args:
            engine: The database.
            clock: Gives the time in milliseconds.
            lease_ms: How long a citizen stays with a worker that gives no sign of life.
        """
        self._engine = engine
        self._clock = clock
        self._lease_ms = lease_ms
        self._sqlite = engine.dialect.name == "sqlite"
        self.owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"

    # --- coming in -----------------------------------------------------------------------

    def accept(
        self, channel: str, events: Sequence[Event], settle_ms: int = 0, pause_ms: int = HOUR
    ) -> int:
        """Takes events in; returns when they are safe.

        Args:
            channel: Where they happened.
            events: What happened.
            settle_ms: How long a message waits for earlier ones that come late.
            pause_ms: How long the assistant keeps quiet after a member of staff wrote.

        Returns:
            How many had not been delivered before.
        """
        new = 0
        for event in events:
            with self._write() as db:
                new += self._accept(db, channel, event, self._clock(), settle_ms, pause_ms)
        return new

    def _accept(
        self,
        db: Connection,
        channel: str,
        event: Event,
        now: int,
        settle_ms: int,
        pause_ms: int,
    ) -> bool:
        is_message = event.kind is EventKind.MESSAGE
        is_takeover = event.kind is EventKind.TAKEOVER
        ripe = now + settle_ms if is_message else now
        self._upsert_citizen(db, channel, event.conversation)  # locks the citizen's row
        inserted = db.execute(
            self._insert(inbox)
            .values(
                channel=channel,
                event=_short(event.key),
                conversation=event.conversation,
                kind=event.kind.value,
                order_at=event.order if event.order is not None else now,
                received_at=now,
                ripe_at=ripe,
                payload=inbound_as_json(event.inbound) if event.inbound else None,
                state=DONE if is_takeover else WAITING,
                attempts=0,
            )
            .on_conflict_do_nothing(index_elements=["channel", "event"])
            .returning(inbox.c.id)
        )
        if inserted.scalar_one_or_none() is None:
            return False
        changes: dict[str, Any] = {"paused_until": now + pause_ms}
        if is_takeover:
            self._drop(db, channel, event.conversation, "a member of staff took over")
        else:
            earlier = citizens.c.due_at < ripe
            changes = {"due_at": sa.case((earlier, citizens.c.due_at), else_=sa.literal(ripe))}
        if is_message:
            changes |= {"last_message_at": now, "blocked_at": None}
        db.execute(self._citizen_update(channel, event.conversation).values(**changes))
        return True

    # --- whose turn it is ----------------------------------------------------------------

    def claim(self, limit: int) -> list[Lane]:
        """Takes up to ``limit`` citizens for whom something is due; nobody else serves them."""
        now = self._clock()
        with self._write() as db:
            rows = db.execute(
                sa.select(citizens.c.channel, citizens.c.conversation)
                .where(
                    citizens.c.due_at <= now,
                    sa.or_(citizens.c.lease_until.is_(None), citizens.c.lease_until < now),
                )
                .order_by(citizens.c.due_at)
                .limit(limit)
                .with_for_update(skip_locked=True)
            ).all()
            for row in rows:
                db.execute(
                    self._citizen_update(row.channel, row.conversation).values(
                        lease_owner=self.owner, lease_until=now + self._lease_ms
                    )
                )
        return [Lane(row.channel, row.conversation) for row in rows]

    def next_due(self) -> int | None:
        """When the next citizen's turn comes, in milliseconds; None where nobody waits."""
        with self._engine.connect() as db:
            due = db.execute(
                sa.select(sa.func.min(citizens.c.due_at)).where(citizens.c.lease_until.is_(None))
            ).scalar()
        return int(due) if due is not None else None

    def renew(self) -> None:
        """Prolongs every lease of this process."""
        with self._write() as db:
            db.execute(
                citizens.update()
                .where(citizens.c.lease_owner == self.owner)
                .values(lease_until=self._clock() + self._lease_ms)
            )

    def release(self, lane: Lane, not_before: int = 0) -> None:
        """Gives a citizen back, due again when the next thing has to be done for them."""
        with self._write() as db:
            mine = self._citizen_update(lane.channel, lane.conversation).where(
                citizens.c.lease_owner == self.owner
            )
            if db.execute(mine.values(lease_until=self._clock())).rowcount != 1:
                return  # erased, or somebody else's by now
            due = self._due(db, lane)
            db.execute(
                mine.values(
                    lease_owner=None,
                    lease_until=None,
                    due_at=max(due, not_before) if due is not None else None,
                )
            )

    def release_dead(self) -> None:
        """Takes back what processes of this machine held that do not live any more."""
        host, pid, _ = self.owner.split(":")
        with self._write() as db:
            owners = db.execute(
                sa.select(citizens.c.lease_owner)
                .where(citizens.c.lease_owner.startswith(f"{host}:", autoescape=True))
                .distinct()
            ).scalars()
            dead = [
                owner
                for owner in owners
                if owner != self.owner
                and (owner.split(":")[1] == pid or not _lives(int(owner.split(":")[1])))
            ]
            if dead:
                db.execute(
                    citizens.update()
                    .where(citizens.c.lease_owner.in_(dead))
                    .values(lease_owner=None, lease_until=None)
                )

    def _due(self, db: Connection, lane: Lane) -> int | None:
        head = self._head(db, lane)
        ripe = db.execute(
            sa.select(sa.func.min(inbox.c.ripe_at)).where(
                *self._is(inbox, lane), inbox.c.state == WAITING
            )
        ).scalar()
        leaving = db.execute(
            sa.select(sa.func.min(inbox.c.ripe_at)).where(
                *self._is(inbox, lane),
                inbox.c.state == WAITING,
                inbox.c.kind == EventKind.FORGET.value,
            )
        ).scalar()
        if leaving is not None or head is None:
            due = leaving if leaving is not None else ripe
            return int(due) if due is not None else None
        return int(head.due_at)

    # --- one step ------------------------------------------------------------------------

    def next_step(self, lane: Lane) -> Step | None:
        """What to do now for a citizen; None where nothing is due.

        Everything waits behind what was to be sent before, so answers keep the order of the
        questions. Among the questions the platform's own time decides.
        """
        now = self._clock()
        with self._engine.connect() as db:
            citizen = db.execute(
                sa.select(citizens.c.paused_until).where(*self._is(citizens, lane))
            ).one_or_none()
            if citizen is None:
                return None
            waiting = sa.select(inbox).where(*self._is(inbox, lane), inbox.c.state == WAITING)
            leaving = db.execute(
                waiting.where(inbox.c.kind == EventKind.FORGET.value).limit(1)
            ).one_or_none()
            if leaving is not None:
                return Step(StepKind.FORGET, leaving.id, leaving.attempts)
            head = self._head(db, lane)
            if head is not None:
                if head.due_at > now:
                    return None
                kind = StepKind.CHECK if head.state == SENDING else StepKind.SEND
                return Step(
                    kind,
                    head.id,
                    head.attempts,
                    head.doubts,
                    outgoing=Outgoing.from_json(head.payload),
                    answers=head.answers,
                    expires_at=head.expires_at,
                    paused=(citizen.paused_until or 0) > now,
                )
            rows = db.execute(waiting.order_by(inbox.c.order_at, inbox.c.id).limit(1))
            first = rows.one_or_none()
            if first is None or not self._ripe(db, lane, now):
                return None
            return Step(
                StepKind.ANSWER,
                first.id,
                first.attempts,
                inbound=inbound_from_json(lane.channel, lane.conversation, first.payload),
                received_at=first.received_at,
                paused=(citizen.paused_until or 0) > now,
            )

    def _ripe(self, db: Connection, lane: Lane, now: int) -> bool:
        """Whether any question has waited long enough; then the earliest one is taken."""
        return bool(
            db.execute(
                sa.select(sa.func.count()).where(
                    *self._is(inbox, lane), inbox.c.state == WAITING, inbox.c.ripe_at <= now
                )
            ).scalar()
        )

    def _head(self, db: Connection, lane: Lane) -> Row[Any] | None:
        return db.execute(
            sa.select(outbox)
            .where(*self._is(outbox, lane), outbox.c.state.in_([WAITING, SENDING]))
            .order_by(outbox.c.inbox_id, outbox.c.position)
            .limit(1)
        ).one_or_none()

    def begin_answer(self, lane: Lane, row: int) -> None:
        """Counts a try, so that a message that kills the program is not tried for ever."""
        with self._held(lane) as db:
            db.execute(
                inbox.update().where(inbox.c.id == row).values(attempts=inbox.c.attempts + 1)
            )

    def answered(
        self,
        lane: Lane,
        step: Step,
        messages: Sequence[Outgoing],
        expires_at: int,
        choices: Sequence[Choice] = (),
    ) -> None:
        """Records an answer: the question is done and its messages wait, both or neither.

        Args:
            lane: Whose question.
            step: The question.
            messages: What to send, in order.
            expires_at: When it becomes too old to send, in milliseconds.
            choices: What the messages offer, in the order of their numbers.
        """
        now = self._clock()
        answers = step.inbound.message_id if step.inbound else ""
        with self._held(lane) as db:
            done = db.execute(
                inbox.update()
                .where(inbox.c.id == step.row, inbox.c.state == WAITING)
                .values(state=DONE, payload=None)
            )
            paused = db.execute(
                sa.select(citizens.c.paused_until).where(*self._is(citizens, lane))
            ).scalar()
            if done.rowcount != 1 or (paused or 0) > now:
                return
            for position, message in enumerate(messages):
                self._put(db, lane, step.row, answers, position, message, now, expires_at)
            if choices:
                db.execute(
                    self._citizen_update(lane.channel, lane.conversation).values(
                        choices=[[choice.id, choice.title] for choice in choices], choices_at=now
                    )
                )

    def begin_send(self, lane: Lane, row: int) -> bool:
        """Marks a message as on its way; False where it is not wanted any more."""
        with self._held(lane) as db:
            begun = db.execute(
                outbox.update()
                .where(outbox.c.id == row, outbox.c.state == WAITING)
                .values(state=SENDING)
            )
        return bool(begun.rowcount == 1)

    def sent(self, lane: Lane, row: int, note: str | None = None) -> None:
        """Records that a message arrived; its words go."""
        self._finish(lane, row, SENT, note)

    def retry(
        self,
        lane: Lane,
        row: int,
        due_at: int,
        error: str,
        attempts: int,
        doubted: bool = False,
    ) -> None:
        """Lets a message wait for another try.

        Args:
            lane: Whose it is.
            row: The message.
            due_at: When, in milliseconds.
            error: Why it was not sent.
            attempts: How many tries count against it by now.
            doubted: Whether nobody knows if it arrived.
        """
        with self._held(lane) as db:
            db.execute(
                outbox.update()
                .where(outbox.c.id == row)
                .values(
                    state=WAITING,
                    due_at=due_at,
                    error=error,
                    attempts=attempts,
                    doubts=outbox.c.doubts + int(doubted),
                )
            )

    def give_up(self, lane: Lane, row: int, error: str, blocked: bool = False) -> None:
        """Records that a message will not be sent; what follows it of the same answer goes too.

        Args:
            lane: Whose it is.
            row: The message.
            error: Why.
            blocked: Whether nothing at all can be sent to this citizen.
        """
        now = self._clock()
        with self._held(lane) as db:
            same = sa.select(outbox.c.inbox_id).where(outbox.c.id == row).scalar_subquery()
            db.execute(
                outbox.update()
                .where(
                    *self._is(outbox, lane),
                    outbox.c.state.in_([WAITING, SENDING]),
                    sa.true() if blocked else outbox.c.inbox_id == same,
                )
                .values(state=FAILED, payload=None, finished_at=now, error=error)
            )
            if blocked:
                db.execute(
                    self._citizen_update(lane.channel, lane.conversation).values(blocked_at=now)
                )

    def replace(self, lane: Lane, row: int, parts: Sequence[Outgoing]) -> None:
        """Puts other messages in the place of one that the platform refused."""
        now = self._clock()
        with self._held(lane) as db:
            old = db.execute(sa.select(outbox).where(outbox.c.id == row)).one()
            db.execute(
                outbox.update()
                .where(outbox.c.inbox_id == old.inbox_id, outbox.c.position > old.position)
                .values(position=outbox.c.position + len(parts) - 1)
            )
            db.execute(
                outbox.update()
                .where(outbox.c.id == row)
                .values(state=WAITING, payload=parts[0].as_json(), due_at=now)
            )
            for position, part in enumerate(parts[1:], start=old.position + 1):
                self._put(db, lane, old.inbox_id, old.answers, position, part, now, old.expires_at)

    def skip(self, lane: Lane, row: int) -> None:
        """Records that a question is not answered, on purpose."""
        with self._held(lane) as db:
            db.execute(inbox.update().where(inbox.c.id == row).values(state=DROPPED, payload=None))

    def push(
        self,
        channel: str,
        conversation: str,
        message: Outgoing,
        key: str,
        window_ms: int | None,
        keep_ms: int = _EVENTS_KEPT,
    ) -> Pushed:
        """Queues a message that does not answer one, behind what waits for the citizen already.

        Args:
            channel: The channel.
            conversation: Whose conversation; only one that is known and was not left.
            message: What to send.
            key: Names the message; a second one of the same name within two days is not queued.
            window_ms: How long after a citizen's last message the platform lets us write; None: as
                long as they have not left.
            keep_ms: When it becomes too old to send.
        """
        lane, now = Lane(channel, conversation), self._clock()
        with self._write() as db:
            citizen = db.execute(
                sa.select(citizens).where(*self._is(citizens, lane)).with_for_update()
            ).one_or_none()
            if citizen is None or citizen.blocked_at is not None or not citizen.last_message_at:
                return Pushed.UNREACHABLE
            closes = None if window_ms is None else citizen.last_message_at + window_ms
            if closes is not None and closes <= now:
                return Pushed.TOO_LATE
            if (citizen.paused_until or 0) > now:
                return Pushed.TAKEN_OVER
            row = db.execute(
                self._insert(inbox)
                .values(
                    channel=channel,
                    event=_short(f"push:{key}"),
                    conversation=conversation,
                    kind=PUSH,
                    order_at=now,
                    received_at=now,
                    ripe_at=now,
                    payload=None,
                    state=DONE,
                    attempts=0,
                )
                .on_conflict_do_nothing(index_elements=["channel", "event"])
                .returning(inbox.c.id)
            ).scalar_one_or_none()
            if row is None:
                return Pushed.KNOWN
            expires_at = now + keep_ms if closes is None else min(now + keep_ms, closes)
            self._put(db, lane, row, "", 0, message, now, expires_at)
            earlier = citizens.c.due_at < now
            db.execute(
                self._citizen_update(channel, conversation).values(
                    due_at=sa.case((earlier, citizens.c.due_at), else_=sa.literal(now))
                )
            )
        return Pushed.QUEUED

    # --- what is remembered --------------------------------------------------------------

    def choices(self, lane: Lane) -> list[Choice]:
        """The choices that a citizen was offered last; empty after half an hour."""
        with self._engine.connect() as db:
            row = db.execute(
                sa.select(citizens.c.choices, citizens.c.choices_at).where(
                    *self._is(citizens, lane)
                )
            ).one_or_none()
        if row is None or not row.choices or self._clock() - row.choices_at > CHOICES_KEPT:
            return []
        return [Choice(identifier, title) for identifier, title in row.choices]

    def keep_tokens(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Remembers what short tokens stand for."""
        now = self._clock()
        with self._write() as db:
            for token, choice in pairs:
                statement = self._insert(tokens).values(token=token, choice=choice, used_at=now)
                db.execute(
                    statement.on_conflict_do_update(index_elements=["token"], set_={"used_at": now})
                )

    def choice_of(self, token: str) -> str | None:
        """The choice that a token stands for."""
        with self._engine.connect() as db:
            return db.execute(
                sa.select(tokens.c.choice).where(tokens.c.token == token)
            ).scalar_one_or_none()

    def erase(self, lane: Lane) -> None:
        """Deletes everything of a citizen; the keys of events stay, without a name."""
        with self._write() as db:
            db.execute(
                inbox.update()
                .where(*self._is(inbox, lane))
                .values(conversation="", payload=None, state=DONE)
            )
            db.execute(outbox.delete().where(*self._is(outbox, lane)))
            db.execute(citizens.delete().where(*self._is(citizens, lane)))

    def clean_up(self) -> None:
        """Deletes what is too old to matter."""
        now = self._clock()
        with self._write() as db:
            db.execute(
                inbox.delete().where(
                    inbox.c.received_at < now - _EVENTS_KEPT, inbox.c.state != WAITING
                )
            )
            db.execute(outbox.delete().where(outbox.c.finished_at < now - _EVENTS_KEPT))
            db.execute(tokens.delete().where(tokens.c.used_at < now - _TOKENS_KEPT))
            db.execute(
                citizens.delete().where(
                    citizens.c.due_at.is_(None),
                    citizens.c.lease_until.is_(None),
                    sa.func.coalesce(citizens.c.last_message_at, 0) < now - _CITIZENS_KEPT,
                    sa.func.coalesce(citizens.c.paused_until, 0) < now,
                )
            )
            db.execute(
                citizens.update()
                .where(citizens.c.choices_at < now - CHOICES_KEPT)
                .values(choices=sa.null(), choices_at=None)
            )

    # --- alerts --------------------------------------------------------------------------

    def raise_alert(self, key: str, text: str) -> None:
        """Raises an alert; the same key again only counts."""
        with self._write() as db:
            statement = self._insert(alerts).values(
                key=key, text=text, raised_at=self._clock(), times=1
            )
            db.execute(
                statement.on_conflict_do_update(
                    index_elements=["key"], set_={"text": text, "times": alerts.c.times + 1}
                )
            )
        logger.critical("%s: %s", key, text)

    def clear_alerts(self, prefix: str) -> None:
        """Takes back every alert whose key begins so."""
        with self._write() as db:
            db.execute(alerts.delete().where(alerts.c.key.startswith(prefix, autoescape=True)))

    def open_alerts(self) -> list[Alert]:
        """The alerts that are open, oldest first."""
        with self._engine.connect() as db:
            rows = db.execute(sa.select(alerts).order_by(alerts.c.raised_at)).all()
        return [Alert(row.key, row.text, row.raised_at, row.times) for row in rows]

    def counts(self) -> dict[str, int]:
        """How many messages wait, by table."""
        with self._engine.connect() as db:
            return {
                table.name.removeprefix("channel_"): db.execute(
                    sa.select(sa.func.count()).where(table.c.state.in_([WAITING, SENDING]))
                ).scalar_one()
                for table in (inbox, outbox)
            }

    # --- helpers -------------------------------------------------------------------------

    @contextlib.contextmanager
    def _write(self) -> Iterator[Connection]:
        with self._engine.begin() as db:
            if self._sqlite:  # take the write lock first: a lock taken later may fail at once
                db.exec_driver_sql("BEGIN IMMEDIATE")
            yield db

    @contextlib.contextmanager
    def _held(self, lane: Lane) -> Iterator[Connection]:
        """A transaction that is only kept while this process holds the citizen's lease."""
        with self._write() as db:
            held = db.execute(
                self._citizen_update(lane.channel, lane.conversation)
                .where(citizens.c.lease_owner == self.owner)
                .values(lease_until=self._clock() + self._lease_ms)
            )
            if held.rowcount != 1:
                raise LeaseLostError(f"{lane.channel}: the lease is somebody else's")
            yield db

    def _insert(self, table: sa.Table) -> Any:
        return sqlite.insert(table) if self._sqlite else postgresql.insert(table)

    def _upsert_citizen(self, db: Connection, channel: str, conversation: str) -> None:
        statement = self._insert(citizens).values(channel=channel, conversation=conversation)
        db.execute(
            statement.on_conflict_do_update(
                index_elements=["channel", "conversation"], set_={"channel": channel}
            )
        )

    def _finish(self, lane: Lane, row: int, state: str, error: str | None) -> None:
        with self._held(lane) as db:
            db.execute(
                outbox.update()
                .where(outbox.c.id == row)
                .values(state=state, payload=None, finished_at=self._clock(), error=error)
            )

    def _put(
        self,
        db: Connection,
        lane: Lane,
        inbox_id: int,
        answers: str,
        position: int,
        message: Outgoing,
        now: int,
        expires_at: int,
    ) -> None:
        db.execute(
            outbox.insert().values(
                channel=lane.channel,
                conversation=lane.conversation,
                inbox_id=inbox_id,
                answers=answers,
                position=position,
                payload=message.as_json(),
                state=WAITING,
                attempts=0,
                doubts=0,
                due_at=now,
                expires_at=expires_at,
            )
        )

    def _drop(self, db: Connection, channel: str, conversation: str, reason: str) -> None:
        db.execute(
            outbox.update()
            .where(
                outbox.c.channel == channel,
                outbox.c.conversation == conversation,
                outbox.c.state == WAITING,
            )
            .values(state=DROPPED, payload=None, finished_at=self._clock(), error=reason)
        )

    @staticmethod
    def _citizen_update(channel: str, conversation: str) -> sa.Update:
        return citizens.update().where(
            citizens.c.channel == channel, citizens.c.conversation == conversation
        )

    @staticmethod
    def _is(table: sa.Table, lane: Lane) -> tuple[sa.ColumnElement[bool], ...]:
        return (table.c.channel == lane.channel, table.c.conversation == lane.conversation)


def _short(key: str) -> str:
    """A key that fits into its column."""
    return key if len(key) <= 250 else hashlib.sha256(key.encode()).hexdigest()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
