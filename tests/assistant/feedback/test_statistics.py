from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, insert

from assistant.dialogue.database import metadata, turns
from assistant.dialogue.turns import Turn, TurnLog
from assistant.feedback.period import Period
from assistant.feedback.statistics import (
    Group,
    Outcomes,
    Share,
    Statistics,
    nearest_rank,
)
from assistant.feedback.tables import groups, items, ratings, votes

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 3)
PERIOD = Period(FIRST, LAST)
NOW = datetime(2026, 11, 20, tzinfo=UTC)
FIELDS = {"1.1": "Hộ tịch", "1.2": "Hộ tịch", "2.1": "Cư trú"}

MIDNIGHT = datetime(2026, 10, 31, 17, tzinfo=UTC)
"""Where the first of November begins in Vietnam."""
NOON_1, NOON_2 = MIDNIGHT + timedelta(hours=12), MIDNIGHT + timedelta(hours=36)
LAST_SECOND = MIDNIGHT + timedelta(days=3, seconds=-1)

ASKED = (
    # (when, channel, conversation, kind, procedure, latency)
    (MIDNIGHT - timedelta(seconds=1), "web", "web:0", "answer", "1.1", 999.0),  # October
    (MIDNIGHT, "web", "web:1", "answer", "1.1", 10.0),
    (NOON_1, "web", "web:1", "smalltalk", None, 20.0),
    (NOON_1, "web", "web:1", "clarify", None, 30.0),
    (NOON_1, "zalo", "zalo:1", "list", None, 40.0),
    (NOON_2, "zalo", "zalo:1", "answer", "1.1", 50.0),
    (NOON_2, "zalo", "zalo:2", "answer", "1.2", 60.0),
    (NOON_2, "telegram", "telegram:1", "out_of_scope", None, 70.0),
    (LAST_SECOND, "telegram", "telegram:1", "refused", None, 80.0),
    (LAST_SECOND, "web", "web:2", "handoff", None, 90.0),
    (LAST_SECOND, "web", "web:2", "error", None, 100.0),
    (LAST_SECOND, "web", "web:2", "answer", "2.1", 110.0),
    (LAST_SECOND, "web", "web:2", "feedback", None, 120.0),
    (LAST_SECOND, "web", "web:2", "help", None, 130.0),
    (LAST_SECOND + timedelta(seconds=1), "web", "web:2", "answer", "2.1", 999.0),  # the fourth
)
VOTED = (
    # (when, channel, procedure, useful, reason)
    (NOON_1, "web", "1.1", True, ""),
    (NOON_1, "web", "1.1", False, "outdated"),
    (NOON_2, "zalo", "1.2", False, "missing"),
    (NOON_2, "zalo", "1.1", True, ""),
    (LAST_SECOND, "web", None, False, "outdated"),
    (MIDNIGHT - timedelta(hours=1), "web", "1.1", False, "unclear"),  # October
)
RATED = ((NOON_1, "web", 5), (NOON_1, "web", 4), (NOON_2, "zalo", 1), (NOW, "web", 2))


def _item(number: int, kind: str, created: datetime, **more: Any) -> Mapping[str, Any]:
    return {
        "kind": kind, "origin": "flow", "state": "new", "channel": "web", "conversation": "",
        "handle": "", "field": "", "about": "", "place": "", "text": f"việc {number}",
        "snapshot": {}, "contact": "", "times": 1, "decision": "", "decision_data": {}, "reply": "",
        "created_at": created, "updated_at": created, "version": 1, "procedure": None,
        "group_id": None, "due_at": None, "replied_at": None, "closed_at": None, **more,
    }  # fmt: skip


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ITEMS = (
    # answered after 2, 10, 30 and 300 hours; the promise is 10 days
    _item(1, "suggestion", NOON_1, replied_at=NOON_1 + 2 * HOUR, about="time"),
    _item(2, "complaint", NOON_1, closed_at=NOON_1 + 10 * HOUR, about="attitude", state="done"),
    _item(3, "complaint", NOON_1, replied_at=NOON_1 + 30 * HOUR, closed_at=NOON_1 + 40 * HOUR,
          about="time", due_at=NOON_1 + DAY, state="done", channel="zalo"),
    _item(4, "suggestion", NOON_2, closed_at=NOON_2 + 300 * HOUR, about="other", state="dismissed"),
    # not answered: one overdue, one with a later date of its own
    _item(5, "suggestion", NOON_2, about="time"),
    _item(6, "suggestion", NOON_2, about="time", due_at=NOW + DAY),
    _item(7, "suggestion", NOW, about="time"),  # after the period
    # without a good answer
    _item(8, "unanswered", NOON_1, group_id=1, times=2),
    _item(9, "unanswered", NOON_2, group_id=1, state="done"),
    _item(10, "unanswered", NOON_2, channel="zalo"),
    _item(11, "unanswered", NOON_2, group_id=2, times=5, state="dismissed"),
    _item(12, "answer", NOON_1, group_id=2),
)  # fmt: skip


