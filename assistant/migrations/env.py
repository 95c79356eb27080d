"""Runs the migrations on the engine that :func:`assistant.dialogue.database.migrate` hands over."""

from __future__ import annotations

from alembic import context

import assistant.feedback.tables  # noqa: F401  (adds its tables to the metadata)
from assistant.dialogue.database import metadata

engine = context.config.attributes["engine"]
with engine.begin() as connection:
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True
    )
    context.run_migrations()
