"""Calls of the Zalo Bot Platform. The token is part of each address, so addresses are not shown."""

from __future__ import annotations

from typing import Any, Final

import httpx

from connectors.channel import Alerts, SendError, Trouble
from connectors.http import client, trouble_of
from connectors.settings import ChannelSettings

POLL_SECONDS: Final = 30

_TROUBLES: Final = {
    400: Trouble.MESSAGE,
    401: Trouble.ACCOUNT,
    403: Trouble.RETRY,  # the platform's number for an internal error
    404: Trouble.MESSAGE,
    408: Trouble.UNCERTAIN,
    426: Trouble.RATE,
    429: Trouble.RATE,
}
_RATE_SECONDS: Final = 60.0


class BotApi:
    """One bot."""

    def __init__(self, settings: ChannelSettings, alerts: Alerts) -> None:
        """Takes the settings and whom to tell of trouble."""
        self._prefix = f"/bot{settings.zalo_bot_token.get_secret_value()}"
        self._alerts = alerts
        self._http = client(settings.zalo_bot_api_base)
        self._told = False

    async def me(self) -> dict[str, Any]:
        """Who the bot is."""
        return _object(await self.call("getMe"))

    async def send_message(self, chat: str, text: str) -> dict[str, Any]:
        """Sends plain text of 1 to 2,000 characters."""
        return _object(await self.call("sendMessage", chat_id=chat, text=text))

    async def typing(self, chat: str) -> None:
        """Shows "is typing"."""
        await self.call("sendChatAction", chat_id=chat, action="typing")

    async def updates(self) -> list[dict[str, Any]]:
        """Waits for the next update; empty when none came in time.

        The platform answers with one object and forgets it at once.
        """
        try:
            result = await self.call(
                "getUpdates",
                wait=httpx.Timeout(POLL_SECONDS + 10.0, connect=5.0),
                timeout=str(POLL_SECONDS),
            )
        except SendError as error:
            if error.code == 408:
                return []
            raise
        found = result if isinstance(result, list) else [result]
        return [one for one in found if isinstance(one, dict)]

    async def set_webhook(self, url: str, secret: str) -> dict[str, Any]:
        """Registers the webhook; the platform tries it at once and says what came of it."""
        return _object(await self.call("setWebhook", url=url, secret_token=secret))

    async def delete_webhook(self) -> None:
        """Takes the webhook away, so that updates can be fetched."""
        await self.call("deleteWebhook")

    async def webhook(self) -> str:
        """The address that is registered; empty where there is none."""
        return str(_object(await self.call("getWebhookInfo")).get("url") or "")

    async def test_webhook(self) -> dict[str, Any]:
        """Lets the platform try the webhook; it allows this only a few times a day."""
        return _object(await self.call("testWebhook"))

    async def close(self) -> None:
        """Closes connections."""
        await self._http.aclose()

    async def call(self, method: str, wait: httpx.Timeout | None = None, **fields: str) -> Any:
        """Calls a method and returns its result.

        Raises:
            SendError: When the platform refuses, or nobody knows.
        """
        try:
            response = await self._http.post(
                f"{self._prefix}/{method}",
                json=fields,
                timeout=wait if wait is not None else httpx.USE_CLIENT_DEFAULT,
            )
        except httpx.HTTPError as error:
            raise trouble_of(error) from None
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or "ok" not in answer:
            raise SendError(Trouble.RETRY, f"HTTP {response.status_code} of no known form")
        if answer["ok"] is True:
            self._alerts_settled()
            return answer.get("result")
        raise self._refused(answer, response.status_code)

    def _refused(self, answer: dict[str, Any], status: int) -> SendError:
        code = answer.get("error_code", answer.get("errorCode"))
        if not isinstance(code, int):
            code = status if status >= 400 else None
        trouble = Trouble.RETRY if code is None else _TROUBLES.get(code, Trouble.RETRY)
        if code == 401:
            self._told = True
            self._alerts.raise_alert(
                "zalo-bot.token",
                "Zalo does not accept the bot's token (MOTCUA_ZALO_BOT_TOKEN). Open the OA "
                "“Zalo Bot Manager” in the Zalo app to get it again.",
            )
        wait = _RATE_SECONDS if trouble is Trouble.RATE else None
        return SendError(trouble, str(answer.get("description", "")), code, wait)

    def _alerts_settled(self) -> None:
        if self._told:
            self._told = False
            self._alerts.clear_alerts("zalo-bot.token")


def _object(result: Any) -> dict[str, Any]:
    return result if isinstance(result, dict) else {}
