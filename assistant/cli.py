"""The command line: `motcua`."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click
from rich.console import Console

from assistant.replies.contract import as_contract
from assistant.settings import Settings, get_settings

if TYPE_CHECKING:
    from assistant.engine import Engine
    from connectors.message import Inbound, Reply

COMMAND_MODULES = (
    "knowledge_base.commands",
    "knowledge_base.search.commands",
    "vietnamese.commands",
    "assistant.web.commands",
    "assistant.staff.commands",
    "assistant.feedback.commands",
    "evaluation.commands",
    "connectors.commands",
    "assistant.feedback.learning.commands",
)
"""Each package keeps its own commands in a list called ``COMMANDS``."""

console = Console(stderr=True)


class LazyGroup(click.Group):
    """Loads the commands of the other packages only when one of them, or a list, is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names every command."""
        self._load()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Finds a command, first among our own."""
        command = super().get_command(ctx, name)
        if command is None:
            self._load()
            command = super().get_command(ctx, name)
        return command

    def _load(self) -> None:
        for module in COMMAND_MODULES:
            for command in import_module(module).COMMANDS:
                if command.name not in self.commands:
                    self.add_command(command)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="motcua", message="%(version)s")
def main() -> None:
    """An assistant for Vietnamese administrative procedures.

    Settings are environment variables that begin with MOTCUA_, or lines of a .env file;
    docs/settings.md lists them.

    \b
    motcua train                                 once, and after changing training data
    motcua chat                                  try it in the terminal
    motcua ask "làm khai sinh cần giấy tờ gì"    one question
    motcua serve                                 the HTTP API and the chat page
    """


@main.command()
@click.option("--force", is_flag=True, help="Train even when nothing changed.")
def train(force: bool) -> None:
    """Train the understanding and dialogue model.

    Takes about a minute; a model trained from the same files is used again.
    """
    from assistant.training import TrainingFailedError, model_path
    from assistant.training import train as train_model

    settings = get_settings()
    known = model_path(settings)
    if known.exists() and not force:
        console.print(f"Nothing changed since {known.name} was trained.")
        return
    try:
        with console.status("Training the assistant (about a minute) …"):
            path = train_model(settings, force)
    except TrainingFailedError as error:
        raise click.ClickException(str(error)) from error
    console.print(f"Trained: {path}")


@main.command()
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="Print the reply object of the contract.")
def ask(question: str, as_json: bool) -> None:
    """Ask one QUESTION and print the answer."""
    engine = _engine()
    reply = asyncio.run(_one(engine, question))
    if as_json:
        click.echo(json.dumps(as_contract(reply), ensure_ascii=False, indent=2))
    else:
        click.echo(for_terminal(reply))


@main.command()
def chat() -> None:
    """Chat in the terminal; an empty line or Ctrl-D ends it."""
    engine = _engine()
    click.echo("Gõ câu hỏi của bạn (dòng trống để thoát).")
    asyncio.run(_chat(engine))


@main.command()
@click.argument("questions", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="JSON lines."
)
def batch(questions: Path, output: Path) -> None:
    """Play the conversations of QUESTIONS, a JSON-lines file.

    Each line is {"id": …, "turns": ["…", …]}; the output has one line for each, in the same order:
    {"id": …, "replies": [one reply object a turn]}. A line that cannot be read is reported, its
    replies are one error, and the rest goes on.
    """
    engine = _engine(messages_per_minute=1_000_000)
    output.parent.mkdir(parents=True, exist_ok=True)
    with questions.open(encoding="utf-8") as source, output.open("w", encoding="utf-8") as sink:
        failed = asyncio.run(_batch(engine, source, sink))
    if failed:
        raise click.ClickException(f"{failed} lines could not be read; see above.")


