"""Zalo Official Account."""

from __future__ import annotations

import asyncio
import logging
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

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
from connectors.message import Choice
from connectors.render import without_buttons
from connectors.settings import ChannelSettings
from connectors.split import split, utf16_length
from connectors.styled import plain
from connectors.zalo.api import OpenApi
from connectors.zalo.errors import RATE_ERROR, TOKEN_ERRORS, TOO_LONG
from connectors.zalo.events import CHANNEL, events_of
from connectors.zalo.oauth import OAuthClient
from connectors.zalo.signature import HEADER, read_body, verified
from connectors.zalo.tokens import Tokens, token_store

logger = logging.getLogger(__name__)

TEXT_LIMIT: Final = 1900
BUTTON_LIMIT: Final = 5
TITLE_LIMIT: Final = 100
PAYLOAD_LIMIT: Final = 1000
_HOURS_FREE, _HOURS_PAID = 48.0, 7 * 24.0
_REFUSALS_IN_A_ROW: Final = 3
_BUTTONS_REST_SECONDS: Final = 600.0
SIGNATURE_ALERT: Final = "zalo.signature"


def answer_hours(settings: ChannelSettings) -> float:
    """How long after a citizen's last message the account may write to them."""
    return _HOURS_PAID if settings.zalo_paid_messages else _HOURS_FREE


