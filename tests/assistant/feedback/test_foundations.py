from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from assistant.feedback.audit import AuditLog
from assistant.feedback.limits import Attempts
from assistant.feedback.seal import Seal, SealBrokenError
from assistant.feedback.tables import attempts

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class Hands:
    """A clock whose hands a test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def test_attempts_are_counted_by_key_and_window(database: Engine) -> None:
    clock = Hands()
    book = Attempts(database, clock)
    assert [book.allow("lookup:a", 3, 600) for _ in range(5)] == [True] * 3 + [False] * 2
    assert book.allow("lookup:b", 3, 600)
    assert book.allow("sign-in:a", 3, 600)
    assert book.spent("lookup:a", 3, 600)
    assert not book.spent("lookup:b", 3, 600)
    clock.now += timedelta(minutes=10)
    assert not book.spent("lookup:a", 3, 600)
    assert book.allow("lookup:a", 3, 600)


def test_no_address_is_stored_and_old_windows_go(database: Engine) -> None:
    clock = Hands()
    book = Attempts(database, clock)
    book.allow("lookup:203.0.113.7", 3, 86_400)
    with database.connect() as connection:
        assert "203" not in connection.execute(select(attempts.c.key)).scalar_one()
    assert book.delete_old() == 0
    clock.now += timedelta(days=2)
    assert book.delete_old() == 1


def test_the_right_password_clears_the_count(database: Engine) -> None:
    book = Attempts(database, Hands())
    assert not [book.allow("sign-in:a", 1, 60) for _ in range(2)][-1]
    book.clear("sign-in:a")
    assert book.allow("sign-in:a", 1, 60)


@pytest.mark.parametrize("seconds", [0, 59, 90, 86_460])
def test_a_window_is_whole_minutes_up_to_a_day(database: Engine, seconds: int) -> None:
    with pytest.raises(ValueError, match="whole minutes"):
        Attempts(database).allow("lookup:a", 1, seconds)


def test_the_audit_log_says_who_did_what(database: Engine) -> None:
    clock = Hands()
    log = AuditLog(database, clock)
    log.record("lan", "item.update", "item", 7, {"state": "new"}, {"state": "open", "at": START})
    clock.now += timedelta(hours=1)
    log.record("minh", "account.create", "account", "hoa")
    entries, total = log.find()
    assert total == 2
    assert [entry.actor for entry in entries] == ["minh", "lan"]
    assert entries[1].after == {"state": "open", "at": START.isoformat()}
    assert entries[1].at == START
    assert [e.actor for e in log.find(action="item")[0]] == ["lan"]
    assert [e.actor for e in log.find(subject="item", subject_id=7)[0]] == ["lan"]
    assert [e.actor for e in log.find(since=START + timedelta(minutes=1))[0]] == ["minh"]
    assert log.find(actor="minh", until=START + timedelta(minutes=1)) == ([], 0)
    assert log.find(limit=1, offset=1)[0][0].actor == "lan"


def test_an_audit_entry_goes_with_the_change_it_belongs_to(database: Engine) -> None:
    log = AuditLog(database)
    with database.connect() as connection:
        log.record("lan", "item.update", "item", 1, connection=connection)
        connection.rollback()
    assert log.find() == ([], 0)


def test_a_sealed_text_is_read_with_the_same_secret_alone() -> None:
    seal = Seal(b"secret")
    sealed = seal.close("0912 345 678")
    assert "0912" not in sealed
    assert seal.open(sealed) == "0912 345 678"
    assert Seal(b"secret").open(sealed) == "0912 345 678"
    assert seal.close("") == seal.open("") == ""
    for wrong in (lambda: Seal(b"other").open(sealed), lambda: seal.open(sealed[:-4] + "AAA=")):
        with pytest.raises(SealBrokenError):
            wrong()
