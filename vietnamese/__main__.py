"""Runs ``python -m vietnamese train``."""

from __future__ import annotations

import click

from vietnamese.commands import train_reader


@click.group()
def main() -> None:
    """Read Vietnamese as citizens type it."""


main.add_command(train_reader, "train")

if __name__ == "__main__":
    main()