class ZaloChannel:
    """One Official Account."""

    name = CHANNEL
    settle_seconds = 0.8
    refusal_status = 200

    def __init__(self, settings: ChannelSettings, alerts: Alerts) -> None:
        """Takes the settings and whom to tell of trouble."""
        self._settings = settings
        self._alerts = alerts
        self.oauth = OAuthClient(settings)
        self.tokens = Tokens(settings, token_store(settings), self.oauth, alerts)
        self.api = OpenApi(settings, self.tokens, alerts)
        self.expiry_hours = answer_hours(settings)
        self._with_buttons = Capabilities(
            TEXT_LIMIT,
            buttons=BUTTON_LIMIT,
            button_title=TITLE_LIMIT,
            button_payload=PAYLOAD_LIMIT,
            titles_as_text=True,
            images=True,
            files=True,
        )
        self._refusals = 0
        self._buttons_rest_until = 0.0
        self._keeper: asyncio.Task[None] | None = None

    @property
    def capabilities(self) -> Capabilities:
        """What the account can do; without buttons while the platform keeps refusing them."""
        now = asyncio.get_running_loop().time()
        if not self._settings.zalo_buttons or now < self._buttons_rest_until:
            return replace(self._with_buttons, buttons=0)
        return self._with_buttons

    # --- in ------------------------------------------------------------------------------

    def parse(self, headers: Mapping[str, str], body: bytes) -> list[Event]:
        """Checks the signature over the raw bytes and reads the event.

        Raises:
            ForgedError: When the signature is missing or wrong. The console's own connectivity
                test bears none, so the answer has to be 200 all the same.
        """
        header = headers.get(HEADER)
        secret = self._settings.zalo_oa_secret_key.get_secret_value()
        if not verified(body, header, self._first_term(), secret):
            self._explain(body, header)
            raise ForgedError("no valid signature")
        return events_of(read_body(body) or {})

    def _first_term(self) -> str:
        by_account = self._settings.zalo_signature_first_term == "oa_id"
        return self._settings.zalo_oa_id if by_account else self._settings.zalo_app_id

    def _explain(self, body: bytes, header: str | None) -> None:
        """Says which setting is wrong when the signature is right with another one."""
        app_secret = self._settings.zalo_app_secret.get_secret_value()
        oa_secret = self._settings.zalo_oa_secret_key.get_secret_value()
        if verified(body, header, self._first_term(), app_secret):
            self._alerts.raise_alert(
                SIGNATURE_ALERT,
                "MOTCUA_ZALO_OA_SECRET_KEY is wrong: Zalo signs with the App Secret. Set it "
                "to the key with which Zalo signs the webhook.",
            )
        elif any(
            verified(body, header, term, oa_secret)
            for term in (self._settings.zalo_oa_id, self._settings.zalo_app_id)
        ):
            self._alerts.raise_alert(
                SIGNATURE_ALERT,
                "The webhook is signed for another id: change MOTCUA_ZALO_SIGNATURE_FIRST_TERM "
                "(app_id or oa_id).",
            )

    # --- out -----------------------------------------------------------------------------

    async def ready(self) -> None:
        """Waits until the account may send again, with a token that has not run out."""
        await self.tokens.access()
        await self.api.limiter.acquire()

    async def send(self, conversation: str, message: Outgoing) -> str:
        """Sends one message; see :meth:`connectors.channel.Channel.send`."""
        try:
            data = await self.api.send(self._body(message), conversation)
        except SendError as error:
            raise self._otherwise(error, message) from None
        if message.buttons:
            self._refusals = 0
        return str(data.get("message_id", ""))

    def _body(self, message: Outgoing) -> dict[str, Any]:
        body: dict[str, Any] = {"text": unicodedata.normalize("NFC", message.text)}
        if message.buttons:
            payload: dict[str, Any] = {
                "buttons": [
                    {"title": b.title, "type": "oa.query.show", "payload": b.data}
                    for b in message.buttons
                ]
            }
            if self._settings.zalo_buttons_template_type:
                payload["template_type"] = self._settings.zalo_buttons_template_type
            body["attachment"] = {"type": "template", "payload": payload}
        return body

    def _otherwise(self, error: SendError, message: Outgoing) -> SendError:
        """What to send instead of a message that was refused for what it is."""
        if error.code is None or error.code in TOKEN_ERRORS or error.code == RATE_ERROR:
            return error
        if message.buttons:
            self._refusals += 1
            if self._refusals >= _REFUSALS_IN_A_ROW:
                now = asyncio.get_running_loop().time()
                self._buttons_rest_until = now + _BUTTONS_REST_SECONDS
                self._refusals = 0
            parts = without_buttons(message, TEXT_LIMIT)
            return SendError(Trouble.REPLACE, "the buttons were refused", error.code, parts=parts)
        length = utf16_length(message.text)
        if error.code == TOO_LONG and length > 400:
            pieces = split(plain(message.text), length // 2)
            parts = [Outgoing(piece.text) for piece in pieces]
            return SendError(Trouble.REPLACE, "the text was too long", error.code, parts=parts)
        return error

    async def confirm(self, conversation: str, message: Outgoing, after: str) -> bool | None:
        """Looks for a message among the last ten of the conversation."""
        try:
            rows = await self.api.conversation(conversation)
        except SendError:
            return None
        ids = [str(row.get("message_id", row.get("msg_id", ""))) for row in rows]
        if after not in ids:
            return None
        newer = rows[: ids.index(after)]
        words = unicodedata.normalize("NFC", message.text).strip()
        return any(
            str(row.get("src")) == "0"
            and unicodedata.normalize("NFC", str(row.get("message", ""))).strip() == words
            for row in newer
        )

    async def typing(self, conversation: str) -> None:
        """An Official Account has no such sign."""

    def choice_data(self, choice: Choice, token: str) -> str:
        """The title: a tap comes back as words, which anyone may also type."""
        return unicodedata.normalize("NFC", choice.title)

    # --- running -------------------------------------------------------------------------

    async def start(self, accept: Accept) -> None:
        """Looks after the tokens in the background."""
        self._alerts.clear_alerts("zalo.")  # what is still so is raised anew
        self._keeper = asyncio.create_task(self.tokens.keep())

    async def stop(self) -> None:
        """Stops looking after the tokens and closes connections."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        await self.api.close()
        await self.oauth.close()
        await self.tokens.close()
