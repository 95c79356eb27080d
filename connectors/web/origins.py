"""Which websites may embed the widget, and what the browser is told about it."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PREFIX = "/api/v1/widget"
_ORIGIN = re.compile(r"^(https?)://(\*\.)?([a-z0-9.-]+|\[[0-9a-f:]+\])(:\d{1,5})?$")
_PREFLIGHT_SECONDS = b"7200"


class Origins:
    """The websites that may embed the widget; this server's own pages always may."""

    def __init__(self, allowed: str = "", public_url: str = "") -> None:
        """Reads the setting.

        Args:
            allowed: Origins separated by spaces; ``https://*.example.vn`` stands for every
                subdomain of ``example.vn``.
            public_url: The address of this server as citizens see it.

        Raises:
            ValueError: When an entry is no origin; the message names it.
        """
        self._exact: set[str] = set()
        self._below: set[tuple[str, str]] = set()
        for entry in allowed.lower().split():
            match = _ORIGIN.match(entry.rstrip("/"))
            if match is None:
                raise ValueError(
                    f"MOTCUA_ALLOWED_ORIGINS: {entry!r} is no origin such as https://example.vn"
                )
            if match.group(2):
                self._below.add((match.group(1), f".{match.group(3)}{match.group(4) or ''}"))
            else:
                self._exact.add(entry.rstrip("/"))
        if public_url:
            parts = urlsplit(public_url.lower())
            self._exact.add(f"{parts.scheme}://{parts.netloc}")

    def allows(self, origin: str, host: str) -> bool:
        """Tells whether a request may come from a page.

        Args:
            origin: The request's ``Origin`` header.
            host: Its ``Host`` header: a page of this server has the same.
        """
        origin = origin.lower()
        if origin in self._exact:
            return True
        scheme, separator, rest = origin.partition("://")
        if not separator or scheme not in {"http", "https"}:
            return False
        if host and rest == host.lower():
            return True
        return any(scheme == known and rest.endswith(end) for known, end in self._below)


class WidgetOrigins:
    """Lets only allowed websites call the widget's API, and answers preflight requests.

    No cookie is ever used, so credentials are not allowed.
    """

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        """Wraps an application."""
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http" or not scope["path"].startswith(f"{PREFIX}/"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None:
            await self._app(scope, receive, send)
            return
        if not self._origins.allows(origin, headers.get("host", "")):
            await _answer(send, 403, [(b"vary", b"Origin")], "This website may not use the widget.")
            return
        allowed = [(b"access-control-allow-origin", origin.encode()), (b"vary", b"Origin")]
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            preflight = [
                (b"access-control-allow-methods", b"GET, POST"),
                (b"access-control-allow-headers", b"Content-Type"),
                (b"access-control-max-age", _PREFLIGHT_SECONDS),
            ]
            await _answer(send, 204, allowed + preflight)
            return

        async def send_allowed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message.setdefault("headers", []).extend(allowed)
            await send(message)

        await self._app(scope, receive, send_allowed)


async def _answer(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], detail: str = ""
) -> None:
    body = json.dumps({"detail": detail}).encode() if detail else b""
    if body:
        headers = [*headers, (b"content-type", b"application/json")]
        headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
