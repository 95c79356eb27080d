from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import select

from assistant.feedback.seal import Seal
from assistant.feedback.tables import sessions
from assistant.staff.accounts import Accounts
from assistant.staff.browsers import describe
from assistant.staff.roles import Role
from assistant.staff.sessions import PENDING, Sessions, Stage


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
def account(database: Database) -> int:
    return Accounts(database, Seal(b"secret")).add("lan", "Lan", Role.REVIEWER).id


@pytest.fixture
def book(database: Database, clock: Clock) -> Sessions:
    return Sessions(database, clock=clock)


def test_only_a_hash_is_stored(book: Sessions, account: int, database: Database) -> None:
    token = book.begin(account, Stage.FULL)
    with database.connect() as connection:
        row = connection.execute(select(sessions)).mappings().one()
    assert token not in str(dict(row))
    assert len(token) >= 43
    found = book.find(token)
    assert found is not None
    assert found.account_id == account
    assert book.find(row["token_hash"]) is None
    for wrong in ("", "x", token[:-1], token + "x", "x" * 10_000):
        assert book.find(wrong) is None


def test_unused_sessions_end(book: Sessions, account: int, clock: Clock) -> None:
    token = book.begin(account, Stage.FULL)
    clock.now += timedelta(minutes=29)
    assert book.find(token) is not None
    clock.now += timedelta(minutes=29)
    assert book.find(token) is not None, "it was used in between"
    clock.now += timedelta(minutes=30)
    assert book.find(token) is None


def test_used_sessions_end_after_their_longest_time(
    book: Sessions, account: int, clock: Clock
) -> None:
    token = book.begin(account, Stage.FULL)
    for _ in range(35):
        clock.now += timedelta(minutes=20)
        assert book.find(token) is not None
    clock.now += timedelta(minutes=20)
    assert book.find(token) is None


def test_a_sign_in_that_is_not_finished_ends_soon(
    book: Sessions, account: int, clock: Clock
) -> None:
    token = book.begin(account, Stage.FACTOR)
    clock.now += PENDING
    assert book.find(token) is None


def test_a_new_session_ends_the_one_it_replaces(book: Sessions, account: int) -> None:
    first = book.begin(account, Stage.FACTOR)
    second = book.begin(account, Stage.FULL, replaces=first)
    assert book.find(first) is None
    found = book.find(second)
    assert found is not None
    assert found.stage is Stage.FULL


def test_others_can_be_ended(book: Sessions, account: int, clock: Clock) -> None:
    own = book.find(book.begin(account, Stage.FULL, browser="Firefox, Linux"))
    assert own is not None
    book.begin(account, Stage.FULL)
    assert len(book.of_account(account)) == 2
    assert book.end_all(account, keep=own.key) == 1
    assert [session.browser for session in book.of_account(account)] == ["Firefox, Linux"]
    clock.now += timedelta(hours=13)
    book.begin(account, Stage.FULL)
    assert book.delete_expired() == 0, "what is over goes when another one begins"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1", "Safari, iPhone"),
        ("curl/8", "Trình duyệt khác"),
    ],
)
def test_browsers_have_short_names(agent: str, words: str) -> None:
    assert describe(agent) == words
