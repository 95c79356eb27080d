"""Commands of the search, for the program's own command line."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from knowledge_base.search.encoder import PACKAGED, EncoderError
from knowledge_base.store import Catalogue

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("train-encoder")
@click.option(
    "--catalogue",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    help="Folder of records; may be given several times. Without it: the packaged catalogue.",
)
@click.option(
    "--output",
    type=_FOLDER,
    default=PACKAGED,
    show_default=True,
    help="Where to write encoder/ and ranker.json.",
)
@click.option(
    "--encoder",
    default="",
    help="Hub name or folder of a sentence-transformers model; trains the ranker for it only.",
)
@click.option("--seed", default=20261120, show_default=True)
def train_encoder(catalogue: tuple[Path, ...], output: Path, encoder: str, seed: int) -> None:
    """Train the encoder and the ranker of the search.

    Needs the extra `transformers`. Reads the catalogue and training_data/ only.
    """
    try:
        from knowledge_base.search.training.run import train
    except ImportError as error:
        raise click.ClickException(f"{error}; install the extra 'transformers'") from error
    records = list(Catalogue.load(list(catalogue) or None))
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}/{task.total:,.0f}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        try:
            outcome = train(records, output, tell, encoder=encoder, seed=seed)
        except EncoderError as error:
            raise click.ClickException(str(error)) from error
    quality = outcome.quality
    click.echo(
        f"{len(records):,} procedures, {outcome.pairs:,} pairs, {outcome.questions:,} questions, "
        f"{outcome.seconds:.0f} s -> {output}\n"
        "On phrases held out (index and encoder never saw them, procedures new to the ranker): "
        f"right first {quality.first:.1%}, among three {quality.three:.1%}; at 3 % of good "
        f"questions declined, out of scope declined {quality.outside:.1%}, lacking or out of "
        f"scope {quality.declined:.1%}."
    )


COMMANDS: Final[list[click.Command]] = [train_encoder]
