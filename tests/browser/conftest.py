"""A real Chromium, a real server on a socket, and another website that embeds the widget."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from assistant.settings import Settings
from assistant.web.app import create_app

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
WIDGET = ROOT / "connectors" / "web"
ARTEFACTS = ROOT / "artefacts"
CHROMIUM = os.environ.get("MOTCUA_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test here; they skip where Chromium is not installed."""
    absent = pytest.mark.skip(reason="Chromium is not installed")
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not Path(CHROMIUM).exists():
                item.add_marker(absent)


def load_scripted() -> ModuleType:
    """The scripted assistant, which stands with the tests of the widget's API."""
    name = "motcua_tests_scripted"
    if name not in sys.modules:
        path = HERE.parent / "connectors" / "web" / "scripted.py"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


class Served:
    """An ASGI application on a socket, in a thread of its own."""

    def __init__(self, app: Any, listening: socket.socket) -> None:
        self._socket = listening
        config = uvicorn.Config(app, log_level="error", access_log=False, ws="none")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listening]}, daemon=True
        )

    def start(self) -> None:
        self._thread.start()
        deadline = time.monotonic() + 120
        while not self._server.started:
            assert self._thread.is_alive(), "the server ended while starting"
            assert time.monotonic() < deadline, "the server does not start"
            time.sleep(0.02)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(20)
        self._socket.close()


def listen() -> tuple[socket.socket, str]:
    """A socket on a free port, and its origin."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", 0))
    return listening, f"http://127.0.0.1:{listening.getsockname()[1]}"


@dataclass
class Host:
    """Another website; ``pages`` maps a path to HTML, and ``policy`` is its content policy."""

    origin: str
    pages: dict[str, str] = field(default_factory=dict)
    policy: str = ""
    strange: str = ""


@dataclass
class Site:
    """The assistant's server and the engine behind it."""

    origin: str
    engine: Any


@pytest.fixture(scope="session")
def origins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Host]]:
    """The assistant, and two websites of which only one may embed it."""
    own, own_origin = listen()
    other, other_origin = listen()
    strange, strange_origin = listen()
    engine = load_scripted().ScriptedEngine()
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("browser"),
        allowed_origins=other_origin,
        public_url=own_origin,
        max_message_length=200,
    )
    host = Host(other_origin, strange=strange_origin)

    async def page(request: Request) -> Response:
        if request.url.path == "/vue.js":
            return FileResponse(WIDGET / "node_modules/vue/dist/vue.global.prod.js")
        html = host.pages.get(request.url.path)
        if html is None:
            return Response(status_code=404)
        headers = {"Content-Security-Policy": host.policy} if host.policy else {}
        return HTMLResponse(html, headers=headers)

    hosting = Starlette(routes=[Route("/{rest:path}", page)])
    servers = [
        Served(create_app(settings, engine), own),
        Served(hosting, other),
        Served(hosting, strange),
    ]
    for server in servers:
        server.start()
    yield Site(own_origin, engine), host
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def serve() -> Callable[[Settings], Iterator[str]]:
    """Serves the whole program and yields its origin."""

    def run(settings: Settings) -> Iterator[str]:
        listening, origin = listen()
        served = Served(create_app(settings), listening)
        served.start()
        yield origin
        served.stop()

    return run


@pytest.fixture(scope="session")
def serve_app() -> Callable[[Callable[[str], Any]], Iterator[str]]:
    """Serves an application that is made for its origin, and yields the origin."""

    def run(make: Callable[[str], Any]) -> Iterator[str]:
        listening, origin = listen()
        served = Served(make(origin), listening)
        served.start()
        yield origin
        served.stop()

    return run


@pytest.fixture(scope="session")
def scripted() -> ModuleType:
    """The module with the scripted assistant."""
    return load_scripted()


@pytest.fixture
def site(origins: tuple[Site, Host]) -> Site:
    """The assistant's server, with an engine that has heard nothing."""
    site = origins[0]
    site.engine.heard.clear()
    site.engine.forgotten.clear()
    site.engine.pause = 0.0
    site.engine.broken = 0
    return site


@pytest.fixture
def host(origins: tuple[Site, Host]) -> Host:
    """Another website without pages and without a policy."""
    host = origins[1]
    host.pages.clear()
    host.policy = ""
    return host


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, ended after each module.

    As long as Playwright runs, its event loop does, and no asynchronous test could run.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


MakeContext = Callable[..., BrowserContext]


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[MakeContext]:
    """Makes browser profiles: each has a storage of its own."""
    made: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        context = chromium.new_context(**{"locale": "vi-VN", **options})
        context.set_default_timeout(15_000)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def page(new_context: MakeContext) -> Page:
    """A desktop window."""
    return new_context(viewport={"width": 1280, "height": 900}).new_page()


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The source of axe-core, from the widget's locked development tools."""
    path = WIDGET / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=WIDGET,
            check=True,
            capture_output=True,
        )
    return path.read_text("utf-8")


@pytest.fixture
def violations(axe_source: str) -> Callable[[Page], list[str]]:
    """Runs axe over a page, WCAG 2.2 AA and best practices, shadow trees included."""

    def run(page: Page) -> list[str]:
        # Evaluated by the debugger, so a strict content policy does not stand in the way.
        page.evaluate(axe_source + "\n;0")
        found = page.evaluate(
            """async () => (await axe.run(document, {runOnly: {type: 'tag', values: [
                'wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}}))
            .violations.map(v => `${v.id}: ${v.nodes.map(n => n.target.join(' ') + ' '
                + n.any.map(c => c.message).join(';')).join(' | ')}`)"""
        )
        return list(found)

    return run


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Keeps a picture of a page in ``artefacts/``."""

    def keep(page: Page, name: str) -> None:
        ARTEFACTS.mkdir(exist_ok=True)
        page.screenshot(path=ARTEFACTS / f"{name}.png")

    return keep


def snippet(site: Site, **data: str) -> str:
    """The tag that embeds the widget."""
    attributes = "".join(f' data-{name.replace("_", "-")}="{v}"' for name, v in data.items())
    return f'<script src="{site.origin}/widget.js"{attributes} async></script>'


@pytest.fixture(scope="session")
def embed() -> Callable[..., str]:
    """Makes the tag that embeds the widget."""
    return snippet
