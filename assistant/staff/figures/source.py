"""Counts what a page of figures shows, for the period and the channel that were asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from assistant.feedback.period import Period, vietnam_day
from assistant.feedback.records import RecordFigures, RecordState, count_records, survey
from assistant.feedback.statistics import Figures, Statistics
from assistant.moments import utc_now
from assistant.staff.console import Console
from assistant.staff.figures.sheets import Section, Sheet, overview_sheet, sections, sheets

DAYS = 30
"""How many days are shown where nobody said which."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asked to see.

    Attributes:
        problem: What was wrong with the dates, in Vietnamese; empty when nothing was.
    """

    period: Period
    channel: str = ""
    problem: str = ""

    @property
    def query(self) -> str:
        """The same as part of an address."""
        days = {"tu": self.period.first.isoformat(), "den": self.period.last.isoformat()}
        return urlencode({**days, **({"kenh": self.channel} if self.channel else {})})


@dataclass(frozen=True, slots=True)
class Counted:
    """Everything that a page of figures shows."""

    figures: Figures
    records: RecordFigures
    sections: list[Section]
    sheets: list[Sheet]

    @property
    def all_sheets(self) -> list[Sheet]:
        """Every table, the figures at the top first."""
        return [overview_sheet(self.sections), *self.sheets]


def read_wanted(query: Mapping[str, str], now: datetime | None = None) -> Wanted:
    """Reads days and channel from an address; what cannot be read becomes the last days."""
    recent = Period.days_until(now or utc_now(), DAYS)
    channel = query.get("kenh", "")[:40]
    first, last = query.get("tu", ""), query.get("den", "")
    try:
        return Wanted(
            Period(
                date.fromisoformat(first) if first else recent.first,
                date.fromisoformat(last) if last else recent.last,
            ),
            channel,
        )
    except (ValueError, OverflowError):
        problem = "Khoảng ngày không đúng. Dưới đây là số liệu 30 ngày gần nhất."
        return Wanted(recent, channel, problem)


def statistics_of(console: Console) -> Statistics:
    """The counting over a console's database and catalogue."""
    catalogue = console.knowledge.catalogue

    def field_of(code: str) -> str:
        record = catalogue.get(code)
        return record.field if record else ""

    return Statistics(console.database, field_of, console.settings.reply_due_days)


def record_states(console: Console) -> list[RecordState]:
    """The state of every record, today."""
    days = console.settings.stale_after_days
    return survey(console.knowledge.catalogue, vietnam_day(utc_now()), days)


def count(console: Console, period: Period, channel: str = "", most: int = 10) -> Counted:
    """Counts a period and the one before it."""
    counting = statistics_of(console)
    figures = counting.figures(period, channel, most)
    records = count_records(record_states(console))
    before = counting.figures(period.before, channel, most)
    catalogue = console.knowledge.catalogue
    found = ((row.key, catalogue.get(row.key)) for row in figures.by_procedure)
    titles = {code: record.title for code, record in found if record}
    top = sections(figures, before, records, console.settings.stale_after_days)
    return Counted(figures, records, top, sheets(figures, titles))
