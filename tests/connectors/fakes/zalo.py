"""A Zalo of our own: OAuth v4, the Official Account API and the sender of webhooks.

As strict as the reference: what the platform rejects is rejected here, errors come with HTTP 200,
numbers that are not documented are made up (-19xxx) so that nothing can branch on them.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import itertools
import json
import random
import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

Fault = int | tuple[str, int]
"""An error number of the API, or ("http", status)."""

_BUTTON_TYPES = {"oa.open.url", "oa.query.show", "oa.query.hide", "oa.open.phone", "oa.open.sms"}


@dataclass
class Sent:
    """A message that the platform took."""

    user: str
    text: str
    buttons: list[dict[str, Any]]
    identifier: str
    at: float


@dataclass
class FakeZalo:
    app_id: str = "360846524940903967"
    app_secret: str = "APP_SECRET"
    oa_id: str = "388613280878808645"
    oa_secret: str = "TEST_OA_SECRET_KEY"
    redirect_uri: str = "https://example.vn/webhooks/zalo/oauth"
    accept_buttons: bool = True
    text_limit: int = 2000
    rate_limit: int = 100_000
    send_delay: float = 0.0
    token_delay: float = 0.0
    conversation_works: bool = True
    lose_answers: list[str] = field(default_factory=list)
    """Messages are taken, but the answer gets lost: "cut" ends the connection, "500" is one."""
    fail_next: list[Fault] = field(default_factory=list)
    fail_oauth: list[Fault] = field(default_factory=list)
    error_rate: float = 0.0
    """The share of calls of the API that fail by chance."""
    users: set[str] | None = None
    last_seen: dict[str, float] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    heard: dict[str, list[tuple[float, str, str]]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    refreshes: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self.trouble = random.Random(20_261_120)
        self._numbers = itertools.count(1)
        self._known_tokens: set[str] = set()
        self._codes: dict[str, tuple[str, float]] = {}
        self._minute: list[float] = []
        self.access = self.refresh = ""
        self.issue()
        self.app = Starlette(
            routes=[
                Route("/v4/oa/permission", self._permission),
                Route("/v4/oa/access_token", self._token, methods=["POST"]),
                Route("/v3.0/oa/message/cs", self._send, methods=["POST"]),
                Route("/v2.0/oa/message", self._old_send, methods=["POST"]),
                Route("/v2.0/oa/getoa", self._account),
                Route("/v2.0/oa/conversation", self._conversation),
            ]
        )

    # --- tokens --------------------------------------------------------------------------

    def issue(self) -> tuple[str, str]:
        """A new pair; the old access token and the old refresh token die."""
        with self._lock:
            self.access = secrets.token_urlsafe(24)
            self.refresh = secrets.token_urlsafe(24)
            self._known_tokens.add(self.access)
            return self.access, self.refresh

    def expire(self) -> None:
        """The access token dies of age; the refresh token lives."""
        with self._lock:
            self.access = "expired-" + self.access

    async def _permission(self, request: Request) -> Response:
        asked = request.query_params
        if asked.get("app_id") != self.app_id:
            return _oauth_error(-14002, "Invalid appId")
        if asked.get("redirect_uri") != self.redirect_uri:
            return _oauth_error(-14003, "Invalid redirect uri")
        challenge = asked.get("code_challenge", "")
        if len(challenge) != 43 or "response_type" in asked:
            return _oauth_error(-19001, "Invalid code challenge")
        code = secrets.token_urlsafe(16)
        self._codes[code] = (challenge, time.time())
        back = {"code": code, "oa_id": self.oa_id}
        if "state" in asked:
            back["state"] = asked["state"]
        return RedirectResponse(f"{self.redirect_uri}?{urlencode(back)}", 302)

    async def _token(self, request: Request) -> Response:
        self.calls.append("token")
        if self.token_delay:
            await asyncio.sleep(self.token_delay)
        if self.fail_oauth:
            fault = self.fail_oauth.pop(0)
            if isinstance(fault, tuple):
                return PlainTextResponse("<html>Bad gateway</html>", fault[1])
            return _oauth_error(fault, "fault")
        kind = request.headers.get("content-type", "")
        if not kind.startswith("application/x-www-form-urlencoded"):
            return _oauth_error(-19002, "Invalid content type")
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        if request.headers.get("secret_key") != self.app_secret:
            return _oauth_error(-19003, "Invalid secret key")
        if form.get("app_id") != self.app_id:
            return _oauth_error(-14002, "Invalid appId")
        with self._lock:
            if form.get("grant_type") == "authorization_code":
                challenge, at = self._codes.pop(form.get("code", ""), ("", 0.0))
                digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
                made = base64.urlsafe_b64encode(digest).decode().rstrip("=")
                if not challenge or made != challenge or time.time() - at > 600:
                    return _oauth_error(-19004, "Invalid authorization code")
            elif form.get("grant_type") == "refresh_token":
                if form.get("refresh_token") != self.refresh:
                    return _oauth_error(-19005, "Invalid refresh token")
                self.refreshes += 1
            else:
                return _oauth_error(-19006, "Invalid grant type")
            access, refresh = self.issue()
        return JSONResponse(
            {"access_token": access, "refresh_token": refresh, "expires_in": "90000"}
        )

    # --- API -----------------------------------------------------------------------------

    def _refuse(self, request: Request) -> Response | None:
        """What every call is checked for."""
        now = time.time()
        with self._lock:
            self._minute = [t for t in self._minute if t > now - 60]
            if len(self._minute) >= self.rate_limit:
                return self._answer(-32, "Your OA reached limit call api")
            self._minute.append(now)
            trouble = self.trouble.random() < self.error_rate if self.error_rate else False
            if self.fail_next or trouble:
                random_fault = self.trouble.choice([("http", 502), ("http", 500), -200, -216, -220])
                fault: Fault = self.fail_next.pop(0) if self.fail_next else random_fault
                if isinstance(fault, tuple):
                    return PlainTextResponse("<html>Bad gateway</html>", fault[1])
                return self._answer(fault, "fault")
            token = request.headers.get("access_token", "")
            if "authorization" in request.headers or token not in self._known_tokens:
                return self._answer(-216, "Access token is invalid")
            if token != self.access:
                return self._answer(-220, "access_token is expired or removed")
        return None

    async def _send(self, request: Request) -> Response:
        self.calls.append("cs")
        if self.send_delay:
            await asyncio.sleep(self.send_delay)
        refused = self._refuse(request)
        if refused is not None:
            return refused
        body = await request.json()
        user = body["recipient"]["user_id"]
        message = body["message"]
        text = message.get("text", "")
        if not isinstance(user, str) or (self.users is not None and user not in self.users):
            return self._answer(-201, "user_id is invalid!")
        seen = self.last_seen.get(user)
        if self.users is not None and (seen is None or time.time() - seen > 7 * 86400):
            return self._answer(-230, "User has not interacted with the OA in the past 7 days")
        if not text:
            return self._answer(-201, "text is invalid!")
        if len(text.encode("utf-16-le")) // 2 > self.text_limit:
            return self._answer(-210, "Parameter exceeds allowable limit")
        buttons: list[dict[str, Any]] = []
        if "attachment" in message:
            payload = message["attachment"]["payload"]
            if message["attachment"]["type"] != "template" or "template_type" in payload:
                return self._answer(-233, "message type is invalid or not support")
            buttons = payload["buttons"]
            if not self.accept_buttons:
                return self._answer(-233, "message type is invalid or not support")
            if not 1 <= len(buttons) <= 5:
                return self._answer(-210, "Parameter exceeds allowable limit")
            for button in buttons:
                if button["type"] not in _BUTTON_TYPES:
                    return self._answer(-201, "type is invalid!")
                if button["type"].startswith("oa.query") and not isinstance(button["payload"], str):
                    return self._answer(-201, "payload is invalid!")
                if len(button["title"]) > 100 or len(str(button["payload"])) > 1000:
                    return self._answer(-210, "Parameter exceeds allowable limit")
        with self._lock:
            identifier = f"oa-{next(self._numbers)}"
            self.sent.append(Sent(user, text, buttons, identifier, time.time()))
            self.heard.setdefault(user, []).append((time.time(), "0", text))
            if self.lose_answers:
                cut = {"content-length": "1000", "connection": "close"}
                lost = self.lose_answers.pop(0)
                return Response(status_code=500) if lost == "500" else Response(headers=cut)
        return self._answer(0, "Success", {"message_id": identifier, "user_id": user})

    async def _old_send(self, request: Request) -> Response:
        return self._answer(-240, "MessageV2 API has been shut down, please switch to MessageV3")

    async def _account(self, request: Request) -> Response:
        self.calls.append("getoa")
        refused = self._refuse(request)
        data = {
            "oaid": self.oa_id,
            "name": "UBND phường Thử Nghiệm",
            "is_verified": True,
            "oa_type": 4,
            "package_name": "Tăng trưởng",
        }
        return refused or self._answer(0, "Success", data)

    async def _conversation(self, request: Request) -> Response:
        self.calls.append("conversation")
        refused = self._refuse(request)
        if refused is not None:
            return refused
        if not self.conversation_works:
            return self._answer(-209, "Not supported this api")
        asked = json.loads(request.query_params["data"])
        rows = self.heard.get(asked["user_id"], [])[::-1][: int(asked["count"])]
        data = [
            {
                "src": int(source),
                "time": int(at * 1000),
                "type": "text",
                "message": text.partition("\0")[2] if source == "1" else text,
                "message_id": text.partition("\0")[0] if source == "1" else f"oa-{n}",
            }
            for n, (at, source, text) in enumerate(rows)
        ]
        return self._answer(0, "Success", data)

    def _answer(self, error: int, message: str, data: Any = None) -> JSONResponse:
        body: dict[str, Any] = {"error": error, "message": message}
        if error == 0:
            body["data"] = data
        left = max(self.rate_limit - len(self._minute), 0)
        headers = {"X-RateLimit-Limit": str(self.rate_limit), "X-RateLimit-Remain": str(left)}
        return JSONResponse(body, headers=headers)

    # --- webhooks ------------------------------------------------------------------------

    def event(self, name: str, user: str, message: dict[str, Any], **more: Any) -> dict[str, Any]:
        """An event about a citizen, as the platform writes it."""
        return {
            "app_id": self.app_id,
            "sender": {"id": user},
            "user_id_by_app": f"{user}7",
            "recipient": {"id": self.oa_id},
            "event_name": name,
            "message": message,
            "timestamp": str(int(time.time() * 1000)),
            **more,
        }

    def text(self, user: str, text: str, identifier: str = "", **more: Any) -> dict[str, Any]:
        """A text message of a citizen."""
        identifier = identifier or secrets.token_hex(10)
        return self.event("user_send_text", user, {"text": text, "msg_id": identifier}, **more)

    def raw(self, event: dict[str, Any]) -> bytes:
        return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()

    def sign(self, raw: bytes, timestamp: str, secret: str | None = None) -> str:
        key = self.oa_secret if secret is None else secret
        return hashlib.sha256(
            self.app_id.encode() + raw + timestamp.encode() + key.encode()
        ).hexdigest()

    def deliver(
        self,
        url: str,
        event: dict[str, Any],
        *,
        signature: str | None = None,
        num_retry: int = 0,
        client: httpx.Client | None = None,
    ) -> httpx.Response:
        """Delivers an event; the platform gives up after two seconds."""
        raw = self.raw(event)
        mac = signature if signature is not None else self.sign(raw, event["timestamp"])
        headers = {"Content-Type": "application/json", "X-ZEvent-Signature": f"mac={mac}"}
        if num_retry:
            headers["num_retry"] = str(num_retry)
        if event.get("event_name") == "user_send_text":
            with self._lock:
                words = f"{event['message']['msg_id']}\0{event['message'].get('text', '')}"
                rows = self.heard.setdefault(event["sender"]["id"], [])
                if not any(text == words for _, _, text in rows):
                    rows.append((time.time(), "1", words))
        send = client.post if client is not None else httpx.post
        return send(url, content=raw, headers=headers, timeout=2.0)

    def ping(self, url: str, body: bytes = b"") -> httpx.Response:
        """What the console does when somebody saves the address."""
        return httpx.post(url, content=body, timeout=2.0)

    def texts(self, user: str) -> list[str]:
        """What a citizen has received."""
        return [sent.text for sent in self.sent if sent.user == user]


def _oauth_error(code: int, reason: str) -> JSONResponse:
    return JSONResponse(
        {
            "error": code,
            "error_name": reason,
            "error_reason": reason,
            "ref_doc": "https://developers.zalo.me/docs",
            "error_description": reason,
        }
    )
