"""The command `motcua privacy`: what is stored of a person, and what goes when."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from sqlalchemy import Engine

from assistant.dialogue.database import connect
from assistant.feedback.audit import AuditLog
from assistant.feedback.erasure import Person, conversation_name, erase
from assistant.feedback.personal import export
from assistant.feedback.retention import Retention
from assistant.feedback.seal import Seal
from assistant.keys import secret_key
from assistant.settings import get_settings

ACTOR = "command-line"
"""Who the audit log names for what was done here."""

_HELP = """Handle citizens' data.

\b
motcua privacy export telegram 123456       everything that is stored of one conversation
motcua privacy delete telegram 123456       delete it
motcua privacy soon --days 7                what is deleted within a week
motcua privacy clean-up                     delete what is due now; the server does so every hour
"""


@click.group("privacy", help=_HELP)
def privacy_group() -> None:
    """Groups the commands."""


@privacy_group.command("export")
@click.argument("channel")
@click.argument("conversation")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="JSON file; default: the terminal.",
)
def export_command(channel: str, conversation: str, output: Path | None) -> None:
    """Export everything that is stored of CONVERSATION on CHANNEL, as JSON."""
    settings = get_settings()
    with _database() as database:
        seal = Seal(secret_key(settings.secret.get_secret_value(), settings.data_dir))
        found = export(database, seal, channel, conversation)
        person = Person(channel, conversation)
        AuditLog(database).record(ACTOR, "privacy.export", person.subject, person.subject_id)
    text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
    if not found["tables"]:
        click.echo("Nothing is stored of this conversation.", err=True)


@privacy_group.command("delete")
@click.argument("channel")
@click.argument("conversation")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def delete_command(channel: str, conversation: str, yes: bool) -> None:
    """Delete everything that is stored of CONVERSATION on CHANNEL."""
    name = conversation_name(channel, conversation)
    if not yes:
        click.confirm(f"Delete everything of {name}?", abort=True)
    with _database() as database:
        erased = erase(database, channel, conversation)
        AuditLog(database).record(ACTOR, "privacy.delete", "conversation", after=asdict(erased))
    for kind, count in asdict(erased).items():
        if count:
            click.echo(f"{count:6}  {kind}")
    click.echo(f"{erased.total} rows in all")


@privacy_group.command("soon")
@click.option("--days", default=7, show_default=True, type=click.IntRange(0, 3650))
def soon_command(days: int) -> None:
    """List what is deleted within some days."""
    with _database() as database:
        found = Retention(database, get_settings()).soon(days)
    click.echo(f"{'kind':16}{'kept for':>10}{'stored':>9}{'going':>8}  first")
    for soon in found:
        first = f"{soon.first:%Y-%m-%d %H:%M} UTC" if soon.first else "–"
        kept = f"{soon.kept.total_seconds() / 86_400:g} d"
        click.echo(f"{soon.kind.value:16}{kept:>10}{soon.total:>9}{soon.going:>8}  {first}")


@privacy_group.command("clean-up")
def clean_up_command() -> None:
    """Delete everything whose time is over."""
    with _database() as database:
        done = Retention(database, get_settings()).clean_up()
    for kind, count in done.items():
        click.echo(f"{count:6}  {kind.value}")
    if not done:
        click.echo("Nothing was due.")


@contextmanager
def _database() -> Iterator[Engine]:
    database = connect(get_settings().database)
    try:
        yield database
    finally:
        database.dispose()


COMMANDS = [privacy_group]
