"""When a citizen was told what came of their feedback."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column."""
    op.add_column("review_items", sa.Column("told_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Removes the column."""
    op.drop_column("review_items", "told_at")
