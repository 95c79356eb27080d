"""Measures one message answered in full, start-up and memory, beside Rasa's starter bot.

``python -m evaluation.benchmarks.message [--output FILE]``

Both bots are measured in the same run, in turns, on one core each time: ours answers real
questions in full, with its database on disk; the starter (what ``rasa init`` makes and trains)
answers a greeting, in memory, as it comes. Every message opens a conversation of its own. Then both
servers are started from nothing, and their memory is read after some messages over HTTP.

Both run as in the serving install: the libraries that only training needs are hidden, even where
they are installed. The starter is made and trained in a temporary folder, which takes minutes;
``--starter DIR`` keeps it, or uses the one already there.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Final

import click
import httpx
import psutil  # type: ignore[import-untyped]
from rich.console import Console
from rich.table import Table

from evaluation.dataset import own_questions

GREETING: Final = "hello"
OURS: Final = "motcua"
STARTER: Final = "rasa starter"
_WARM_UP: Final = 30
_OVER_HTTP: Final = 50
_PATIENCE: Final = 300.0
_ENVIRONMENT: Final[Mapping[str, str]] = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
    "PYTHONWARNINGS": "ignore",
}
_TRAINING_ONLY: Final = ("torch", "transformers", "sentence_transformers")
_WITHOUT: Final = """
import runpy, sys
class Hidden:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition(".")[0] in {hidden!r}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Hidden)
sys.argv = {arguments!r}
runpy.run_module({name!r}, run_name="__main__", alter_sys=True)
"""
"""A program that runs a module where some libraries cannot be imported."""

console = Console(stderr=True)

Handle = Callable[[str], Awaitable[object]]
Spent = tuple[float, float]
"""Wall and processor time of one message in milliseconds."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one bot costs.

    Attributes:
        bot: Which one.
        messages: How many messages were timed.
        p50_ms: Median time of a message in milliseconds, warm, one core.
        p95_ms: 95th percentile.
        cpu_ms: Median processor time of a message in milliseconds, which other programs on the
            machine disturb less.
        start_s: Seconds from the command to the first answered request, the best of the starts.
        memory_mb: Resident memory of the server after messages, in megabytes of 10^6 bytes, the
            last start's.
    """

    bot: str
    messages: int
    p50_ms: float
    p95_ms: float
    cpu_ms: float
    start_s: float
    memory_mb: float


def summarise(
    bot: str, spent: Sequence[Spent], starts: Sequence[float], memory: Sequence[int]
) -> Cost:
    """Makes one line of measurements.

    Args:
        bot: Which one.
        spent: Wall and processor milliseconds of each message.
        starts: Seconds of each start.
        memory: Bytes after each start.

    Raises:
        ValueError: When nothing was measured.
    """
    if not (spent and starts and memory):
        raise ValueError("nothing was measured")
    ordered = sorted(wall for wall, _ in spent)
    return Cost(
        bot,
        len(ordered),
        round(statistics.median(ordered), 2),
        round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 2),
        round(statistics.median(processor for _, processor in spent), 2),
        round(min(starts), 2),
        round(memory[-1] / 1e6, 1),
    )


def ratios(ours: Cost, starter: Cost) -> dict[str, float]:
    """Divides our costs by the starter's."""
    return {
        "p50": round(ours.p50_ms / starter.p50_ms, 3),
        "p95": round(ours.p95_ms / starter.p95_ms, 3),
        "cpu": round(ours.cpu_ms / starter.cpu_ms, 3),
        "start": round(ours.start_s / starter.start_s, 3),
        "memory": round(ours.memory_mb / starter.memory_mb, 3),
    }


def module(name: str, *arguments: str) -> list[str]:
    """Makes the command that runs a module as the serving install would."""
    code = _WITHOUT.format(hidden=_TRAINING_ONLY, arguments=[name, *arguments], name=name)
    return [sys.executable, "-c", code]


# --- the worker: one bot in a process of its own --------------------------------------------------


async def _ours(folder: Path) -> Handle:
    from assistant.engine import Engine
    from assistant.settings import get_settings
    from assistant.training import silence_rasa, train
    from connectors.message import Inbound

    silence_rasa()
    settings = get_settings()
    engine = Engine.load(
        settings.model_copy(
            update={
                "model": settings.model or str(train(settings)),
                "database_url": f"sqlite:///{folder / 'benchmark.sqlite'}",
            }
        )
    )

    async def handle(text: str) -> object:
        return await engine.answer(Inbound("benchmark", secrets.token_hex(8), text))

    return handle


