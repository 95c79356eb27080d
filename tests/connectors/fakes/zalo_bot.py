"""A Zalo Bot Platform of our own."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

METHODS = {
    "getMe", "getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo", "testWebhook",
    "sendMessage", "sendPhoto", "sendSticker", "sendVoice", "sendChatAction",
}  # fmt: skip


@dataclass
class FakeZaloBot:
    token: str = "12345689:abc-xyz"
    poll_seconds: float = 0.2
    fail_next: list[int] = field(default_factory=list)
    sent: list[tuple[str, str]] = field(default_factory=list)
    actions: list[tuple[str, str]] = field(default_factory=list)
    pending: list[dict[str, Any]] = field(default_factory=list)
    webhook: str = ""
    secret: str = ""

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self.app = Starlette(routes=[Route("/{bot}/{method}", self._call, methods=["GET", "POST"])])

    async def _call(self, request: Request) -> Response:
        if request.path_params["bot"] != f"bot{self.token}":
            return _error(401, "Unauthorized")
        method = request.path_params["method"]
        if method not in METHODS:
            return _error(404, "Not found")
        asked = dict(request.query_params)
        if request.headers.get("content-type", "").startswith("application/json"):
            asked |= await request.json()
        if self.fail_next and method == "sendMessage":
            return _error(self.fail_next.pop(0), "fault")
        return await getattr(self, f"_{method}")(asked)

    async def _getMe(self, asked: dict[str, Any]) -> Response:  # noqa: N802
        return _ok(
            {
                "id": "1459232241454765289",
                "account_name": "bot.VDKyGxQvc",
                "account_type": "BASIC",
                "can_join_groups": False,
            }
        )

    async def _getUpdates(self, asked: dict[str, Any]) -> Response:  # noqa: N802
        if self.webhook:
            return _error(400, "Bad request: a webhook is set")
        if not isinstance(asked.get("timeout", ""), str):
            return _error(400, "Bad request: timeout")
        until = time.monotonic() + self.poll_seconds
        while not self.pending and time.monotonic() < until:
            await asyncio.sleep(0.01)
        if not self.pending:
            return _error(408, "Request timeout")
        return _ok(self.pending.pop(0))

    async def _setWebhook(self, asked: dict[str, Any]) -> Response:  # noqa: N802
        url, secret = asked.get("url", ""), asked.get("secret_token", "")
        if not secret:
            return _error(400, "The secret_token must not be empty")
        if not 8 <= len(secret) <= 256:
            return _error(400, "The secret_token must have 8 to 256 characters")
        if urlsplit(url).scheme != "https" or urlsplit(url).hostname in {"localhost", "127.0.0.1"}:
            return _error(400, "The url must be public and https")
        self.webhook, self.secret = url, secret
        verification = {
            "ok": False,
            "url": url,
            "outcome": "webhook.err.unreachable",
            "hint": "DNS",
        }
        return _ok({"url": url, "updated_at": 1749538250568, "verification": verification})

    async def _deleteWebhook(self, asked: dict[str, Any]) -> Response:  # noqa: N802
        self.webhook = ""
        return _ok({"url": "", "updated_at": 1749538250568})

    async def _getWebhookInfo(self, asked: dict[str, Any]) -> Response:  # noqa: N802
        return _ok({"url": self.webhook or None, "updated_at": 1749633372026})

    async def _testWebhook(self, asked: dict[str, Any]) -> Response:  # noqa: N802
        return _ok(
            {"ok": False, "url": self.webhook, "outcome": "webhook.http.403", "hint": "User-Agent"}
        )

    async def _sendMessage(self, asked: dict[str, Any]) -> Response:  # noqa: N802
        text = asked.get("text", "")
        if not asked.get("chat_id") or not 1 <= len(text) <= 2000:
            return _error(400, "Bad request")
        self.sent.append((asked["chat_id"], text))
        identifier = f"{next(self._numbers):020x}"
        return _ok({"message_id": identifier, "date": int(time.time() * 1000)})

    async def _sendChatAction(self, asked: dict[str, Any]) -> Response:  # noqa: N802
        self.actions.append((asked["chat_id"], asked["action"]))
        return JSONResponse({"ok": True})

    async def _sendPhoto(self, asked: dict[str, Any]) -> Response:  # noqa: N802
        if not str(asked.get("photo", "")).startswith("http"):
            return _error(400, "The photo URL is invalid")
        return _ok({"message_id": secrets.token_hex(10), "date": int(time.time() * 1000)})

    # --- webhooks ------------------------------------------------------------------------

    def update(
        self, name: str, chat: str = "6ede9afa66b88fe6d6a9", **message: Any
    ) -> dict[str, Any]:
        """An update, bare."""
        return {
            "event_name": name,
            "message": {
                "from": {"id": chat, "display_name": "Ted", "is_bot": False},
                "chat": {"id": chat, "chat_type": "PRIVATE"},
                "message_id": secrets.token_hex(10),
                "date": int(time.time() * 1000),
                **message,
            },
        }

    def deliver(
        self, url: str, update: dict[str, Any], secret: str, wrapped: bool = True
    ) -> httpx.Response:
        body = {"ok": True, "result": update} if wrapped else update
        headers = {"User-Agent": "Java/17", "X-Bot-Api-Secret-Token": secret}
        return httpx.post(url, json=body, headers=headers, timeout=2.0)

    def texts(self, chat: str) -> list[str]:
        return [text for to, text in self.sent if to == chat]


def _ok(result: Any) -> JSONResponse:
    return JSONResponse({"ok": True, "result": result})


def _error(code: int, description: str) -> JSONResponse:
    """Errors come with HTTP 200."""
    return JSONResponse({"ok": False, "description": description, "error_code": code})
