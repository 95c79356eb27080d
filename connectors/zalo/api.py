"""Calls of the Official Account API: errors come with HTTP 200, tokens run out in between."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any, Final

import httpx

from connectors.channel import Alerts, SendError, Trouble
from connectors.delivery.rate import RateLimiter
from connectors.http import client, envelope, trouble_of
from connectors.settings import ChannelSettings
from connectors.zalo.errors import RATE_ERROR, TOKEN_ERRORS, meaning
from connectors.zalo.tokens import Tokens

_TOKEN_REFUSALS: Final = 5
"""So many new tokens are refused in a row before a human is told and the account waits."""


class OpenApi:
    """One Official Account."""

    def __init__(self, settings: ChannelSettings, tokens: Tokens, alerts: Alerts) -> None:
        """Takes the settings, the tokens and whom to tell of trouble."""
        self._settings = settings
        self._tokens = tokens
        self._alerts = alerts
        self._http = client(settings.zalo_api_base)
        self.limiter = RateLimiter(settings.zalo_rate_per_minute, 60.0)
        self._alerted: set[int] = set()
        self._token_refusals = 0

    async def send(self, message: dict[str, Any], user: str) -> dict[str, Any]:
        """Sends one message to a citizen; returns the ``data`` of the answer.

        Raises:
            SendError: When the platform refuses, or nobody knows.
        """
        body = {"recipient": {"user_id": user}, "message": message}
        return await self._call("POST", "/v3.0/oa/message/cs", json=body)

    async def account(self) -> dict[str, Any]:
        """Who the account is."""
        return await self._call("GET", "/v2.0/oa/getoa")

    async def conversation(self, user: str) -> list[dict[str, Any]]:
        """The last ten messages with a citizen, newest first; ``src`` 1 is the citizen's."""
        asked = json.dumps({"user_id": user, "offset": 0, "count": 10}, separators=(",", ":"))
        answer = await self._call("GET", "/v2.0/oa/conversation", params={"data": asked})
        rows = answer.get("data")
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

    async def close(self) -> None:
        """Closes connections."""
        await self._http.aclose()

    async def _call(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        token = await self._tokens.access()
        answer = await self._once(method, path, token, arguments)
        if _code(answer) in TOKEN_ERRORS:
            token = await self._tokens.renew(token)
            answer = await self._once(method, path, token, arguments)
        code = _code(answer)
        if code == 0:
            self._token_refusals = 0
            for known in self._alerted:
                self._alerts.clear_alerts(f"zalo.{known}")
            self._alerted.clear()
            data = answer.get("data")
            return data if isinstance(data, dict) else {"data": data}
        raise self._refused(code, str(answer.get("message", "")))

    async def _once(
        self, method: str, path: str, token: str, arguments: dict[str, Any]
    ) -> dict[str, Any]:
        headers = {"access_token": token}
        if self._settings.zalo_appsecret_proof:
            secret = self._settings.zalo_app_secret.get_secret_value()
            headers["appsecret_proof"] = appsecret_proof(secret, token)
        try:
            response = await self._http.request(method, path, headers=headers, **arguments)
        except httpx.HTTPError as error:
            raise trouble_of(error) from None
        self.limiter.correct(
            _number(response.headers.get("X-RateLimit-Limit")),
            _number(response.headers.get("X-RateLimit-Remain")),
        )
        return envelope(response)

    def _refused(self, code: int | None, text: str) -> SendError:
        if code is None:
            return SendError(Trouble.RETRY, "an answer without a number")
        if code in TOKEN_ERRORS:  # a new token was refused as well
            self._token_refusals += 1
            if self._token_refusals < _TOKEN_REFUSALS:
                return SendError(Trouble.RETRY, text, code)
        known = meaning(code)
        wait = None
        if code == RATE_ERROR:
            moment = self.limiter.next_window()
            self.limiter.close_until(moment)
            wait = self.limiter.until(moment)
        if known.fix:
            self._alerted.add(code)
            self._alerts.raise_alert(f"zalo.{code}", f"{known.fix} (Zalo: {code} {text})")
        return SendError(known.trouble, text, code, wait, known.retries)


def appsecret_proof(secret: str, token: str) -> str:
    """The proof that some apps demand with each call; unlike the webhook's, an HMAC."""
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _code(answer: dict[str, Any]) -> int | None:
    """The number of an answer; 0 is success, None is no answer of this platform."""
    code = answer.get("error")
    if isinstance(code, str) and code.lstrip("-").isdigit():
        return int(code)
    return code if isinstance(code, int) and not isinstance(code, bool) else None
