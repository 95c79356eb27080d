"""Stretches of days as the office counts them: in Vietnam's time."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
LONGEST_DAYS: Final = 800


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, the first and the last included.

    Raises:
        ValueError: When the last day is before the first, or the period is too long.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if not timedelta(0) <= self.last - self.first < timedelta(days=LONGEST_DAYS):
            raise ValueError(f"a period has 1 to {LONGEST_DAYS} days")

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """A calendar month."""
        return cls(date(year, month, 1), date(year, month, monthrange(year, month)[1]))

    @classmethod
    def days_until(cls, now: datetime, days: int) -> Period:
        """The last ``days`` days, that of ``now`` included."""
        today = vietnam_day(now)
        return cls(today - timedelta(days=days - 1), today)

    @property
    def start(self) -> datetime:
        """When it begins, in UTC."""
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        """When it is over, in UTC."""
        return _midnight(self.last + timedelta(days=1))

    @property
    def before(self) -> Period:
        """As many days just before."""
        length = self.last - self.first
        return Period(self.first - length - timedelta(days=1), self.first - timedelta(days=1))

    def __iter__(self) -> Iterator[date]:
        """Gives each day."""
        day = self.first
        while day <= self.last:
            yield day
            day += timedelta(days=1)


def vietnam_day(moment: datetime) -> date:
    """The day in Vietnam of a moment that has a zone."""
    return moment.astimezone(VIETNAM).date()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM).astimezone(UTC)
