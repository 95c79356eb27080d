"""Accounts of members of staff: made, found, changed, locked after wrong attempts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Engine as Database
from sqlalchemy import RowMapping, case, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant.feedback.seal import Seal
from assistant.feedback.tables import accounts
from assistant.moments import Clock, aware, utc_now
from assistant.staff import totp
from assistant.staff.passwords import hash_password, outdated, verify_password
from assistant.staff.roles import Role

FAILURES: Final = 5
"""Wrong passwords or codes in a row before an account is locked."""

LOCK: Final = timedelta(minutes=15)
_USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,79}")


class AccountError(ValueError):
    """Raised when an account cannot be made or changed; the message is in Vietnamese."""


class UsernameTakenError(AccountError):
    """Raised when an account of this name is there already."""


@dataclass(frozen=True, slots=True)
class Account:
    """A member of staff.

    Attributes:
        username: What is typed to sign in; lower case.
        name: What colleagues read.
        has_password: False for accounts that only sign in through the office's own provider.
        has_factor: Whether the second factor is set up.
        must_change_password: Whether the password was given by somebody else.
        recovery_left: Recovery codes that were not used yet.
    """

    id: int
    username: str
    name: str
    role: Role
    has_password: bool
    has_factor: bool
    must_change_password: bool
    external: bool
    recovery_left: int
    failures: int
    locked_until: datetime | None
    disabled_at: datetime | None
    created_at: datetime
    signed_in_at: datetime | None


def as_username(text: str) -> str:
    """Brings a username into its one form; case and compatibility forms do not matter."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


