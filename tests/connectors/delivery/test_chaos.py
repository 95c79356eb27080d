"""A thousand deliveries with everything that goes wrong, and a process that is killed on the way.

10 % of the deliveries come twice, 5 % come before an earlier message of the same citizen, 5 % of
the calls to the platform fail. Every citizen has to be answered exactly once, in order.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from fakes.harness import eventually, zalo_settings
from fakes.program import open_database
from fakes.zalo import FakeZalo

from connectors.delivery.queue import Queue

CITIZENS, MESSAGES = 50, 20
PROGRAM = Path(__file__).parents[1] / "fakes" / "program.py"
ROOT = Path(__file__).parents[3]


class Process:
    """The program in a process of its own."""

    def __init__(self, zalo: FakeZalo, folder: Path, url: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._url, self._folder = url, folder
        settings = zalo_settings(zalo, channel_settle_seconds=1.5)
        self._env = {
            **os.environ,
            **{f"MOTCUA_{name.upper()}": str(value) for name, value in settings.items()},
            "PYTHONPATH": str(ROOT),
        }
        self.webhook = f"http://127.0.0.1:{self.port}/webhooks/zalo"

    def __enter__(self) -> Process:
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)

    def start(self) -> None:
        with (self._folder / "program.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(PROGRAM), str(self.port), self._url, str(self._folder)],
                env=self._env,
                cwd=self._folder,
                stdout=log,
                stderr=log,
            )
        eventually(self._answers, 60)

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(30)

    def _answers(self) -> bool:
        try:
            return httpx.get(self.webhook, timeout=1).status_code == 200
        except httpx.HTTPError:
            return False


def deliveries(zalo: FakeZalo) -> list[dict[str, Any]]:
    """What the platform delivers, in the order in which it does."""
    chance = random.Random(7)
    start = int(time.time() * 1000)
    wanted = [
        zalo.text(
            f"u{citizen}",
            f"câu {number}",
            f"m-{citizen}-{number}",
            timestamp=str(start + number * 1000 + citizen),
        )
        for number in range(MESSAGES)
        for citizen in range(CITIZENS)
    ]
    for place in chance.sample(range(len(wanted) - CITIZENS), len(wanted) // 20):
        later = wanted.pop(place + CITIZENS)  # the same citizen's next message, unless moved
        wanted.insert(place, later)
    for place in sorted(chance.sample(range(len(wanted)), len(wanted) // 10), reverse=True):
        wanted.insert(min(place + chance.randint(1, 60), len(wanted)), wanted[place])
    return wanted


def deliver_all(zalo: FakeZalo, processes: list[Process], kill_at: int) -> None:
    """Delivers everything; what is not acknowledged with 200 is delivered again."""
    with httpx.Client() as client:
        for number, event in enumerate(deliveries(zalo)):
            if number == kill_at:
                processes[0].kill()
                processes[0].start()
            process = processes[number % len(processes)]
            for retry in range(6):
                try:
                    answer = zalo.deliver(process.webhook, event, num_retry=retry, client=client)
                    if answer.status_code == 200:
                        break
                except httpx.HTTPError:
                    time.sleep(0.2)
            else:
                raise AssertionError("a delivery was never acknowledged")


def check(zalo: FakeZalo, queue: Queue) -> None:
    eventually(lambda: queue.counts() == {"inbox": 0, "outbox": 0}, 120)
    assert set(Counter((s.user, s.text) for s in zalo.sent).values()) == {1}
    for citizen in range(CITIZENS):
        expected = [f"Trả lời: câu {number}" for number in range(MESSAGES)]
        assert zalo.texts(f"u{citizen}") == expected, citizen


@pytest.mark.slow
@pytest.mark.parametrize("kill_at", [431])
def test_one_process_on_sqlite(
    zalo: FakeZalo, tmp_path: Path, stack: ExitStack, kill_at: int
) -> None:
    url = f"sqlite:///{tmp_path / 'queue.sqlite'}"
    database = open_database(url)
    stack.callback(database.dispose)
    zalo.error_rate = 0.05
    process = stack.enter_context(Process(zalo, tmp_path, url))
    deliver_all(zalo, [process], kill_at)
    check(zalo, Queue(database))


@pytest.mark.slow
@pytest.mark.services
def test_two_processes_on_postgresql(
    zalo: FakeZalo, tmp_path: Path, stack: ExitStack, postgres: str
) -> None:
    database = open_database(postgres)
    stack.callback(database.dispose)
    zalo.error_rate = 0.05
    processes = [stack.enter_context(Process(zalo, tmp_path, postgres)) for _ in range(2)]
    deliver_all(zalo, processes, 431)
    check(zalo, Queue(database))
