"""What a signed-in browser calls itself, for the list of own sessions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column."""
    op.add_column(
        "staff_sessions",
        sa.Column("browser", sa.String(length=120), nullable=False, server_default=""),
    )


def downgrade() -> None:
    """Removes the column."""
    op.drop_column("staff_sessions", "browser")
