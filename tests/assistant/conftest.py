"""A trained assistant over the packaged catalogue, made once a session."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.settings import Settings
from assistant.training import train

if TYPE_CHECKING:
    from assistant.engine import Engine


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
