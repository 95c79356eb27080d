"""Every figure of the dashboard and of the monthly report, counted from the tables.

What counts: a *question* is a turn that was answered, asked back, declined, handed over or failed;
greetings, help and the dialogues of feedback are messages but no questions. Percentiles are by
nearest rank: of n sorted values the one at position ceil(p·n). Days are days in Vietnam.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Engine, Select, Table, func, select

from assistant.dialogue.database import turns
from assistant.feedback.period import Period
from assistant.feedback.tables import groups, items, ratings, votes
from assistant.feedback.values import CLOSED, Kind
from assistant.moments import Clock, aware, utc_now
from connectors.message import ReplyKind

ANSWERED: Final = (ReplyKind.ANSWER, ReplyKind.LIST)
ASKED_BACK: Final = (ReplyKind.CLARIFY,)
DECLINED: Final = (ReplyKind.OUT_OF_SCOPE, ReplyKind.REFUSED)
HANDED_OVER: Final = (ReplyKind.HANDOFF,)
FAILED: Final = (ReplyKind.ERROR,)
_OUTCOMES: Final = {
    kind.value: name
    for name, kinds in (
        ("answered", ANSWERED),
        ("asked_back", ASKED_BACK),
        ("declined", DECLINED),
        ("handed_over", HANDED_OVER),
        ("failed", FAILED),
    )
    for kind in kinds
}
SATISFIED: Final = 4
"""A score from here up is a satisfied citizen."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole."""

    part: int = 0
    whole: int = 0

    @property
    def value(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of questions, and how useful the answers were.

    Attributes:
        questions: The sum of the five that follow.
        answered: Answered, or answered with a list.
        asked_back: The citizen was asked which procedure, or what about it.
        declined: Out of scope, or nothing an assistant does.
        handed_over: Sent to the office or to an emergency number.
        failed: The program failed.
        useful: Votes "useful" of all votes.
    """

    questions: int = 0
    answered: int = 0
    asked_back: int = 0
    declined: int = 0
    handed_over: int = 0
    failed: int = 0
    useful: Share = Share()

    @property
    def answered_share(self) -> Share:
        """Answered of all questions."""
        return Share(self.answered, self.questions)


@dataclass(frozen=True, slots=True)
class Row:
    """Outcomes of one channel, field, procedure or day."""

    key: str
    outcomes: Outcomes


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Ratings from 1 to 5.

    Attributes:
        by_score: How many gave each score.
    """

    by_score: Mapping[int, int]

    @property
    def count(self) -> int:
        """How many rated."""
        return sum(self.by_score.values())

    @property
    def mean(self) -> float | None:
        """Mean score; None where nobody rated."""
        total = sum(score * number for score, number in self.by_score.items())
        return total / self.count if self.count else None

    @property
    def satisfied(self) -> Share:
        """Those who gave 4 or 5."""
        high = sum(number for score, number in self.by_score.items() if score >= SATISFIED)
        return Share(high, self.count)


@dataclass(frozen=True, slots=True)
class Service:
    """How the office dealt with suggestions and complaints that came in the period.

    Attributes:
        received: How many came.
        answered: Those with a reply or closed.
        on_time: Answered by the deadline, of those that were answered or whose deadline is over.
        overdue: Not answered although the deadline is over.
        median_hours: Half of the answers took no longer; None without answers.
        p90_hours: Nine of ten answers took no longer.
        by_about: How many were about what.
    """

    received: int
    answered: int
    on_time: Share
    overdue: int
    median_hours: float | None
    p90_hours: float | None
    by_about: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Group:
    """Questions without a good answer that mean nearly the same.

    Attributes:
        id: Of the group; None for a question that is alone.
        title: One of the questions.
        times: How often it was asked in the period.
        open: How many of its items nobody has closed yet.
    """

    id: int | None
    title: str
    times: int
    open: int


@dataclass(frozen=True, slots=True)
class Speed:
    """How long replies took to make, in milliseconds; None without any."""

    p50_ms: float | None
    p95_ms: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that is counted for a period."""

    period: Period
    channel: str
    messages: int
    conversations: int
    outcomes: Outcomes
    reasons: Mapping[str, int]
    satisfaction: Satisfaction
    service: Service
    speed: Speed
    by_channel: Sequence[Row] = field(default_factory=tuple)
    by_field: Sequence[Row] = field(default_factory=tuple)
    by_procedure: Sequence[Row] = field(default_factory=tuple)
    by_day: Sequence[Row] = field(default_factory=tuple)
    unanswered: Sequence[Group] = field(default_factory=tuple)


class Statistics:
    """Counts.

    Args:
        database: Migrated.
        field_of: Names the field of a procedure by its code; an empty text for an unknown one.
        reply_days: Days within which a suggestion without a date of its own is to be answered.
        clock: Tells the time, for what is overdue.
    """

    def __init__(
        self,
        database: Engine,
        field_of: Callable[[str], str],
        reply_days: int,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._field_of = field_of
        self._reply_days = timedelta(days=reply_days)
        self._clock = clock

    def figures(self, period: Period, channel: str = "", most: int = 10) -> Figures:
        """Counts everything of a period.

        Args:
            period: Which days.
            channel: Only this channel; empty: all.
            most: Most rows of the lists of procedures and of unanswered questions.
        """
        with self._database.connect() as connection:
            asked = _within(turns, turns.c.asked_at, period, channel)
            messages, conversations = connection.execute(
                select(func.count(), func.count(turns.c.conversation.distinct())).where(*asked)
            ).one()
            by_procedure = self._outcomes(connection, period, channel, "procedure")
            return Figures(
                period=period,
                channel=channel,
                messages=messages,
                conversations=conversations,
                outcomes=_sum(row.outcomes for row in by_procedure),
                reasons=_reasons(connection, period, channel),
                satisfaction=_satisfaction(connection, period, channel),
                service=self._service(connection, period, channel),
                speed=_speed(connection, asked),
                by_channel=_often(self._outcomes(connection, period, channel, "channel")),
                by_field=_often(self._by_field(by_procedure)),
                by_procedure=_often(row for row in by_procedure if row.key)[:most],
                by_day=self._by_day(connection, period, channel),
                unanswered=_unanswered(connection, period, channel)[:most],
            )

    def channels(self) -> list[str]:
        """Names every channel on which anything was asked."""
        with self._database.connect() as connection:
            return list(
                connection.execute(
                    select(turns.c.channel).distinct().order_by(turns.c.channel)
                ).scalars()
            )

    # --- inside ---------------------------------------------------------------------------

    def _outcomes(self, connection: Connection, period: Period, channel: str, by: str) -> list[Row]:
        """Outcomes by a column that turns and votes both have, or by day."""
        counted: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        asked_key, voted_key = self._key(turns, by), self._key(votes, by)
        query = (
            select(asked_key, turns.c.kind, func.count())
            .where(*_within(turns, turns.c.asked_at, period, channel))
            .group_by(asked_key, turns.c.kind)
        )
        for key, kind, count in connection.execute(query):
            if kind in _OUTCOMES:  # asking for these kinds only would keep SQLite from the index
                counted[key or ""][_OUTCOMES[kind]] += count
        voted = (
            select(voted_key, votes.c.useful, func.count())
            .where(*_within(votes, votes.c.created_at, period, channel))
            .group_by(voted_key, votes.c.useful)
        )
        for key, useful, count in connection.execute(voted):
            counted[key or ""]["useful" if useful else "useless"] += count
        return [Row(key, _as_outcomes(numbers)) for key, numbers in counted.items()]

    def _key(self, table: Table, by: str) -> ColumnElement[Any]:
        if by != "day":
            return table.c[by]
        moment = table.c.asked_at if table is turns else table.c.created_at
        if self._database.dialect.name == "postgresql":
            local = func.timezone("Asia/Ho_Chi_Minh", moment)
            return func.to_char(local, "YYYY-MM-DD")
        return func.date(moment, "+7 hours")  # Vietnam has had one time, and no summer time

    def _by_day(self, connection: Connection, period: Period, channel: str) -> list[Row]:
        known = {
            row.key: row.outcomes for row in self._outcomes(connection, period, channel, "day")
        }
        return [Row(str(day), known.get(str(day), Outcomes())) for day in period]

    def _by_field(self, rows: Iterable[Row]) -> list[Row]:
        fields: dict[str, list[Outcomes]] = defaultdict(list)
        for row in rows:
            fields[self._field_of(row.key) if row.key else ""].append(row.outcomes)
        return [Row(name, _sum(outcomes)) for name, outcomes in fields.items() if name]

    def _service(self, connection: Connection, period: Period, channel: str) -> Service:
        now = self._clock()
        answered = on_time = due = overdue = 0
        hours: list[float] = []
        by_about: dict[str, int] = defaultdict(int)
        query = select(
            items.c.created_at, items.c.due_at, items.c.replied_at, items.c.closed_at, items.c.about
        ).where(
            *_within(items, items.c.created_at, period, channel),
            items.c.kind.in_([Kind.SUGGESTION.value, Kind.COMPLAINT.value]),
        )
        rows = connection.execute(query).all()
        for row in rows:
            by_about[row.about] += 1
            created = aware(row.created_at)
            deadline = aware(row.due_at) if row.due_at else created + self._reply_days
            ends = [aware(end) for end in (row.replied_at, row.closed_at) if end]
            if ends:
                answered += 1
                due += 1
                on_time += min(ends) <= deadline
                hours.append((min(ends) - created) / timedelta(hours=1))
            elif deadline < now:
                due += 1
                overdue += 1
        return Service(
            len(rows),
            answered,
            Share(on_time, due),
            overdue,
            nearest_rank(sorted(hours), 0.5),
            nearest_rank(sorted(hours), 0.9),
            dict(by_about),
        )


def nearest_rank(values: Sequence[float], share: float) -> float | None:
    """The percentile of sorted values by nearest rank; None of nothing."""
    return values[max(0, math.ceil(share * len(values)) - 1)] if values else None


def _within(
    table: Table, moment: ColumnElement[Any], period: Period, channel: str
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [moment >= period.start, moment < period.end]
    if channel:
        conditions.append(table.c.channel == channel)
    return conditions


def _as_outcomes(numbers: Mapping[str, int]) -> Outcomes:
    outcomes = {name: numbers.get(name, 0) for name in dict.fromkeys(_OUTCOMES.values())}
    useful, useless = numbers.get("useful", 0), numbers.get("useless", 0)
    return Outcomes(
        questions=sum(outcomes.values()), **outcomes, useful=Share(useful, useful + useless)
    )


def _sum(several: Iterable[Outcomes]) -> Outcomes:
    total: dict[str, int] = defaultdict(int)
    for one in several:
        for name in ("answered", "asked_back", "declined", "handed_over", "failed"):
            total[name] += getattr(one, name)
        total["useful"] += one.useful.part
        total["useless"] += one.useful.whole - one.useful.part
    return _as_outcomes(total)


def _often(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-row.outcomes.questions, row.key))


def _reasons(connection: Connection, period: Period, channel: str) -> dict[str, int]:
    query = (
        select(votes.c.reason, func.count())
        .where(*_within(votes, votes.c.created_at, period, channel), votes.c.useful.is_(False))
        .group_by(votes.c.reason)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _satisfaction(connection: Connection, period: Period, channel: str) -> Satisfaction:
    query = (
        select(ratings.c.score, func.count())
        .where(*_within(ratings, ratings.c.created_at, period, channel))
        .group_by(ratings.c.score)
    )
    counted = {row[0]: row[1] for row in connection.execute(query)}
    return Satisfaction({score: counted.get(score, 0) for score in range(1, 6)})


def _speed(connection: Connection, asked: Sequence[ColumnElement[bool]]) -> Speed:
    total = connection.execute(select(func.count()).select_from(turns).where(*asked)).scalar_one()

    def at(share: float) -> float | None:
        query: Select[Any] = select(turns.c.latency_ms).where(*asked).order_by(turns.c.latency_ms)
        position = max(0, math.ceil(share * total) - 1)
        return connection.execute(query.limit(1).offset(position)).scalar()

    return Speed(at(0.5), at(0.95))


def _unanswered(connection: Connection, period: Period, channel: str) -> list[Group]:
    query = (
        select(items.c.group_id, items.c.text, items.c.times, items.c.state, groups.c.title)
        .outerjoin(groups, groups.c.id == items.c.group_id)
        .where(
            *_within(items, items.c.created_at, period, channel),
            items.c.kind == Kind.UNANSWERED.value,
            items.c.text != "",
        )
        .order_by(items.c.id)
    )
    found: dict[tuple[int | None, str], list[int]] = {}
    for row in connection.execute(query):
        key = (row.group_id, row.title if row.group_id is not None else row.text)
        counted = found.setdefault(key, [0, 0])
        counted[0] += row.times
        counted[1] += row.state not in {state.value for state in CLOSED}
    ordered = [Group(gid, title, times, open_) for (gid, title), (times, open_) in found.items()]
    return sorted(ordered, key=lambda group: (-group.times, group.title))