@main.command()
@click.argument("text")
@click.option("--top", default=10, show_default=True, type=click.IntRange(1, 100))
@click.option("--json", "as_json", is_flag=True, help="Print machine-readable results.")
def search(text: str, top: int, as_json: bool) -> None:
    """Find the procedures that TEXT may be about, without deciding or answering."""
    from assistant.knowledge import Knowledge
    from knowledge_base.search import Query
    from vietnamese.reader import Reader

    knowledge = Knowledge.load(get_settings())
    reading = Reader.load().read(text)
    result = knowledge.searcher.search(Query(reading.restored, reading.normalised), top=top)
    rows = [
        {
            "code": c.code,
            "name": knowledge.catalogue[c.code].title,
            "probability": round(c.probability, 4),
            "score": round(c.score, 4),
        }
        for c in result.candidates
    ]
    if as_json:
        found = {
            "read_as": reading.restored,
            "in_catalogue": round(result.in_catalogue, 4),
            "candidates": rows,
        }
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    click.echo(f"{reading.restored}  (in the catalogue: {result.in_catalogue:.0%})")
    for row in rows:
        click.echo(f"{row['probability']:7.1%}  {row['code']}  {row['name']}")


@main.command()
@click.option("--host", default=None, help="Address to listen on.")
@click.option("--port", default=None, type=click.IntRange(0, 65535), help="Port to listen on.")
def serve(host: str | None, port: int | None) -> None:
    """Serve the HTTP API, the chat page and the channels."""
    from assistant.training import TrainingFailedError, silence_rasa
    from assistant.training import train as train_model

    settings = get_settings()
    host, port = host or settings.host, settings.port if port is None else port
    silence_rasa()
    try:
        if not settings.model:
            train_model(settings)
    except TrainingFailedError as error:
        raise click.ClickException(str(error)) from error
    with console.status("Loading the assistant …"):
        from assistant.web.server import AnnouncedServer, configure

        server = AnnouncedServer(configure(settings, host, port), console)
    server.run()
    if not server.started:
        raise click.ClickException("the server did not start; see the messages above")


# --- how replies are shown -------------------------------------------------------------------


def for_terminal(reply: Reply) -> str:
    """A reply with its choices as a numbered list."""
    lines = [f"  {n}. {choice.title}" for n, choice in enumerate(reply.choices, start=1)]
    return "\n\n".join(part for part in (reply.text, "\n".join(lines)) if part)


# --- running ---------------------------------------------------------------------------------


def _engine(**changes: Any) -> Engine:
    """Loads the engine, training a model first when there is none."""
    from assistant.training import TrainingFailedError, silence_rasa
    from assistant.training import train as train_model

    settings: Settings = get_settings().model_copy(update=changes)
    silence_rasa()
    try:
        console.print("Starting the assistant …")
        if not settings.model:
            train_model(settings)
        from assistant.engine import Engine

        return Engine.load(settings)
    except (TrainingFailedError, OSError, ValueError, RuntimeError) as error:
        raise click.ClickException(str(error)) from error


def _message(conversation: str, text: str) -> Inbound:
    from connectors.message import Inbound

    return Inbound("terminal", conversation, text)


async def _one(engine: Engine, question: str) -> Reply:
    conversation = _fresh("ask")
    replies = await engine.answer(_message(conversation, question))
    return replies[0]


async def _chat(engine: Engine) -> None:
    conversation = _fresh("chat")
    while True:
        try:
            line = await asyncio.to_thread(input, "\n> ")
        except EOFError:
            return
        if not line.strip():
            return
        for reply in await engine.answer(_message(conversation, line)):
            click.echo(for_terminal(reply))


async def _batch(engine: Engine, source: TextIO, sink: TextIO) -> int:
    from rich.progress import Progress

    failed = 0
    lines = [line for line in source if line.strip()]
    with Progress(console=console) as progress:
        for number, line in enumerate(progress.track(lines), start=1):
            try:
                row = json.loads(line)
                turns: Sequence[str] = row["turns"]
                if not all(isinstance(turn, str) for turn in turns):
                    raise TypeError("'turns' must be a list of strings")
                identifier = row["id"]
            except (ValueError, KeyError, TypeError) as error:
                failed += 1
                console.print(f"line {number}: {type(error).__name__}: {error}", markup=False)
                sink.write(json.dumps({"id": None, "line": number, "replies": []}) + "\n")
                continue
            conversation = _fresh("batch")
            replies = []
            for turn in turns:
                (reply,) = await engine.answer(_message(conversation, turn))
                replies.append(as_contract(reply))
            sink.write(json.dumps({"id": identifier, "replies": replies}, ensure_ascii=False))
            sink.write("\n")
    return failed


def _fresh(prefix: str) -> str:
    """A conversation that nobody else speaks in."""
    import secrets

    return f"{prefix}-{secrets.token_hex(8)}"


if __name__ == "__main__":
    sys.exit(main())
