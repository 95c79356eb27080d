from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine as Database
from sqlalchemy import select

from assistant.feedback.seal import Seal
from assistant.feedback.tables import accounts
from assistant.staff import passwords, totp
from assistant.staff.accounts import FAILURES, LOCK, AccountError, Accounts
from assistant.staff.roles import Role

PASSWORD = "mưa rơi trên mái hiên"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(database: Database, clock: Clock) -> Accounts:
    return Accounts(database, Seal(b"secret"), clock)


def enrolled(book: Accounts, clock: Clock) -> tuple[int, pyotp.TOTP, list[str]]:
    account = book.add("lan", "Lan", Role.REVIEWER, password=PASSWORD)
    app = pyotp.TOTP(book.pending_secret(account.id))
    codes = book.confirm_secret(account.id, app.at(clock.now))
    assert codes is not None
    clock.forward(seconds=30)
    return account.id, app, codes


def test_usernames_have_one_form_and_are_unique(book: Accounts) -> None:
    book.add("Lan.Nguyen", "Lan", Role.ADMIN)
    assert book.by_username(" LAN.nguyen ") is not None
    with pytest.raises(AccountError, match="đã có"):
        book.add("lan.NGUYEN", "Khác", Role.REVIEWER)
    for bad in ("", "a", "nguyễn", "a b", "<b>", "a" * 81):
        with pytest.raises(AccountError):
            book.add(bad, "", Role.REVIEWER)


def test_secrets_are_not_stored_as_they_are(
    book: Accounts, clock: Clock, database: Database
) -> None:
    _, app, codes = enrolled(book, clock)
    with database.connect() as connection:
        row = connection.execute(select(accounts)).mappings().one()
    assert row["password_hash"].startswith("$argon2id$")
    assert app.secret not in row["totp_secret"]
    assert not set(codes) & set(row["recovery_hashes"])
    assert Seal(b"secret").open(row["totp_secret"]) == app.secret


def test_the_account_locks_after_wrong_passwords_and_opens_again(
    book: Accounts, clock: Clock
) -> None:
    book.add("lan", "Lan", Role.REVIEWER, password=PASSWORD)
    for _ in range(FAILURES):
        assert book.check_password("lan", "sai") is None
    assert book.check_password("lan", PASSWORD) is None
    clock.forward(seconds=LOCK.total_seconds() + 1)
    assert book.check_password("lan", PASSWORD) is not None


def test_a_right_password_begins_the_count_anew_only_without_second_factor(
    book: Accounts, clock: Clock
) -> None:
    identifier, app, _ = enrolled(book, clock)
    for _ in range(FAILURES - 1):
        assert book.check_password("lan", PASSWORD) is not None
        assert not book.check_code(identifier, "000000")
    assert book.check_password("lan", PASSWORD) is not None
    assert not book.check_code(identifier, "000000")
    assert not book.check_code(identifier, app.at(clock.now)), "locked, whatever is shown"
    assert book.check_password("lan", PASSWORD) is None


