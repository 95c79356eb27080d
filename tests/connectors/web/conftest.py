"""The scripted assistant, behind the real application."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from assistant.settings import Settings
from assistant.web.app import create_app

NAME = "motcua_tests_scripted"


@pytest.fixture(scope="session")
def scripted() -> Any:
    """The module ``scripted.py`` beside this file."""
    if NAME not in sys.modules:
        spec = importlib.util.spec_from_file_location(NAME, Path(__file__).with_name("scripted.py"))
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[NAME] = module
        spec.loader.exec_module(module)
    return sys.modules[NAME]


@pytest.fixture
def engine(scripted: Any) -> Any:
    """An assistant that has heard nothing."""
    return scripted.ScriptedEngine()


MakeApp = Callable[..., FastAPI]


@pytest.fixture
def make_app(engine: Any, tmp_path: Path) -> MakeApp:
    """Makes the application; its arguments are settings."""

    def make(**settings: Any) -> FastAPI:
        return create_app(Settings(data_dir=tmp_path, **settings), engine)

    return make


@pytest.fixture
def client_of() -> Iterator[Callable[[FastAPI], httpx.AsyncClient]]:
    """Makes clients of an application, as if they reached it at ``https://motcua.example.vn``."""

    def make(app: FastAPI) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app)
        return httpx.AsyncClient(transport=transport, base_url="https://motcua.example.vn")

    return make
