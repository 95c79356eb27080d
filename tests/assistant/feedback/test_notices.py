from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from assistant.feedback.audit import AuditLog
from assistant.feedback.notices import NoticeKind, NoticeMissingError, Notices


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(database: Engine, clock: Clock) -> Notices:
    return Notices(database, clock=clock, fresh_seconds=0)


def test_a_notice_holds_from_its_beginning_to_its_end(book: Notices, clock: Clock) -> None:
    begins, ends = clock.now + timedelta(hours=1), clock.now + timedelta(hours=2)
    book.publish(NoticeKind.NOTICE, "Nghỉ lễ", "lễ", "lan", starts_at=begins, ends_at=ends)
    assert book.texts("web") == []
    clock.now = begins
    assert book.texts("web") == ["Nghỉ lễ"]
    clock.now = ends
    assert book.texts("web") == []


def test_a_pause_of_a_channel_goes_before_one_of_all(book: Notices) -> None:
    book.publish(NoticeKind.PAUSE, "Zalo nghỉ", "lỗi", "lan", channel="zalo")
    book.publish(NoticeKind.PAUSE, "Tất cả nghỉ", "lỗi", "lan")
    zalo, web = book.pause("zalo"), book.pause("web")
    assert zalo is not None
    assert web is not None
    assert (zalo.text, web.text) == ("Zalo nghỉ", "Tất cả nghỉ")
    assert book.texts("zalo") == []


def test_what_was_read_counts_for_a_while(database: Engine, clock: Clock) -> None:
    patient = Notices(database, clock=clock, fresh_seconds=3600)
    assert patient.texts("web") == []
    Notices(database, clock=clock).publish(NoticeKind.NOTICE, "Mới", "lý do", "lan")
    assert patient.texts("web") == [], "it was read a moment ago"
    assert Notices(database, clock=clock).texts("web") == ["Mới"]
    patient.publish(NoticeKind.NOTICE, "Của mình", "lý do", "lan")
    assert patient.texts("web") == ["Mới", "Của mình"], "what it did itself it knows"


def test_who_did_it_and_why_is_recorded(book: Notices, database: Engine) -> None:
    identifier = book.publish(NoticeKind.PAUSE, "Nghỉ", "máy hỏng", "lan")
    book.end(identifier, "mai")
    with pytest.raises(NoticeMissingError):
        book.end(identifier, "mai")
    with pytest.raises(NoticeMissingError):
        book.get(identifier + 1)
    end, start = AuditLog(database).find()[0]
    assert (start.actor, start.action, start.after["reason"]) == ("lan", "pause.start", "máy hỏng")
    assert (end.actor, end.action) == ("mai", "pause.end")


def test_what_makes_no_sense_is_refused(book: Notices, clock: Clock) -> None:
    with pytest.raises(ValueError, match="text"):
        book.publish(NoticeKind.NOTICE, " ", "lý do", "lan")
    with pytest.raises(ValueError, match="end after"):
        book.publish(NoticeKind.NOTICE, "a", "b", "lan", ends_at=clock.now)
    assert not book.all()
