"""Zalo Bot Platform: no buttons, a fixed token, webhook or long polling."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
import unicodedata
from collections.abc import Mapping
from typing import Final

from connectors.channel import (
    Accept,
    Alerts,
    Capabilities,
    Event,
    ForgedError,
    Outgoing,
    SendError,
    Trouble,
)
from connectors.delivery.rate import RateLimiter
from connectors.message import Choice
from connectors.settings import ChannelSettings
from connectors.zalo.bot_api import BotApi
from connectors.zalo.bot_events import CHANNEL, events_of
from connectors.zalo.signature import read_body

logger = logging.getLogger(__name__)

TEXT_LIMIT: Final = 1900
SECRET_LENGTH: Final = range(8, 257)
_PER_SECOND: Final = 20
_RETRY_SECONDS: Final = 5.0
_BLOCKED_SECONDS: Final = 30.0
WEBHOOK_ALERT: Final = "zalo-bot.webhook"


class ZaloBotChannel:
    """One bot of the Zalo Bot Platform."""

    name = CHANNEL
    expiry_hours = 48.0
    refusal_status = 200
    capabilities = Capabilities(TEXT_LIMIT, typing=True, images=True)

    def __init__(self, settings: ChannelSettings, alerts: Alerts) -> None:
        """Takes the settings and whom to tell of trouble."""
        self._settings = settings
        self._alerts = alerts
        self._polling = settings.zalo_bot_mode == "polling"
        self.settle_seconds = 0.0 if self._polling else 0.8
        self.api = BotApi(settings, alerts)
        self._limiter = RateLimiter(_PER_SECOND, 1.0)
        self._poller: asyncio.Task[None] | None = None

    def parse(self, headers: Mapping[str, str], body: bytes) -> list[Event]:
        """Checks the secret token and reads the update.

        Raises:
            ForgedError: When the secret token is missing, wrong or not set up.
        """
        secret = self._settings.zalo_bot_secret.get_secret_value()
        got = headers.get("x-bot-api-secret-token", "")
        if not secret or not hmac.compare_digest(got.encode(), secret.encode()):
            raise ForgedError("the secret token does not match")
        update = read_body(body)
        return events_of(update) if update is not None else []

    async def ready(self) -> None:
        """Waits until another message may go out."""
        await self._limiter.acquire()

    async def send(self, conversation: str, message: Outgoing) -> str:
        """Sends one message; see :meth:`connectors.channel.Channel.send`."""
        text = unicodedata.normalize("NFC", message.text)
        sent = await self.api.send_message(conversation, text)
        return str(sent.get("message_id", ""))

    async def confirm(self, conversation: str, message: Outgoing, after: str) -> bool | None:
        """The platform gives a bot no way to look at what it sent."""
        return None

    async def typing(self, conversation: str) -> None:
        """Shows "is typing"."""
        with contextlib.suppress(SendError):
            await self.api.typing(conversation)

    def choice_data(self, choice: Choice, token: str) -> str:
        """There are no buttons to carry it."""
        return ""

    async def start(self, accept: Accept) -> None:
        """Polls, where that is the mode."""
        self._alerts.clear_alerts("zalo-bot.")
        if self._polling:
            self._poller = asyncio.create_task(self._poll(accept))

    async def stop(self) -> None:
        """Stops polling and closes connections."""
        if self._poller is not None:
            self._poller.cancel()
            await asyncio.gather(self._poller, return_exceptions=True)
        await self.api.close()

    async def _poll(self, accept: Accept) -> None:
        """Fetches updates; the platform forgets each as soon as it has handed it out."""
        while True:
            try:
                for update in await self.api.updates():
                    await accept(self.name, events_of(update))
            except SendError as error:
                if error.trouble is Trouble.ACCOUNT:
                    return  # the token is wrong, and an alert says so
                if error.code == 400:
                    self._alerts.raise_alert(
                        WEBHOOK_ALERT,
                        "The Zalo bot has a webhook, so polling gets no messages. Remove it with "
                        "motcua channels setup zalo-bot, or change MOTCUA_ZALO_BOT_MODE.",
                    )
                    await asyncio.sleep(_BLOCKED_SECONDS)
                else:
                    logger.warning("Polling Zalo failed: %s", error)
                    await asyncio.sleep(error.retry_after or _RETRY_SECONDS)
            except Exception:
                logger.exception("An update of Zalo could not be taken in")
                await asyncio.sleep(_RETRY_SECONDS)
