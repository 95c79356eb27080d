"""The command `motcua learn`: makes releases of what staff decided, and goes back from them."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from assistant.settings import Settings, get_settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from assistant.feedback.learning.release import Outcome

_FOLDER = click.Path(file_okay=False, path_type=Path)
_BY = click.option("--by", "actor", default="", help="Who does it; default: the user's name.")

console = Console(stderr=True)


@click.group("learn", invoke_without_command=True)
@click.option("--dry-run", is_flag=True, help="Measure only; nothing is used or recorded.")
@click.option("--yes", is_flag=True, help="Do not ask before using the release.")
@_BY
@click.pass_context
def learn(context: click.Context, dry_run: bool, yes: bool, actor: str) -> None:
    """Make a release of the accepted proposals, measure it, and use it if nothing got worse.

    A running server takes the release up by itself. Without a further command this makes a
    release.
    """
    if context.invoked_subcommand is not None:
        return
    from assistant.feedback.learning.measuring import MeasuringFailedError
    from assistant.feedback.learning.notify import Notifier
    from assistant.feedback.learning.proposals import Proposals, ProposalState
    from assistant.feedback.learning.release import (
        NothingToReleaseError,
        ReleaseBusyError,
        Releases,
        ReleaseState,
    )
    from assistant.training import TrainingFailedError

    settings = get_settings()
    with _database(settings) as database:
        waiting = Proposals(database).find([ProposalState.ACCEPTED])
        for proposal in waiting:
            console.print(f"  {proposal.id}: {proposal.summary}", markup=False)
        if not waiting:
            raise click.ClickException("No proposal is accepted; there is nothing to release.")
        if not (yes or dry_run):
            click.confirm(f"Make a release of these {len(waiting)} proposals?", abort=True)
        try:
            with console.status("Making a release …") as status:
                releases = Releases(
                    settings, database, tell=lambda what: status.update(f"{what} …")
                )
                outcome = releases.make(actor or _user(), dry_run=dry_run)
        except (
            NothingToReleaseError,
            ReleaseBusyError,
            MeasuringFailedError,
            TrainingFailedError,
        ) as error:
            raise click.ClickException(str(error)) from error
        _show(outcome, dry_run=dry_run)
        if outcome.state is not ReleaseState.ACCEPTED:
            raise click.ClickException("The release is not used.")
        if not dry_run:
            told = Notifier(settings, database).sweep()
            click.echo(f"Citizens written to: {told}")


@learn.command("list")
def list_command() -> None:
    """List the releases, newest first."""
    from assistant.feedback.learning.release import Releases

    settings = get_settings()
    with _database(settings) as database:
        releases = Releases(settings, database)
        current = releases.current()
        for row in releases.find():
            mark = "*" if row.id == current else " "
            reason = f"  {row.reason.splitlines()[0]}" if row.reason else ""
            click.echo(
                f"{mark} {row.id:4}  {row.started_at:%Y-%m-%d %H:%M}  {row.state.value:12}"
                f"{row.started_by}{reason}"
            )
        if not current:
            click.echo("In use: the distribution, nothing learned.")


@learn.command("rollback")
@_BY
@click.option("--reason", default="", help="Why; shown with the release.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def rollback_command(actor: str, reason: str, yes: bool) -> None:
    """Go back to the release before the one in use."""
    from assistant.feedback.learning.release import (
        NothingToReleaseError,
        ReleaseBusyError,
        Releases,
    )

    settings = get_settings()
    with _database(settings) as database:
        releases = Releases(settings, database)
        if not yes:
            click.confirm(f"Take release {releases.current()} out of use?", abort=True)
        try:
            old, new = releases.roll_back(actor or _user(), reason)
        except (NothingToReleaseError, ReleaseBusyError) as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"Release {old} is out of use; in use: {new or 'the distribution'}.")


@learn.command("export")
@click.argument("folder", type=_FOLDER)
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice(["proposed", "accepted", "released"]),
    default=("proposed", "accepted", "released"),
    show_default=True,
    help="Which proposals; may be given several times.",
)
def export_command(folder: Path, states: tuple[str, ...]) -> None:
    """Write proposals into FOLDER as files for a review in git.

    changes.patch holds all changes for `git apply` in a checkout of the project.
    """
    from assistant.feedback.learning.proposals import Proposals, ProposalState
    from assistant.feedback.learning.transfer import export

    with _database(get_settings()) as database:
        wanted = [ProposalState(state) for state in states]
        found = Proposals(database).find(wanted, limit=1_000_000)
    problems = export(found, folder)
    for problem in problems:
        console.print(f"without a patch: {problem}", markup=False)
    click.echo(f"{len(found)} proposals -> {folder}")


@learn.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_BY
def import_command(folder: Path, actor: str) -> None:
    """Read FOLDER back with what reviewers decided; nothing is taken where anything is wrong."""
    from assistant.feedback.learning.proposals import Proposals
    from assistant.feedback.learning.transfer import TransferError, import_folder

    with _database(get_settings()) as database:
        try:
            done = import_folder(folder, database, Proposals(database), actor or _user())
        except TransferError as error:
            for problem in error.problems:
                console.print(str(problem), markup=False)
            raise click.ClickException(f"{len(error.problems)} problems; see above.") from error
    click.echo(
        f"added {len(done.added)}, edited {len(done.edited)}, "
        f"accepted {len(done.accepted)}, rejected {len(done.rejected)}"
    )


@contextmanager
def _database(settings: Settings) -> Iterator[Engine]:
    from assistant.dialogue.database import connect

    engine = connect(settings.database)
    try:
        yield engine
    finally:
        engine.dispose()


def _show(outcome: Outcome, *, dry_run: bool) -> None:
    name = "Dry run" if dry_run else f"Release {outcome.number}"
    click.echo(f"{name}: {outcome.state.value}")
    for proposal_id, reason in outcome.refused.items():
        click.echo(f"  went back: {proposal_id}: {reason}")
    for figure, after in outcome.after.get("figures", {}).items():
        before = outcome.before["figures"].get(figure, 0.0)
        click.echo(f"  {figure:20} {before:8.3f} -> {after:8.3f}")
    if outcome.after:
        before, after = outcome.before, outcome.after
        click.echo(f"  fixed set right: {before['right']} -> {after['right']} of {after['of']}")
        passed = sum(after["regressions"].values())
        click.echo(f"  regression questions right: {passed} of {len(after['regressions'])}")
        click.echo(f"  most memory: {after['peak_mb']} MB, seconds: {outcome.seconds}")
    if outcome.reason:
        click.echo(outcome.reason)


def _user() -> str:
    try:
        return f"cli:{getpass.getuser()}"
    except (OSError, KeyError):
        return "cli"


COMMANDS: list[click.Command] = [learn]
