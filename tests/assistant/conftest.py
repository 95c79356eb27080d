"""A trained assistant over the packaged catalogue, made once a session."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from assistant.dialogue.database import connect
from assistant.settings import Settings
from assistant.training import train

if TYPE_CHECKING:
    from assistant.engine import Engine

POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432"


def _postgres_is_up() -> bool:
    engine = create_engine(f"{POSTGRES}/postgres")
    try:
        engine.connect().close()
    except OperationalError:
        return False
    finally:
        engine.dispose()
    return True


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained model; the one in MOTCUA_DATA_DIR is used again when nothing changed."""
    folder = os.environ.get("MOTCUA_DATA_DIR")
    data_dir = Path(folder) if folder else tmp_path_factory.mktemp("model")
    return train(Settings(data_dir=data_dir))


@pytest.fixture(scope="session")
def settings(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with a data folder of the tests' own."""
    return Settings(
        data_dir=tmp_path_factory.mktemp("data"), model=str(trained), messages_per_minute=100_000
    )


@pytest.fixture(scope="session")
def engine(settings: Settings) -> Iterator[Engine]:
    """The whole assistant."""
    from assistant.engine import Engine

    engine = Engine.load(settings)
    yield engine
    engine.database.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database with every table, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        engine = connect(f"sqlite:///{tmp_path / 'test.sqlite'}")
        yield engine
        engine.dispose()
        return
    if not _postgres_is_up():
        pytest.skip("no PostgreSQL on this machine")
    name = f"motcua_test_{uuid.uuid4().hex[:10]}"
    admin = create_engine(f"{POSTGRES}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = connect(f"postgresql://postgres@127.0.0.1:5432/{name}")
    yield engine
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name}"))
    admin.dispose()
