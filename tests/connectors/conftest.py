"""Fixtures of the connectors' tests: fakes on real sockets and the program between them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from fakes.harness import Program, zalo_settings
from fakes.program import Scripted
from fakes.server import Server
from fakes.telegram import FakeTelegram
from fakes.zalo import FakeZalo
from fakes.zalo_bot import FakeZaloBot

from connectors.settings import ChannelSettings


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def start(stack: ExitStack, tmp_path: Path) -> Callable[..., Program]:
    """Starts the program with settings."""

    def begin(assistant: Scripted | None = None, **settings: Any) -> Program:
        chosen = {"data_dir": tmp_path, "channel_settle_seconds": 0.0, **settings}
        return Program(ChannelSettings(_env_file=None, **chosen), assistant or Scripted(), stack)

    return begin


@pytest.fixture
def zalo(stack: ExitStack) -> FakeZalo:
    fake = FakeZalo()
    fake.url = stack.enter_context(Server(fake.app)).url  # type: ignore[attr-defined]
    return fake


@pytest.fixture
def zalo_program(start: Callable[..., Program], zalo: FakeZalo) -> Program:
    return start(**zalo_settings(zalo))


@pytest.fixture
def zalo_bot(stack: ExitStack) -> FakeZaloBot:
    fake = FakeZaloBot()
    fake.url = stack.enter_context(Server(fake.app)).url  # type: ignore[attr-defined]
    return fake


@pytest.fixture
def telegram(stack: ExitStack) -> FakeTelegram:
    fake = FakeTelegram()
    fake.url = stack.enter_context(Server(fake.app)).url  # type: ignore[attr-defined]
    return fake


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a database server of our own; skips where there is no PostgreSQL."""
    binaries = [shutil.which("initdb"), shutil.which("pg_ctl")]
    found = next(Path("/usr/lib/postgresql").glob("*/bin"), None)
    if not all(binaries) and found is None:
        pytest.skip("PostgreSQL is not installed")
    folder = Path(binaries[0]).resolve().parent if binaries[0] else found
    assert folder is not None
    as_user: list[str] = []
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        pytest.skip("PostgreSQL does not run as root")
    data = Path(tempfile.mkdtemp(prefix="motcua-postgres-"))  # another user has to enter it
    if os.geteuid() == 0:
        shutil.chown(data, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]

    def run(*command: str) -> None:
        subprocess.run([*as_user, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")

    run(str(folder / "initdb"), "-D", str(data / "db"), "-A", "trust", "-U", "motcua")
    options = f"-k {data} -c listen_addresses='' -c fsync=off"
    control = str(folder / "pg_ctl")
    run(control, "-D", str(data / "db"), "-o", options, "-l", str(data / "log"), "-w", "start")
    yield f"postgresql+psycopg://motcua@/postgres?host={data}"
    run(control, "-D", str(data / "db"), "-m", "immediate", "stop")
    shutil.rmtree(data)
