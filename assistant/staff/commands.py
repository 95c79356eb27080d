"""The command `motcua staff`: the first account, and help for those who are locked out."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import click

from assistant.dialogue.database import connect
from assistant.feedback.audit import AuditLog
from assistant.feedback.seal import Seal
from assistant.keys import secret_key
from assistant.settings import get_settings
from assistant.staff.accounts import Account, AccountError, Accounts, UsernameTakenError
from assistant.staff.passwords import generate_password
from assistant.staff.roles import Role
from assistant.staff.sessions import Sessions

ACTOR = "command-line"
"""Who the audit log names for what was done here."""

_HELP = """Keep the accounts of the staff console.

\b
motcua staff add lan --name "Nguyễn Thị Lan" --role admin   the first account
motcua staff reset lan                                      a new password and second factor
motcua staff disable lan                                    no more signing in
motcua staff list
"""


@click.group("staff", help=_HELP)
def staff_group() -> None:
    """Groups the commands."""


@staff_group.command("add")
@click.argument("username")
@click.option("--name", default="", help="What colleagues read; default: the username.")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), default=Role.REVIEWER.value,
    show_default=True, help="What the account may do.",
)  # fmt: skip
def add_command(username: str, name: str, role: str) -> None:
    """Make the account USERNAME and print a password for its first sign-in.

    The password has to be changed then, and an authenticator app set up.
    """
    password = generate_password()
    with _books() as books:
        try:
            account = books.accounts.add(username, name, Role(role), password=password)
        except UsernameTakenError as error:
            raise click.ClickException(f"There is already an account {username}.") from error
        except AccountError as error:
            raise click.ClickException(
                "A username has 2 to 80 characters, a letter or digit first: a-z, 0-9 and . _ @ + -"
            ) from error
        made = {"username": account.username, "role": role}
        books.audit.record(ACTOR, "account.create", "account", account.id, after=made)
    _hand_over(account, password)


@staff_group.command("reset")
@click.argument("username")
@click.option(
    "--keep-factor", is_flag=True, help="Keep the authenticator app; only the password is new."
)
def reset_command(username: str, keep_factor: bool) -> None:
    """Give USERNAME a new first password, and unlock and enable the account."""
    password = generate_password()
    with _books() as books:
        account = _known(books, username)
        books.accounts.set_password(account.id, password, temporary=True)
        if not keep_factor:
            books.accounts.reset_factor(account.id)
        books.accounts.enable(account.id)
        books.sessions.end_all(account.id)
        kept = {"second_factor_kept": keep_factor}
        books.audit.record(ACTOR, "account.reset", "account", account.id, after=kept)
    _hand_over(account, password)


@staff_group.command("disable")
@click.argument("username")
def disable_command(username: str) -> None:
    """Take the right to sign in from USERNAME, at once."""
    with _books() as books:
        account = _known(books, username)
        books.accounts.disable(account.id)
        books.sessions.end_all(account.id)
        books.audit.record(ACTOR, "account.disable", "account", account.id)
    click.echo(f"{account.username} can no longer sign in.")


@staff_group.command("list")
def list_command() -> None:
    """List the accounts."""
    with _books() as books:
        known = books.accounts.all()
    for account in known:
        marks = [account.role.value]
        if account.external:
            marks.append("signs in through the provider")
        elif not account.has_factor:
            marks.append("second factor not set up")
        if account.disabled_at is not None:
            marks.append("disabled")
        click.echo(f"{account.username:24} {account.name:30} {', '.join(marks)}")


@dataclass(frozen=True, slots=True)
class _Books:
    accounts: Accounts
    sessions: Sessions
    audit: AuditLog


@contextlib.contextmanager
def _books() -> Iterator[_Books]:
    settings = get_settings()
    database = connect(settings.database)
    secret = secret_key(settings.secret.get_secret_value(), settings.data_dir)
    yield _Books(Accounts(database, Seal(secret)), Sessions(database), AuditLog(database))
    database.dispose()


def _known(books: _Books, username: str) -> Account:
    account = books.accounts.by_username(username)
    if account is None:
        raise click.ClickException(f"There is no account {username}.")
    return account


def _hand_over(account: Account, password: str) -> None:
    click.echo(f"{account.username} ({account.role.value}), password for the next sign-in:")
    click.echo(f"\n    {password}\n")
    click.echo("It is shown only now and has to be changed at that sign-in.")


COMMANDS = [staff_group]
