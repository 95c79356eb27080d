"""The queue of the channels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes the inbox, the outbox and what belongs to them."""
    op.create_table(
        "channel_citizens",
        sa.Column("channel", sa.String(40), primary_key=True),
        sa.Column("conversation", sa.String(200), primary_key=True),
        sa.Column("due_at", sa.BigInteger),
        sa.Column("lease_owner", sa.String(120)),
        sa.Column("lease_until", sa.BigInteger),
        sa.Column("paused_until", sa.BigInteger),
        sa.Column("blocked_at", sa.BigInteger),
        sa.Column("last_message_at", sa.BigInteger),
        sa.Column("choices", sa.JSON),
        sa.Column("choices_at", sa.BigInteger),
    )
    op.create_index("ix_channel_citizens_due_at", "channel_citizens", ["due_at"])
    op.create_table(
        "channel_inbox",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("event", sa.String(250), nullable=False),
        sa.Column("conversation", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("order_at", sa.BigInteger, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Column("ripe_at", sa.BigInteger, nullable=False),
        sa.Column("payload", sa.JSON),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.UniqueConstraint("channel", "event", name="uq_channel_inbox_event"),
    )
    op.create_index(
        "ix_channel_inbox_conversation", "channel_inbox", ["channel", "conversation", "state"]
    )
    op.create_index("ix_channel_inbox_received_at", "channel_inbox", ["received_at"])
    op.create_table(
        "channel_outbox",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("conversation", sa.String(200), nullable=False),
        sa.Column("inbox_id", _ID, nullable=False),
        sa.Column("answers", sa.String(200), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("payload", sa.JSON),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("doubts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("finished_at", sa.BigInteger),
        sa.Column("error", sa.Text),
    )
    op.create_index(
        "ix_channel_outbox_conversation", "channel_outbox", ["channel", "conversation", "state"]
    )
    op.create_index("ix_channel_outbox_finished_at", "channel_outbox", ["finished_at"])
    op.create_table(
        "channel_tokens",
        sa.Column("token", sa.String(40), primary_key=True),
        sa.Column("choice", sa.Text, nullable=False),
        sa.Column("used_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "channel_alerts",
        sa.Column("key", sa.String(120), primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("raised_at", sa.BigInteger, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Drops the queue."""
    for table in ("alerts", "tokens", "outbox", "inbox", "citizens"):
        op.drop_table(f"channel_{table}")
