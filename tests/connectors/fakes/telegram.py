"""A Telegram of our own: the Bot API's wire form, and the sender of webhooks."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

TAGS = {
    "b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre", "blockquote",
}  # fmt: skip
_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);)")


class _Entities(HTMLParser):
    """Parses as strictly as the platform: balanced, known tags only."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise ValueError(f"unsupported start tag {tag}")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise ValueError(f"unexpected end tag {tag}")

    def handle_data(self, data: str) -> None:
        self.text += data


def parse_html(markup: str) -> str:
    """The words of the markup; raises ValueError where the platform would refuse it."""
    parser = _Entities()
    if _ENTITY.search(markup):
        raise ValueError("unknown entity")
    parser.feed(markup)
    parser.close()
    if parser.open:
        raise ValueError(f"no end tag for {parser.open[-1]}")
    return parser.text


@dataclass
class FakeTelegram:
    token: str = "42:TEST"
    username: str = "motcua_bot"
    refuse_html: bool = False
    blocked: set[int] = field(default_factory=set)
    fail_next: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    pending: list[dict[str, Any]] = field(default_factory=list)
    webhook: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1000)
        self.app = Starlette(routes=[Route("/{bot}/{method}", self._call, methods=["POST"])])

    async def _call(self, request: Request) -> Response:
        if request.path_params["bot"] != f"bot{self.token}":
            return _error(401, "Unauthorized")
        body = (await request.body()).decode()
        asked = {k: v[0] for k, v in parse_qs(body, keep_blank_values=True).items()}
        name = request.path_params["method"]
        self.calls.append((name, asked))
        if name == "sendMessage" and self.fail_next:
            status, more = self.fail_next.pop(0)
            if status >= 500:
                return PlainTextResponse("Bad gateway", status)
            return _error(status, more.pop("description", "fault"), **more)
        method = getattr(self, f"_{name}", None)
        if method is None:
            return _error(404, "Not Found")
        answer: Response = await method(asked)
        return answer

    async def _getMe(self, asked: dict[str, Any]) -> Response:  # noqa: N802
        return _ok({"id": 42, "is_bot": True, "first_name": "Một Cửa", "username": self.username})

    async def _sendMessage(self, asked: dict[str, Any]) -> Response:  # noqa: N802
        chat, text = int(asked["chat_id"]), asked.get("text", "")
        if chat in self.blocked:
            return _error(403, "Forbidden: bot was blocked by the user")
        words = text
        if asked.get("parse_mode") == "HTML":
            try:
                if self.refuse_html:
                    raise ValueError("refused on purpose")
                words = parse_html(text)
            except ValueError as error:
                return _error(400, f"Bad Request: can't parse entities: {error}")
        if not words.strip():
            return _error(400, "Bad Request: message text is empty")
        if len(words) > 4096:
            return _error(400, "Bad Request: message is too long")
        markup = json.loads(asked.get("reply_markup", "{}"))
        rows = markup.get("inline_keyboard", [])
        if any(len(b["callback_data"].encode()) > 64 for row in rows for b in row):
            return _error(400, "Bad Request: BUTTON_DATA_INVALID")
        identifier = next(self._numbers)
        self.sent.append({**asked, "chat_id": chat, "words": words, "rows": rows})
        return _ok(
            {
                "message_id": identifier,
                "date": int(time.time()),
                "chat": {"id": chat, "type": "private"},
                "text": words,
            }
        )

    async def _getUpdates(self, asked: dict[str, Any]) -> Response:  # noqa: N802
        if self.webhook.get("url"):
            return _error(409, "Conflict: can't use getUpdates method while webhook is active")
        offset = int(asked.get("offset", 0))
        self.pending = [u for u in self.pending if u["update_id"] >= offset]
        if not self.pending:
            await asyncio.sleep(0.05)
        return _ok(self.pending)

    async def _setWebhook(self, asked: dict[str, Any]) -> Response:  # noqa: N802
        if not asked.get("url", "").startswith("https://"):
            return _error(400, "Bad Request: bad webhook: HTTPS url must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", asked.get("secret_token", "x")):
            return _error(400, "Bad Request: secret token contains unallowed characters")
        self.webhook = asked
        return _ok(True)

    async def _deleteWebhook(self, asked: dict[str, Any]) -> Response:  # noqa: N802
        self.webhook = {}
        return _ok(True)

    async def _getWebhookInfo(self, asked: dict[str, Any]) -> Response:  # noqa: N802
        return _ok(
            {
                "url": self.webhook.get("url", ""),
                "has_custom_certificate": False,
                "pending_update_count": len(self.pending),
            }
        )

    async def _answerCallbackQuery(self, asked: dict[str, Any]) -> Response:  # noqa: N802
        return _ok(True)

    async def _sendChatAction(self, asked: dict[str, Any]) -> Response:  # noqa: N802
        return _ok(True)

    async def _setMyCommands(self, asked: dict[str, Any]) -> Response:  # noqa: N802
        for command in json.loads(asked["commands"]):
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                return _error(400, "Bad Request: BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                return _error(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
        return _ok(True)

    async def _setMyDescription(self, asked: dict[str, Any]) -> Response:  # noqa: N802
        return _ok(len(asked.get("description", "")) <= 512)

    async def _setMyShortDescription(self, asked: dict[str, Any]) -> Response:  # noqa: N802
        return _ok(len(asked.get("short_description", "")) <= 120)

    # --- updates -------------------------------------------------------------------------

    def message(self, update: int, chat: int = 42, **fields: Any) -> dict[str, Any]:
        """An update with a private message."""
        text = fields.get("text", "")
        if text.startswith("/") and "entities" not in fields:
            length = len(text.split()[0])
            fields["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return {
            "update_id": update,
            "message": {
                "message_id": update,
                "date": int(time.time()),
                "chat": {"id": chat, "type": "private", "first_name": "A"},
                "from": {"id": chat, "is_bot": False, "first_name": "A", "language_code": "vi"},
                **fields,
            },
        }

    def tap(self, update: int, data: str, chat: int = 42, **message: Any) -> dict[str, Any]:
        """An update with a tap on a button."""
        shown = {
            "message_id": 5,
            "date": 1700000000,
            "chat": {"id": chat, "type": "private"},
            "text": "hi",
            **message,
        }
        return {
            "update_id": update,
            "callback_query": {
                "id": str(update),
                "from": {"id": chat, "is_bot": False, "first_name": "A"},
                "chat_instance": "1",
                "data": data,
                "message": shown,
            },
        }

    def deliver(self, url: str, update: dict[str, Any], secret: str | None) -> httpx.Response:
        headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
        return httpx.post(url, json=update, headers=headers, timeout=5.0)

    def words(self, chat: int) -> list[str]:
        return [sent["words"] for sent in self.sent if sent["chat_id"] == chat]

    def called(self, name: str) -> list[dict[str, Any]]:
        return [asked for called, asked in self.calls if called == name]


def _ok(result: Any) -> JSONResponse:
    return JSONResponse({"ok": True, "result": result})


def _error(code: int, description: str, **more: Any) -> JSONResponse:
    """The HTTP status counts, not the body."""
    return JSONResponse({"ok": False, "error_code": code, "description": description, **more}, code)
