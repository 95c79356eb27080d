"""The command `motcua qr`: codes and sheets to print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import click

from assistant.settings import get_settings
from assistant.web import qr
from assistant.web.pages.browse import LEVELS
from assistant.web.qr_sheets import Codes, counter, labels, wall
from knowledge_base.schema import Procedure, RecordKind
from knowledge_base.store import Catalogue

_OUTPUT = click.option(
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; print it from a browser, or save it as PDF there.",
)
_BASE = click.option(
    "--base-url", default="", help="Address of the server; default: MOTCUA_PUBLIC_URL."
)
_TO = click.option(
    "--to",
    "target",
    type=click.Choice([target.value for target in qr.Target]),
    default=qr.Target.PAGE.value,
    show_default=True,
    help="Where the codes lead: the page, the Telegram bot or the Zalo account.",
)


_HELP = """Make QR codes and printable sheets.

\b
motcua qr wall --output wall.html                     the office's list for its wall
motcua qr label 1.001193 1.004194 --output bags.html  labels for file bags
motcua qr counter --output card.html                  the feedback card of the counter
motcua qr counter --survey --place "Quầy 3" --output card.html   the survey's card
motcua qr code 1.001193 --output code.png             one code, SVG or PNG
"""


@click.group("qr", help=_HELP)
def qr_group() -> None:
    """Groups the commands."""


@qr_group.command("wall")
@_OUTPUT
@_BASE
@_TO
@click.option(
    "--level",
    type=click.Choice(list(LEVELS)),
    default="xa",
    show_default=True,
    help="The level of the office.",
)
@click.option("--field", "fields", multiple=True, help="Only this field; may be given again.")
@click.option(
    "--codes",
    "listed",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A text file with one procedure code a line; instead of --level and --field.",
)
@click.option("--cards-only", is_flag=True, help="Only procedures that are in plain language.")
def wall_command(
    output: Path,
    base_url: str,
    target: str,
    level: str,
    fields: tuple[str, ...],
    listed: Path | None,
    cards_only: bool,
) -> None:
    """Make the list of an office's procedures for its wall."""
    catalogue = _catalogue()
    if listed is not None:
        lines = listed.read_text("utf-8").splitlines()
        records = _records(catalogue, [line.strip() for line in lines if line.strip()])
    else:
        wanted = LEVELS[level][0]
        records = [r for r in catalogue if wanted in r.levels and r.superseded is None]
        unknown = [name for name in fields if name not in catalogue.fields()]
        if unknown:
            raise click.ClickException(f"There is no such field: {', '.join(unknown)}")
        if fields:
            records = [r for r in records if r.field in fields]
    if cards_only:
        records = [r for r in records if r.kind is RecordKind.CARD]
    if not records:
        raise click.ClickException("No procedure is left to list.")
    _write(output, lambda: wall(_codes(base_url, target), records, date.today()))
    click.echo(f"{len(records)} procedures: {output}")


@qr_group.command("label")
@click.argument("codes", nargs=-1, required=True)
@_OUTPUT
@_BASE
@_TO
def label_command(codes: tuple[str, ...], output: Path, base_url: str, target: str) -> None:
    """Make labels for the file bags of the procedures CODES."""
    records = _records(_catalogue(), codes)
    _write(output, lambda: labels(_codes(base_url, target), records))
    click.echo(f"{len(records)} labels: {output}")


@qr_group.command("counter")
@_OUTPUT
@_BASE
@click.option("--place", default="", help="The office or counter, which the form then knows.")
@click.option("--survey", is_flag=True, help="Lead to the survey of satisfaction instead.")
def counter_command(output: Path, base_url: str, place: str, survey: bool) -> None:
    """Make the card that asks for feedback at the counter."""
    _write(output, lambda: counter(_codes(base_url, qr.Target.PAGE.value), place, survey))
    click.echo(str(output))


@qr_group.command("code")
@click.argument("code")
@_OUTPUT
@_BASE
@_TO
def code_command(code: str, output: Path, base_url: str, target: str) -> None:
    """Make the code of one procedure CODE; the ending .svg or .png chooses the format."""
    (record,) = _records(_catalogue(), [code])
    if output.suffix not in {".svg", ".png"}:
        raise click.ClickException("The output must end in .svg or .png.")
    settings = get_settings()
    try:
        text = qr.address(
            qr.Target(target),
            _base(base_url),
            f"/thu-tuc/{record.code}",
            record.code,
            settings.telegram_bot,
            settings.zalo_oa_id,
        )
    except qr.TargetUnknownError as error:
        raise click.ClickException(str(error)) from error
    drawn = qr.png(text) if output.suffix == ".png" else qr.svg(text, text).encode()
    output.write_bytes(drawn)
    click.echo(f"{text}: {output}")


def _catalogue() -> Catalogue:
    settings = get_settings()
    return Catalogue.load(settings.catalogue_folders, cache_dir=settings.data_dir / "cache")


def _records(catalogue: Catalogue, codes: Sequence[str]) -> list[Procedure]:
    unknown = [code for code in codes if code not in catalogue]
    if unknown:
        raise click.ClickException(f"Not in the catalogue: {', '.join(unknown)}")
    return [catalogue[code] for code in dict.fromkeys(codes)]


def _base(given: str) -> str:
    base = (given or get_settings().public_url).rstrip("/")
    if base and not base.startswith(("https://", "http://")):
        raise click.ClickException(f"{base} is no web address.")
    return base


def _codes(base_url: str, target: str) -> Codes:
    return Codes(get_settings(), _base(base_url), qr.Target(target))


def _write(output: Path, make: Callable[[], str]) -> None:
    try:
        content = make()
    except qr.TargetUnknownError as error:
        raise click.ClickException(f"{error}; or give --base-url") from error
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(content, encoding="utf-8")


COMMANDS = [qr_group]
