"""The tables of the queue. Times are milliseconds since 1970 in UTC."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

_ID = BigInteger().with_variant(Integer, "sqlite")

citizens = Table(
    "channel_citizens",
    metadata,
    Column("channel", String(40), primary_key=True),
    Column("conversation", String(200), primary_key=True),
    Column("due_at", BigInteger),
    Column("lease_owner", String(120)),
    Column("lease_until", BigInteger),
    Column("paused_until", BigInteger),
    Column("blocked_at", BigInteger),
    Column("last_message_at", BigInteger),
    Column("choices", JSON),
    Column("choices_at", BigInteger),
    Index("ix_channel_citizens_due_at", "due_at"),
)
"""One row for each citizen: when there is work, who does it, and what was offered last.

``due_at`` is null when nothing waits. A lease lets one worker at a time serve a citizen.
"""

inbox = Table(
    "channel_inbox",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("channel", String(40), nullable=False),
    Column("event", String(250), nullable=False),
    Column("conversation", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("order_at", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("ripe_at", BigInteger, nullable=False),
    Column("payload", JSON),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    UniqueConstraint("channel", "event", name="uq_channel_inbox_event"),
    Index("ix_channel_inbox_conversation", "channel", "conversation", "state"),
    Index("ix_channel_inbox_received_at", "received_at"),
)
"""Every event, for telling a repeated delivery; the words go as soon as they are answered."""

outbox = Table(
    "channel_outbox",
    metadata,
    Column("id", _ID, primary_key=True, autoincrement=True),
    Column("channel", String(40), nullable=False),
    Column("conversation", String(200), nullable=False),
    Column("inbox_id", _ID, nullable=False),
    Column("answers", String(200), nullable=False),
    Column("position", Integer, nullable=False),
    Column("payload", JSON),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("doubts", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("error", Text),
    Index("ix_channel_outbox_conversation", "channel", "conversation", "state"),
    Index("ix_channel_outbox_finished_at", "finished_at"),
)
"""Every message to send; the words go as soon as it is sent or given up."""

tokens = Table(
    "channel_tokens",
    metadata,
    Column("token", String(40), primary_key=True),
    Column("choice", Text, nullable=False),
    Column("used_at", BigInteger, nullable=False),
)
"""Short names of choices whose ids do not fit into a button."""

alerts = Table(
    "channel_alerts",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("text", Text, nullable=False),
    Column("raised_at", BigInteger, nullable=False),
    Column("times", Integer, nullable=False),
)
"""What somebody has to put right."""
