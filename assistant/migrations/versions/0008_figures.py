"""An index that holds what the figures count, so that they need not read the questions."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_COLUMNS = ["asked_at", "kind", "channel", "procedure", "conversation", "latency_ms"]


def upgrade() -> None:
    """Puts one index in the place of two."""
    op.create_index("ix_turns_figures", "turns", _COLUMNS)
    op.drop_index("ix_turns_asked_at", "turns")
    op.drop_index("ix_turns_kind_asked_at", "turns")


def downgrade() -> None:
    """Puts the two back."""
    op.create_index("ix_turns_kind_asked_at", "turns", ["kind", "asked_at"])
    op.create_index("ix_turns_asked_at", "turns", ["asked_at"])
    op.drop_index("ix_turns_figures", "turns")
