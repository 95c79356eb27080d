"""Moments in time: always with a zone, always in UTC."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Tells what time it is; tests hand over one of their own."""


def utc_now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


def aware(moment: datetime) -> datetime:
    """Gives a moment read from SQLite, which keeps no zone, its zone back."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
