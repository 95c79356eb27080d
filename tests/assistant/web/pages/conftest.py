"""The procedure pages over a small catalogue."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.settings import Settings
from assistant.web.app import create_app

NAME = "motcua_tests_scripted"
SCRIPTED = Path(__file__).parents[3] / "connectors" / "web" / "scripted.py"


@pytest.fixture(scope="session")
def scripted() -> Any:
    """The module with the scripted assistant."""
    if NAME not in sys.modules:
        spec = importlib.util.spec_from_file_location(NAME, SCRIPTED)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[NAME] = module
        spec.loader.exec_module(module)
    return sys.modules[NAME]


@pytest.fixture(scope="session")
def client(scripted: Any, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """A client of the application."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("pages"),
        public_url="https://motcua.example.vn",
        office_name="UBND phường Thử",
        office_hotline="0225 3888 999",
        telegram_bot="@motcua_bot",
    )
    app = create_app(settings, scripted.ScriptedEngine())
    return TestClient(app, base_url="https://motcua.example.vn", follow_redirects=False)
