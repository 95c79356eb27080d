"""The program between the fakes, and waiting for what it does."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from fakes.program import Scripted, make_app, open_database
from fakes.server import Server
from fakes.zalo import FakeZalo

from connectors.delivery.queue import Queue
from connectors.settings import ChannelSettings


def eventually(check: Callable[[], Any], seconds: float = 15.0) -> Any:
    """Waits until something holds; fails the test when it never does."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = check()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come about")


class Program:
    """The connectors in a thread, with the addresses of their webhooks."""

    def __init__(self, settings: ChannelSettings, assistant: Scripted, stack: ExitStack) -> None:
        self.settings = settings
        self.assistant = assistant
        database = open_database(settings.database)
        stack.callback(database.dispose)
        self.queue = Queue(database)
        app = make_app(settings, open_database(settings.database), assistant)
        server = stack.enter_context(Server(app))
        self.url = server.url
        self.app = app

    def webhook(self, channel: str) -> str:
        return f"{self.url}/webhooks/{channel}"

    def idle(self) -> bool:
        """Whether nothing waits."""
        return self.queue.counts() == {"inbox": 0, "outbox": 0}


def zalo_settings(fake: FakeZalo, **more: Any) -> dict[str, Any]:
    """The settings that belong to a fake."""
    return {
        "zalo_api_base": fake.url,  # type: ignore[attr-defined]
        "zalo_oauth_base": fake.url,  # type: ignore[attr-defined]
        "zalo_app_id": fake.app_id,
        "zalo_app_secret": fake.app_secret,
        "zalo_oa_id": fake.oa_id,
        "zalo_oa_secret_key": fake.oa_secret,
        "zalo_access_token": fake.access,
        "zalo_refresh_token": fake.refresh,
        **more,
    }
