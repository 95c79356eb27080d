"""How a turn ended without a good answer, and when it was put into the review queue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds both columns; what was asked before is not looked through."""
    op.add_column("turns", sa.Column("outcome", sa.String(20), nullable=False, server_default=""))
    op.add_column("turns", sa.Column("queued_at", sa.DateTime(timezone=True)))
    op.create_index("ix_turns_outcome_queued_at", "turns", ["outcome", "queued_at"])


def downgrade() -> None:
    """Takes them away."""
    op.drop_index("ix_turns_outcome_queued_at", "turns")
    with op.batch_alter_table("turns") as batch:
        batch.drop_column("queued_at")
        batch.drop_column("outcome")
