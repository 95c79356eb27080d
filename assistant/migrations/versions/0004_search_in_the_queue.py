"""A folded text to search the review queue by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column; the table is new, so nothing has to be filled in."""
    with op.batch_alter_table("review_items") as batch:
        batch.add_column(sa.Column("folded", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Takes the column away."""
    with op.batch_alter_table("review_items") as batch:
        batch.drop_column("folded")
