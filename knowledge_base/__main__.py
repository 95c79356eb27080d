"""Runs the catalogue's commands without the rest of the program: ``python -m knowledge_base``."""

from __future__ import annotations

import click

from knowledge_base.commands import COMMANDS

main = click.Group(commands={command.name or "": command for command in COMMANDS})

if __name__ == "__main__":
    main(prog_name="python -m knowledge_base")
