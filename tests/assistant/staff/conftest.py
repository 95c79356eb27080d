"""The console over a migrated database and a small catalogue."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine as Database

from assistant.dialogue.database import connect
from assistant.feedback.audit import AuditLog
from assistant.feedback.items import ReviewItems
from assistant.settings import Settings
from assistant.staff.accounts import Account, Accounts
from assistant.staff.console import Keys
from assistant.staff.roles import Role
from assistant.staff.sessions import Sessions, Stage
from assistant.web.app import create_app

NAME = "motcua_tests_scripted"
SCRIPTED = Path(__file__).parents[2] / "connectors" / "web" / "scripted.py"
ORIGIN = "https://motcua.example.vn"
COOKIE = "__Host-motcua-staff"


@dataclass
class Office:
    """An application, its database, and browsers of its staff."""

    app: FastAPI
    database: Database
    settings: Settings

    @property
    def keys(self) -> Keys:
        keys: Keys = self.app.state.staff_keys
        return keys

    @property
    def accounts(self) -> Accounts:
        return Accounts(self.database, self.keys.seal)

    @property
    def sessions(self) -> Sessions:
        return Sessions(self.database)

    @property
    def items(self) -> ReviewItems:
        return ReviewItems(self.database)

    @property
    def audit(self) -> AuditLog:
        return AuditLog(self.database)

    def member(self, role: Role) -> Account:
        """The account that stands for a role."""
        known = self.accounts.by_username(role.value)
        return known or self.accounts.add(role.value, f"Cán bộ {role.value}", role)

    def stranger(self) -> Browser:
        """A browser that nobody has signed in with."""
        return Browser(self.app)

    def browser(self, role: Role, stage: Stage = Stage.FULL) -> Browser:
        """A browser that somebody of a role has signed in with."""
        browser = Browser(self.app)
        token = self.sessions.begin(self.member(role).id, stage)
        session = self.sessions.find(token)
        assert session is not None
        browser.client.cookies.set(COOKIE, token, domain="motcua.example.vn")
        browser.csrf = session.csrf
        return browser


class Browser:
    """Sends forms as a browser does: with its cookies, the origin and the token of the page."""

    def __init__(self, app: FastAPI) -> None:
        self.client = TestClient(app, base_url=ORIGIN, follow_redirects=False)
        self.csrf = ""

    @property
    def token(self) -> str:
        return self.client.cookies.get(COOKIE) or ""

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def post(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        form = {"csrf": self.csrf, **(data or {})}
        return self.client.post(path, data=form, headers={"Origin": ORIGIN, **headers})


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


@pytest.fixture
def office(scripted: Any, tmp_path: Path) -> Iterator[Office]:
    """An installation without any account."""
    settings = Settings(data_dir=tmp_path, public_url=ORIGIN, office_name="UBND phường Thử")
    engine = scripted.ScriptedEngine()
    engine.database = connect(f"sqlite:///{tmp_path / 'test.sqlite'}")
    yield Office(create_app(settings, engine), engine.database, settings)
    engine.database.dispose()