def test_unknown_names_cost_the_same_work(book: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    book.add("lan", "Lan", Role.REVIEWER, password=PASSWORD)
    checked: list[str] = []
    hasher = passwords._hasher

    class Counting:
        def verify(self, known: str, password: str) -> bool:
            checked.append(known[:9])
            return bool(hasher.verify(known, password))

        def __getattr__(self, name: str) -> object:
            return getattr(hasher, name)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    assert book.check_password("nobody", PASSWORD) is None
    assert book.check_password("lan", "sai") is None
    assert checked == ["$argon2id", "$argon2id"]


def test_a_code_works_once(book: Accounts, clock: Clock) -> None:
    identifier, app, _ = enrolled(book, clock)
    code = app.at(clock.now)
    assert book.check_code(identifier, f"{code[:3]} {code[3:]}") == "totp"
    assert not book.check_code(identifier, code)
    earlier = app.at(clock.now - timedelta(seconds=30))
    assert not book.check_code(identifier, earlier), "an earlier step was not used, but is over"
    clock.forward(seconds=30)
    assert book.check_code(identifier, app.at(clock.now)) == "totp"


def test_the_code_that_set_it_up_does_not_sign_in(book: Accounts, clock: Clock) -> None:
    account = book.add("lan", "Lan", Role.REVIEWER, password=PASSWORD)
    app = pyotp.TOTP(book.pending_secret(account.id))
    assert book.confirm_secret(account.id, "12") is None
    assert book.confirm_secret(account.id, app.at(clock.now)) is not None
    assert not book.check_code(account.id, app.at(clock.now))
    with pytest.raises(AccountError):
        book.pending_secret(account.id)


@pytest.mark.parametrize("off", [-30, 0, 30])
def test_clocks_may_be_off_by_a_step(book: Accounts, clock: Clock, off: int) -> None:
    identifier, app, _ = enrolled(book, clock)
    clock.forward(seconds=60)
    assert book.check_code(identifier, app.at(clock.now + timedelta(seconds=off))) == "totp"


@pytest.mark.parametrize("off", [-60, 60])
def test_and_by_no_more(book: Accounts, clock: Clock, off: int) -> None:
    identifier, app, _ = enrolled(book, clock)
    clock.forward(seconds=90)
    assert not book.check_code(identifier, app.at(clock.now + timedelta(seconds=off)))


def test_a_recovery_code_works_once(book: Accounts, clock: Clock) -> None:
    identifier, _, codes = enrolled(book, clock)
    assert len(set(codes)) == totp.RECOVERY_CODES
    assert book.check_code(identifier, codes[0].upper().replace("-", " ")) == "recovery"
    assert not book.check_code(identifier, codes[0])
    account = book.get(identifier)
    assert account is not None
    assert account.recovery_left == totp.RECOVERY_CODES - 1
    renewed = book.renew_recovery_codes(identifier)
    assert not book.check_code(identifier, codes[1])
    assert book.check_code(identifier, renewed[0]) == "recovery"


def test_a_disabled_account_is_out(book: Accounts) -> None:
    account = book.add("lan", "Lan", Role.REVIEWER, password=PASSWORD)
    book.disable(account.id)
    assert book.check_password("lan", PASSWORD) is None
    assert book.count() == 0
    book.enable(account.id)
    assert book.check_password("lan", PASSWORD) is not None


def test_an_account_without_password_cannot_use_one(book: Accounts) -> None:
    book.add("lan", "Lan", Role.REVIEWER, subject="abc")
    assert book.check_password("lan", "") is None
    found = book.by_subject("abc")
    assert found is not None
    assert found.external


def test_roles_are_ordered() -> None:
    assert Role.ADMIN.permits(Role.REVIEWER)
    assert Role.EDITOR.permits(Role.EDITOR)
    assert not Role.REVIEWER.permits(Role.EDITOR)
    assert not Role.EDITOR.permits(Role.ADMIN)


@pytest.mark.parametrize("password", ["ngắn", "lan-va-ban-be", "a" * 20, "x" * 201])
def test_weak_passwords_are_refused(password: str) -> None:
    assert passwords.objection(password, "lan")


def test_good_ones_are_not() -> None:
    assert not passwords.objection(PASSWORD, "lan")
    assert not passwords.objection(passwords.generate_password(), "lan")


@given(st.text(max_size=30))
def test_any_text_as_code_is_read_without_error(text: str) -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    now = datetime(2026, 1, 1, tzinfo=UTC)
    found = totp.matching_step(secret, text, now)
    assert found is None or len("".join(text.split())) == 6


def test_the_enrolment_address_can_be_scanned() -> None:
    uri = totp.enrolment_uri("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "lan", "UBND phường Đống Đa")
    parsed = pyotp.parse_uri(uri)
    assert parsed.secret == "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    assert parsed.name == "lan"
    assert parsed.issuer == "Mot Cua UBND phuong Dong Da"


@pytest.mark.parametrize("kind", ["totp", "recovery"])
def test_a_code_that_is_sent_many_times_at_once_works_once(
    book: Accounts, clock: Clock, kind: str
) -> None:
    identifier, app, codes = enrolled(book, clock)
    code = app.at(clock.now) if kind == "totp" else codes[3]
    with ThreadPoolExecutor(4) as pool:
        used = list(pool.map(lambda _: book.check_code(identifier, code), range(4)))
    assert sorted(used) == ["", "", "", kind]