async def _starter(folder: Path) -> Handle:
    from assistant.training import silence_rasa

    silence_rasa()
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
    from rasa.model import get_latest_model

    agent = Agent.load(get_latest_model(str(folder / "models")))

    async def handle(text: str) -> object:
        channel = CollectingOutputChannel()
        await agent.handle_message(UserMessage(text, channel, secrets.token_hex(8)))
        if not channel.messages:
            raise RuntimeError("the starter said nothing")
        return channel.messages

    return handle


async def _work(bot: str, folder: Path, orders: IO[str], answers: IO[str]) -> None:
    """Handles as many messages as each line of ``orders`` says and writes their times."""
    # One core, the same for both: what one message costs, not what many threads make of it.
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    handle = await (_ours if bot == OURS else _starter)(folder)
    texts = questions() if bot == OURS else [GREETING]
    asked = 0
    answers.write("ready\n")
    answers.flush()
    for line in orders:
        spent = []
        for _ in range(int(line)):
            text = texts[asked % len(texts)]
            asked += 1
            begun, worked = time.perf_counter(), time.process_time()
            await handle(text)
            done, rested = time.perf_counter(), time.process_time()
            spent.append(((done - begun) * 1e3, (rested - worked) * 1e3))
        answers.write(json.dumps(spent) + "\n")
        answers.flush()


def questions() -> list[str]:
    """Gives the single questions of our own sets that are to be answered, in a mixed order."""
    found = [question for question in own_questions() if question.findable]
    return [question.turns[0] for question in sorted(found, key=lambda q: q.id[::-1])]


class _Worker:
    """A bot in a process of its own, told how many messages to handle."""

    def __init__(self, bot: str, folder: Path) -> None:
        self._process = subprocess.Popen(
            module(__spec__.name, "--worker", bot, str(folder)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **_ENVIRONMENT, "MOTCUA_TENSORFLOW": str(int(bot == STARTER))},
        )
        while (line := self._read()) != "ready\n":
            if not line:
                raise RuntimeError(f"{bot} did not load")

    def handle(self, count: int) -> list[Spent]:
        """Handles messages and returns what they took."""
        if self._process.stdin is None:
            raise RuntimeError("the worker cannot be told anything")
        self._process.stdin.write(f"{count}\n")
        self._process.stdin.flush()
        return [(wall, processor) for wall, processor in json.loads(self._read())]

    def close(self) -> None:
        """Ends the process."""
        self._process.communicate()

    def _read(self) -> str:
        return self._process.stdout.readline() if self._process.stdout else ""