class Accounts:
    """The accounts of one installation."""

    def __init__(self, database: Database, seal: Seal, clock: Clock = utc_now) -> None:
        """Takes a migrated database and what encrypts the secrets of the second factor."""
        self._database = database
        self._seal = seal
        self._clock = clock

    # --- finding -----------------------------------------------------------------------------

    def get(self, account_id: int) -> Account | None:
        """Finds an account by its id."""
        return self._one(accounts.c.id == account_id)

    def by_username(self, username: str) -> Account | None:
        """Finds an account by what is typed to sign in."""
        return self._one(accounts.c.username == as_username(username))

    def by_subject(self, subject: str) -> Account | None:
        """Finds the account of somebody whom the office's own provider knows."""
        return self._one(accounts.c.oidc_subject == subject)

    def all(self) -> Sequence[Account]:
        """Lists every account by name; those that are disabled come last."""
        query = select(accounts).order_by(accounts.c.disabled_at.is_not(None), accounts.c.name)
        with self._database.connect() as connection:
            return [_account(row) for row in connection.execute(query).mappings()]

    def active(self) -> Sequence[Account]:
        """Lists the accounts that can sign in, by name."""
        return [account for account in self.all() if account.disabled_at is None]

    # --- making and changing -----------------------------------------------------------------

    def add(
        self,
        username: str,
        name: str,
        role: Role,
        *,
        password: str = "",
        subject: str | None = None,
    ) -> Account:
        """Makes an account.

        Args:
            username: Letters, digits and ``._-@+``.
            name: What colleagues read; empty: the username.
            role: What it may do.
            password: One that must be changed at the first sign-in; empty: none.
            subject: Who this is for the office's own provider.

        Raises:
            UsernameTakenError: When the username is taken.
            AccountError: When it cannot be one.
        """
        username = as_username(username)
        if not _USERNAME.fullmatch(username):
            raise AccountError(
                "Tên đăng nhập gồm 2 đến 80 ký tự không dấu: chữ, số, dấu chấm, gạch, @."
            )
        row: dict[str, Any] = {
            "username": username,
            "name": name.strip()[:120] or username,
            "role": role.value,
            "password_hash": hash_password(password) if password else "",
            "must_change_password": bool(password),
            "totp_secret": "",
            "recovery_hashes": [],
            "oidc_subject": subject,
            "created_at": self._clock(),
        }
        try:
            with self._database.begin() as connection:
                connection.execute(insert(accounts).values(row))
        except IntegrityError as error:
            raise UsernameTakenError(f"Tên đăng nhập “{username}” đã có người dùng.") from error
        made = self.by_username(username)
        assert made is not None  # noqa: S101 - it was just written
        return made

    def change(self, account_id: int, *, name: str | None = None, role: Role | None = None) -> None:
        """Changes the name or the role."""
        values: dict[str, Any] = {}
        if name is not None:
            values["name"] = name.strip()[:120]
        if role is not None:
            values["role"] = role.value
        if values:
            self._update(account_id, **values)

    def disable(self, account_id: int) -> None:
        """Takes away the right to sign in; what the account did stays on record."""
        self._update(account_id, disabled_at=self._clock())

    def enable(self, account_id: int) -> None:
        """Gives it back."""
        self._update(account_id, disabled_at=None, failures=0, locked_until=None)

    def unlock(self, account_id: int) -> None:
        """Ends a lock after wrong attempts."""
        self._update(account_id, failures=0, locked_until=None)

    def set_password(self, account_id: int, password: str, *, temporary: bool) -> None:
        """Sets the password.

        Args:
            account_id: Whose.
            password: One that has passed the policy.
            temporary: Whether it must be changed at the next sign-in.
        """
        self._update(
            account_id, password_hash=hash_password(password), must_change_password=temporary
        )

    # --- signing in --------------------------------------------------------------------------

    def check_password(self, username: str, password: str) -> Account | None:
        """Returns the account when name and password are right and it is neither locked nor off.

        Unknown names, wrong passwords, locked and disabled accounts cost the same work and look
        the same to the caller. Wrong attempts are counted.
        """
        username = as_username(username)
        with self._database.connect() as connection:
            row = (
                connection.execute(select(accounts).where(accounts.c.username == username))
                .mappings()
                .first()
            )
        known = row["password_hash"] if row is not None else ""
        right = verify_password(known, password)
        account = _account(row) if row is not None else None
        if not right or account is None or not self._may_enter(account):
            self.count_failure(username)
            return None
        if outdated(known):
            self._update(account.id, password_hash=hash_password(password))
        if not account.has_factor:  # nothing else is left to guess
            self._update(account.id, failures=0, locked_until=None)
        return account

    def check_code(self, account_id: int, code: str) -> str:
        """Checks the second factor and counts a wrong one.

        Returns:
            ``totp`` or ``recovery``, by what was shown; empty when it was wrong, was used before,
            or the account is locked.
        """
        account = self.get(account_id)
        if account is None:
            return ""
        used = ""
        if self._may_enter(account):
            if self._use_step(account_id, code):
                used = "totp"
            elif self._use_recovery(account_id, code):
                used = "recovery"
        if not used:
            self.count_failure(account.username)
        return used

    def has_password(self, account_id: int, password: str) -> bool:
        """Tells whether this is the password of an account, without counting an attempt."""
        query = select(accounts.c.password_hash).where(accounts.c.id == account_id)
        with self._database.connect() as connection:
            known = connection.execute(query).scalar() or ""
        return verify_password(known, password)

    def signed_in(self, account_id: int) -> None:
        """Notes that somebody is in: wrong attempts before that are forgotten."""
        self._update(account_id, failures=0, locked_until=None, signed_in_at=self._clock())

    def count_failure(self, username: str) -> None:
        """Counts a wrong attempt; after :data:`FAILURES` the account is locked for a while.

        The same statement runs for names that do not exist.
        """
        now = self._clock()
        failed = accounts.c.failures + 1
        statement = (
            update(accounts)
            .where(accounts.c.username == username)
            .values(
                failures=case((failed >= FAILURES, 0), else_=failed),
                locked_until=case((failed >= FAILURES, now + LOCK), else_=accounts.c.locked_until),
            )
        )
        with self._database.begin() as connection:
            connection.execute(statement)

    def _may_enter(self, account: Account) -> bool:
        locked = account.locked_until is not None and account.locked_until > self._clock()
        return account.disabled_at is None and not locked

    # --- the second factor -------------------------------------------------------------------

    def pending_secret(self, account_id: int) -> str:
        """Returns the secret that is being set up; makes one where there is none."""
        with self._database.begin() as connection:
            row = self._locked(connection, account_id)
            if row["totp_confirmed_at"] is not None:
                raise AccountError("Xác thực hai lớp đã được thiết lập.")
            if row["totp_secret"]:
                return self._seal.open(row["totp_secret"])
            secret = totp.new_secret()
            connection.execute(
                update(accounts)
                .where(accounts.c.id == account_id)
                .values(totp_secret=self._seal.close(secret))
            )
            return secret

    def confirm_secret(self, account_id: int, code: str) -> list[str] | None:
        """Turns the second factor on, once the app has shown a right code.

        Returns:
            The recovery codes, to be shown once; None when the code was wrong.
        """
        step = totp.matching_step(self.pending_secret(account_id), code, self._clock())
        if step is None:
            return None
        codes = totp.new_recovery_codes()
        self._update(
            account_id,
            totp_confirmed_at=self._clock(),
            totp_last_step=step,
            recovery_hashes=[totp.recovery_hash(code) for code in codes],
        )
        return codes

    def renew_recovery_codes(self, account_id: int) -> list[str]:
        """Replaces the recovery codes; the new ones are shown once."""
        codes = totp.new_recovery_codes()
        self._update(account_id, recovery_hashes=[totp.recovery_hash(code) for code in codes])
        return codes

    def reset_factor(self, account_id: int) -> None:
        """Forgets the second factor; it is set up anew at the next sign-in."""
        self._update(account_id, totp_secret="", totp_confirmed_at=None, recovery_hashes=[])

    def _use_step(self, account_id: int, code: str) -> bool:
        with self._database.begin() as connection:
            row = self._locked(connection, account_id)
            if row["totp_confirmed_at"] is None or not row["totp_secret"]:
                return False
            step = totp.matching_step(self._seal.open(row["totp_secret"]), code, self._clock())
            if step is None:
                return False
            changed = connection.execute(
                update(accounts)
                .where(accounts.c.id == account_id, accounts.c.totp_last_step < step)
                .values(totp_last_step=step)
            )
            return changed.rowcount == 1

    def _use_recovery(self, account_id: int, code: str) -> bool:
        wanted = totp.recovery_hash(code)
        with self._database.begin() as connection:
            row = self._locked(connection, account_id)
            left = [known for known in row["recovery_hashes"] if known != wanted]
            if row["totp_confirmed_at"] is None or len(left) == len(row["recovery_hashes"]):
                return False
            connection.execute(
                update(accounts).where(accounts.c.id == account_id).values(recovery_hashes=left)
            )
            return True

    # --- the database ------------------------------------------------------------------------

    def _locked(self, connection: Any, account_id: int) -> RowMapping:
        """Reads a row after taking its write lock, on SQLite and PostgreSQL alike."""
        own = accounts.c.id == account_id
        connection.execute(update(accounts).where(own).values(failures=accounts.c.failures))
        row: RowMapping = connection.execute(select(accounts).where(own)).mappings().one()
        return row

    def _one(self, condition: Any) -> Account | None:
        with self._database.connect() as connection:
            row = connection.execute(select(accounts).where(condition)).mappings().first()
        return _account(row) if row is not None else None

    def _update(self, account_id: int, **values: Any) -> None:
        with self._database.begin() as connection:
            connection.execute(update(accounts).where(accounts.c.id == account_id).values(values))

    def count(self) -> int:
        """How many accounts can sign in."""
        query = select(func.count()).where(accounts.c.disabled_at.is_(None))
        with self._database.connect() as connection:
            return int(connection.execute(query).scalar_one())


def _account(row: RowMapping) -> Account:
    return Account(
        id=row["id"],
        username=row["username"],
        name=row["name"],
        role=Role(row["role"]),
        has_password=bool(row["password_hash"]),
        has_factor=row["totp_confirmed_at"] is not None,
        must_change_password=row["must_change_password"],
        external=row["oidc_subject"] is not None,
        recovery_left=len(row["recovery_hashes"]),
        failures=row["failures"],
        locked_until=_maybe_utc(row["locked_until"]),
        disabled_at=_maybe_utc(row["disabled_at"]),
        created_at=aware(row["created_at"]),
        signed_in_at=_maybe_utc(row["signed_in_at"]),
    )


def _maybe_utc(moment: datetime | None) -> datetime | None:
    return aware(moment) if moment is not None else None