@pytest.fixture
def statistics(database: Engine) -> Statistics:
    log = TurnLog(database)
    for when, channel, conversation, kind, procedure, latency in ASKED:
        log.record(
            Turn(conversation, channel, "hỏi", "hỏi", "ask", kind, procedure, (), (), 0.5, "đáp",
                 latency, "v1", asked_at=when)
        )  # fmt: skip
    with database.begin() as connection:
        for number, (when, channel, procedure, useful, reason) in enumerate(VOTED):
            connection.execute(
                insert(votes).values(
                    handle=f"h{number}", conversation="c", channel=channel, procedure=procedure,
                    useful=useful, reason=reason, comment="", created_at=when, updated_at=when,
                )
            )  # fmt: skip
        for when, channel, score in RATED:
            connection.execute(
                insert(ratings).values(
                    conversation="", channel=channel, score=score, comment="", place="",
                    created_at=when,
                )
            )  # fmt: skip
        for number, title in ((1, "xin số nhà"), (2, "đổi giờ sinh")):
            connection.execute(
                insert(groups).values(
                    id=number, title=title, vector=b"", size=1, created_at=NOON_1, updated_at=NOON_1
                )
            )
        for item in ITEMS:
            connection.execute(insert(items).values(item))
    return Statistics(database, lambda code: FIELDS.get(code, ""), 10, lambda: NOW)


def test_counts_questions_by_what_became_of_them(statistics: Statistics) -> None:
    figures = statistics.figures(PERIOD)
    assert figures.messages == 13
    assert figures.conversations == 5
    assert figures.outcomes == Outcomes(
        questions=10, answered=5, asked_back=1, declined=2, handed_over=1, failed=1,
        useful=Share(2, 5),
    )  # fmt: skip
    assert figures.outcomes.answered_share.value == 0.5
    assert figures.outcomes.useful.value == 0.4
    assert figures.reasons == {"outdated": 2, "missing": 1}


def test_counts_by_channel_field_procedure_and_day(statistics: Statistics) -> None:
    figures = statistics.figures(PERIOD)
    assert {row.key: row.outcomes for row in figures.by_channel} == {
        "web": Outcomes(5, 2, 1, 0, 1, 1, Share(1, 3)),
        "zalo": Outcomes(3, 3, 0, 0, 0, 0, Share(1, 2)),
        "telegram": Outcomes(2, 0, 0, 2, 0, 0, Share()),
    }
    assert [row.key for row in figures.by_channel] == ["web", "zalo", "telegram"]
    assert {row.key: row.outcomes for row in figures.by_field} == {
        "Hộ tịch": Outcomes(3, 3, useful=Share(2, 4)),
        "Cư trú": Outcomes(1, 1),
    }
    assert {row.key: row.outcomes for row in figures.by_procedure} == {
        "1.1": Outcomes(2, 2, useful=Share(2, 3)),
        "1.2": Outcomes(1, 1, useful=Share(0, 1)),
        "2.1": Outcomes(1, 1),
    }
    assert [(row.key, row.outcomes) for row in figures.by_day] == [
        ("2026-11-01", Outcomes(3, 2, 1, 0, 0, 0, Share(1, 2))),
        ("2026-11-02", Outcomes(3, 2, 0, 1, 0, 0, Share(1, 2))),
        ("2026-11-03", Outcomes(4, 1, 0, 1, 1, 1, Share(0, 1))),
    ]


def test_satisfaction_says_how_many_rated(statistics: Statistics) -> None:
    satisfaction = statistics.figures(PERIOD).satisfaction
    assert satisfaction.by_score == {1: 1, 2: 0, 3: 0, 4: 1, 5: 1}
    assert satisfaction.count == 3
    assert satisfaction.mean == pytest.approx(10 / 3)
    assert satisfaction.satisfied == Share(2, 3)


