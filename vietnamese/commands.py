"""Commands of this package, for the program's own command line and for ``python -m``."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from vietnamese.reader import LEXICONS, MODELS
from vietnamese.train import train

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("train-reader")
@click.option("--corpora", type=_FOLDER, required=True, help="Folder of *.txt or *.txt.zst files.")
@click.option("--data", type=_FOLDER, help="Folder of procedure records (*.jsonl, *.jsonl.zst).")
@click.option(
    "--texts",
    type=_FOLDER,
    default=LEXICONS.parent,
    show_default=True,
    help="Lexicons and everyday speech.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=MODELS / "syllables.npz",
    show_default=True,
    help="Model file to write.",
)
def train_reader(corpora: Path, data: Path | None, texts: Path, output: Path) -> None:
    """Train the model that restores diacritics and corrects spelling."""
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:,.0f}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as bars:
        tasks = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total or None)
            bars.update(tasks[stage], completed=done, total=total or None)

        report = train(corpora, texts, output, data, show)
    click.echo(
        f"{report.tokens:,} tokens, {report.vocabulary:,} words, "
        f"{report.unknown:.2%} unknown, {report.file_bytes / 1e6:.1f} MB -> {output}"
    )


COMMANDS: Final[list[click.Command]] = [train_reader]