def time_messages(
    folders: Mapping[str, Path], messages: int, rounds: int
) -> dict[str, list[Spent]]:
    """Times the bots in turns, so that what else the machine does meets all of them.

    Args:
        folders: Where each bot finds or keeps its files.
        messages: How many messages each handles in all.
        rounds: In how many turns.

    Returns:
        What each message took, by bot.
    """
    spent: dict[str, list[Spent]] = {bot: [] for bot in folders}
    with ExitStack() as stack:
        workers = {}
        for bot, folder in folders.items():
            workers[bot] = _Worker(bot, folder)
            stack.callback(workers[bot].close)
            workers[bot].handle(_WARM_UP)
        for _ in range(rounds):
            for bot, worker in workers.items():
                spent[bot].extend(worker.handle(messages // rounds))
    return spent


# --- servers --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Server:
    """How to start a bot's server and speak with it.

    Attributes:
        command: What to run, with ``{port}`` where the port goes.
        folder: Where to run it.
        environment: What to set besides.
        ready: Path that answers 200 once the bot can answer.
        path: Where messages are posted.
        body: Makes the body of a message.
    """

    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    ready: str
    path: str
    body: Callable[[str], Mapping[str, str]]


def our_server(folder: Path) -> Server:
    """Describes our server, with a database of its own in a folder."""
    from assistant.settings import PROJECT_ROOT, get_settings

    data = get_settings().data_dir.resolve()
    return Server(
        module("assistant.cli", "serve", "--port", "{port}"),
        PROJECT_ROOT,
        {
            "MOTCUA_DATA_DIR": str(data),
            "MOTCUA_DATABASE_URL": f"sqlite:///{folder / 'server.sqlite'}",
        },
        "/readyz",
        "/api/v1/messages",
        lambda text: {"conversation": secrets.token_hex(8), "text": text},
    )


def starter_server(folder: Path) -> Server:
    """Describes the starter's server."""
    return Server(
        module("rasa", "run", "--port", "{port}"),
        folder,
        {},
        "/",
        "/webhooks/rest/webhook",
        lambda text: {"sender": secrets.token_hex(8), "message": text},
    )


def start(server: Server, texts: Sequence[str]) -> tuple[float, int]:
    """Starts a server, sends it messages and ends it.

    Args:
        server: The server.
        texts: What to send.

    Returns:
        Seconds from the command to the answer to the first message, and bytes of resident memory
        of the server and its children after the last.

    Raises:
        RuntimeError: When it ends or is not ready in time.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begun = time.perf_counter()
    command = [part.replace("{port}", str(port)) for part in server.command]
    with (
        _running(command, server) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
    ):
        while not _answers(client, server.ready):
            if process.poll() is not None or time.perf_counter() - begun > _PATIENCE:
                raise RuntimeError(f"{' '.join(command)} did not become ready")
            time.sleep(0.05)
        client.post(server.path, json=server.body(texts[0])).raise_for_status()
        seconds = time.perf_counter() - begun
        for text in texts[1:]:
            client.post(server.path, json=server.body(text)).raise_for_status()
        whole = psutil.Process(process.pid)
        family = [whole, *whole.children(recursive=True)]
        return seconds, sum(one.memory_info().rss for one in family)


@contextmanager
def _running(command: Sequence[str], server: Server) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command,
        cwd=server.folder,
        env={**os.environ, **_ENVIRONMENT, **server.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(client: httpx.Client, path: str) -> bool:
    try:
        return client.get(path).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def make_starter(folder: Path) -> None:
    """Makes and trains the starter bot in a folder, unless a trained one is there."""
    if list((folder / "models").glob("*.tar.gz")):
        return
    folder.mkdir(parents=True, exist_ok=True)
    with console.status("Training the starter bot (minutes) …"):
        subprocess.run(
            [sys.executable, "-m", "rasa", "init", "--no-prompt", "--init-dir", str(folder)],
            env={**os.environ, **_ENVIRONMENT},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )


# --- the command ----------------------------------------------------------------------------------


@click.command()
@click.option("--messages", default=300, show_default=True, help="Messages timed for each bot.")
@click.option("--rounds", default=6, show_default=True, help="Turns that the bots take.")
@click.option("--starts", default=2, show_default=True, help="Starts of each server.")
@click.option(
    "--starter",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the starter bot; made there when it is missing.",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="JSON file.")
@click.option("--worker", nargs=2, hidden=True)
def main(
    messages: int,
    rounds: int,
    starts: int,
    starter: Path | None,
    output: Path | None,
    worker: tuple[str, str] | None,
) -> None:
    """Print the costs of both bots as a table."""
    if worker is not None:
        # Whatever else prints must not get between the answers.
        answers, sys.stdout = sys.stdout, sys.stderr
        asyncio.run(_work(worker[0], Path(worker[1]), sys.stdin, answers))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        starter = (starter or folder / "starter").resolve()
        make_starter(starter)
        folders = {OURS: folder, STARTER: starter}
        with console.status("Timing messages …"):
            spent = time_messages(folders, messages, rounds)
        servers = {OURS: our_server(folder), STARTER: starter_server(starter)}
        texts = {OURS: questions()[:_OVER_HTTP], STARTER: [GREETING] * _OVER_HTTP}
        started: dict[str, list[tuple[float, int]]] = {bot: [] for bot in servers}
        with console.status("Starting servers …"):
            for _ in range(starts):
                for bot, server in servers.items():
                    started[bot].append(start(server, texts[bot]))
    costs = {
        bot: summarise(bot, spent[bot], [s for s, _ in started[bot]], [m for _, m in started[bot]])
        for bot in folders
    }
    divided = ratios(costs[OURS], costs[STARTER])
    table = Table("", "p50 ms", "p95 ms", "cpu ms", "start s", "memory MB")
    for cost in costs.values():
        row = (cost.p50_ms, cost.p95_ms, cost.cpu_ms, cost.start_s, cost.memory_mb)
        table.add_row(cost.bot, *map(str, row))
    table.add_row("ours / starter", *map(str, divided.values()))
    Console().print(table)
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        found = {"bots": [asdict(cost) for cost in costs.values()], "ratios": divided}
        output.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