def test_service_measures_answers_against_their_deadlines(statistics: Statistics) -> None:
    service = statistics.figures(PERIOD).service
    assert service.received == 6
    assert service.answered == 4
    assert service.median_hours == 10
    assert service.p90_hours == 300
    # on time: the first two; late: 30 hours against one day, 300 hours against ten days;
    # overdue: the fifth; the sixth is not due yet
    assert service.on_time == Share(2, 5)
    assert service.overdue == 1
    assert service.by_about == {"time": 4, "attitude": 1, "other": 1}


def test_the_groups_asked_most_come_first(statistics: Statistics) -> None:
    assert statistics.figures(PERIOD).unanswered == [
        Group(2, "đổi giờ sinh", 5, 0),
        Group(1, "xin số nhà", 3, 1),
        Group(None, "việc 10", 1, 1),
    ]
    assert statistics.figures(PERIOD, most=1).unanswered == [Group(2, "đổi giờ sinh", 5, 0)]


def test_speed_is_by_nearest_rank(statistics: Statistics) -> None:
    speed = statistics.figures(PERIOD).speed
    assert speed.p50_ms == 70  # the 7th of 13
    assert speed.p95_ms == 130  # the 13th of 13


def test_one_channel_only(statistics: Statistics) -> None:
    figures = statistics.figures(PERIOD, "zalo")
    assert figures.messages == 3
    assert figures.conversations == 2
    assert figures.outcomes == Outcomes(3, 3, useful=Share(1, 2))
    assert [row.key for row in figures.by_channel] == ["zalo"]
    assert figures.satisfaction.count == 1
    assert figures.service.received == 1
    assert figures.speed.p50_ms == 50
    assert [group.title for group in figures.unanswered] == ["việc 10"]
    assert statistics.channels() == ["telegram", "web", "zalo"]


def test_a_day_of_nothing(statistics: Statistics) -> None:
    figures = statistics.figures(Period(date(2020, 1, 1), date(2020, 1, 1)))
    assert figures.outcomes == Outcomes()
    assert figures.outcomes.answered_share.value is None
    assert figures.satisfaction.mean is None
    assert figures.service.median_hours is None
    assert figures.speed.p95_ms is None
    assert [row.key for row in figures.by_day] == ["2020-01-01"]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["answer", "list", "clarify", "handoff", "refused", "error", "help"]),
            st.sampled_from(["web", "zalo"]),
            st.sampled_from([None, "1.1", "2.1"]),
            st.integers(0, 71),
        ),
        max_size=30,
    )
)
def test_every_way_of_dividing_adds_up_to_the_same(
    rows: list[tuple[str, str, str | None, int]],
) -> None:
    database = create_engine("sqlite://")
    metadata.create_all(database)
    with database.begin() as connection:
        for number, (kind, channel, procedure, hour) in enumerate(rows):
            connection.execute(
                insert(turns).values(
                    conversation="c", channel=channel, asked_at=MIDNIGHT + hour * HOUR,
                    question="q", read_as="q", intent="i", kind=kind, procedure=procedure,
                    aspects=[], candidates=[], confidence=1.0, reply="r", handle=str(number),
                    latency_ms=1.0, timings={}, catalogue_version="v",
                )
            )  # fmt: skip
    figures = Statistics(database, lambda code: code, 10).figures(PERIOD, most=100)
    questions = sum(kind != "help" for kind, *_ in rows)
    assert figures.outcomes.questions == questions
    assert figures.messages == len(rows)
    for divided in (figures.by_channel, figures.by_day):
        assert sum(row.outcomes.questions for row in divided) == questions
        assert sum(row.outcomes.answered for row in divided) == figures.outcomes.answered
    database.dispose()


@given(st.lists(st.integers(), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_one_of_the_values_and_enough_lie_below(
    values: list[int], share: float
) -> None:
    values.sort()
    rank = nearest_rank(values, share)
    assert rank in values
    assert sum(value <= rank for value in values) >= share * len(values) - 1e-9


def test_a_period_is_whole_days_in_vietnam() -> None:
    assert PERIOD.start == MIDNIGHT
    assert PERIOD.end == MIDNIGHT + 3 * DAY
    assert PERIOD.before == Period(date(2026, 10, 29), date(2026, 10, 31))
    assert Period.month(2028, 2).last == date(2028, 2, 29)
    assert Period.days_until(datetime(2026, 11, 3, 18, tzinfo=UTC), 2) == Period(
        date(2026, 11, 3), date(2026, 11, 4)
    )
    for wrong in ((LAST, FIRST), (FIRST, date(2031, 1, 1))):
        with pytest.raises(ValueError, match="period"):
            Period(*wrong)
